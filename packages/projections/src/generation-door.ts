// The way to the generation that is read: moves to another one at once, and closes the old one when its last read is done.
import { TenureError } from '@tenure/core';
import type { GenerationInfo, ModelShape, Reader, ReadModels } from '@tenure/read-models';

export type GenerationDoor = {
  readonly generation: () => number | null;
  /** Reads one generation from beginning to end. @throws UNAVAILABLE (retriable) before the first is open. */
  readonly read: <T>(work: (reader: Reader) => Promise<T>) => Promise<T>;
  /** Opens a generation and lets later reads go there; one call at a time. */
  readonly move: (generation: number) => Promise<GenerationInfo>;
  readonly close: () => Promise<void>;
};

type Open = { readonly reader: Reader; reading: number };

export const generationDoor = (readModels: ReadModels, shape: ModelShape): GenerationDoor => {
  let open: Open | null = null;
  const current = (): Open | null => open;
  const closeUnread = async (used: Open): Promise<void> => {
    if (used !== open && used.reading === 0) await used.reader.close();
  };
  const leave = async (): Promise<void> => {
    const left = open;
    open = null;
    if (left !== null) await closeUnread(left);
  };
  return {
    generation: () => open?.reader.info.generation ?? null,
    async read(work) {
      const used = current();
      if (used === null)
        throw new TenureError(
          'UNAVAILABLE',
          `${shape.model} is being built for the first time; try again in a moment.`,
          { model: shape.model },
          { retriable: true },
        );
      used.reading++;
      try {
        return await work(used.reader);
      } finally {
        used.reading--;
        await closeUnread(used);
      }
    },
    async move(generation) {
      const before = current();
      if (before?.reader.info.generation === generation) return before.reader.info;
      const reader = await readModels.openReader(shape, generation);
      open = { reader, reading: 0 };
      if (before !== null) await closeUnread(before);
      return reader.info;
    },
    close: leave,
  };
};

// What a power cut leaves of stores in memory, by the promises of the real ones: flushed lanes stay, read models lose
// whole commits from their end.
import type { MemoryLogData } from '@tenure/event-log/memory';
import type { Commit, Generation, ReadModels } from '@tenure/read-models';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import type { Random } from './random.ts';

/** Cuts every lane somewhere between what was flushed and its end. */
export const cutLog = (data: MemoryLogData, random: Random): void => {
  for (const [lane, records] of data.lanes) {
    const flushed = data.flushed.get(lane) ?? 0;
    records.length = flushed + random.below(records.length - flushed + 1);
  }
};

type Shape = Parameters<ReadModels['openWriter']>;
type History = { readonly shape: Shape; readonly list: Commit[] };
type Op = (models: ReadModels) => Promise<unknown>;

export type PowerlessReadModels = {
  /** The read models as they are now. */
  open(): ReadModels;
  /** Loses up to `most` last commits of each generation. The registry flushes every change and loses nothing. */
  cut(random: Random, most: number): Promise<void>;
};

/** Read models in memory that remember their commits, so that they can be made again without the last of them. */
export const powerlessReadModels = (): PowerlessReadModels => {
  const registry: Op[] = [];
  const commits = new Map<string, History>();
  let models = openMemoryReadModels();

  const recording = (shape: Shape, generation: Generation): Generation => {
    const name = `${shape[0].model}.g${shape[1]}`;
    const history = commits.get(name) ?? { shape, list: [] };
    commits.set(name, history);
    return {
      ...generation,
      async commit(commit) {
        await generation.commit(commit);
        history.list.push(commit);
      },
    };
  };
  const noted = async <T>(op: (models: ReadModels) => Promise<T>): Promise<T> => {
    const result = await op(models);
    registry.push(op);
    return result;
  };
  return {
    open: () => ({
      ...models,
      async create(shape, about) {
        const generation = await noted((on) => on.create(shape, about));
        return recording([shape, generation.info.generation], generation);
      },
      openWriter: async (shape, generation) =>
        recording([shape, generation], await models.openWriter(shape, generation)),
      activate: (...args) => noted((on) => on.activate(...args)),
      setState: (...args) => noted((on) => on.setState(...args)),
      drop: (...args) => noted((on) => on.drop(...args)),
    }),
    async cut(random, most) {
      models = openMemoryReadModels();
      for (const op of registry) await op(models);
      for (const { shape, list } of commits.values()) {
        list.length -= Math.min(list.length, random.below(most + 1));
        const writer = await models.openWriter(...shape).catch(() => undefined); // dropped: nothing is left to restore
        for (const commit of list) await writer?.commit(commit);
      }
    },
  };
};

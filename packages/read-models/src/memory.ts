// ReadModels in memory: for tests and simulation. What was committed outlives `close`, like a file does.
import { TenureError } from '@tenure/core';
import type { GenerationInfo, ReadModels } from './read-models.ts';
import { memoryReader } from './memory-reader.ts';
import { emptyStore, memoryWriter, type MemoryStore } from './memory-store.ts';

type Entry = { info: GenerationInfo; readonly store: MemoryStore };

/** Opens empty read models. They pass the same contract as every adapter; nothing survives the process. */
export const openMemoryReadModels = (): ReadModels => {
  const entries: Entry[] = []; // oldest first; dropped ones stay, so that no number is given twice
  const dropped = new Set<Entry>();
  const aliases = new Map<string, number>();
  const entry = (model: string, generation: number): Entry => {
    const found = entries.find(({ info }) => info.model === model && info.generation === generation);
    if (found !== undefined && !dropped.has(found)) return found;
    throw new TenureError('NOT_FOUND', `There is no generation ${generation} of ${model}.`);
  };
  const update = (model: string, generation: number, change: Partial<GenerationInfo>): void => {
    const found = entry(model, generation);
    found.info = { ...found.info, ...change };
  };
  return {
    generations: async () =>
      entries.filter((one) => one.info.state !== 'retired' && !dropped.has(one)).map(({ info }) => info),
    active: async (model) => aliases.get(model) ?? null,
    ...storesOf(entries, entry),
    async activate(model, from, to, now) {
      entry(model, to);
      if ((aliases.get(model) ?? null) !== from) return false;
      if (from !== null) update(model, from, { state: 'standby', changedAt: now });
      update(model, to, { state: 'active', changedAt: now });
      aliases.set(model, to);
      return true;
    },
    setState: async (model, generation, state, { now, ...about }) =>
      update(model, generation, { state, changedAt: now, ...about }),
    async drop(model, generation) {
      if (aliases.get(model) === generation)
        throw new TenureError('ILLEGAL_STATE', `Generation ${generation} of ${model} is active.`);
      const found = entries.find(({ info }) => info.model === model && info.generation === generation);
      if (found !== undefined) dropped.add(found);
    },
    close: async () => {},
  };
};

const storesOf = (
  entries: Entry[],
  entry: (model: string, generation: number) => Entry,
): Pick<ReadModels, 'create' | 'openWriter' | 'openReader'> => ({
  async create(shape, { now, ...about }) {
    const { model } = shape;
    const generation = entries.filter(({ info }) => info.model === model).length + 1;
    const times = { createdAt: now, changedAt: now };
    const info = {
      model,
      generation,
      state: 'building',
      ...about,
      ...times,
      verified: null,
      error: null,
    } as const;
    const store = emptyStore(shape);
    entries.push({ info, store });
    return memoryWriter(store, shape, info);
  },
  async openWriter(shape, generation) {
    const { store, info } = entry(shape.model, generation);
    if (JSON.stringify(store.columns) !== JSON.stringify(shape.columns))
      throw new TenureError(
        'ILLEGAL_STATE',
        `Generation ${generation} of ${shape.model} was made with other columns.`,
      );
    return memoryWriter(store, shape, info);
  },
  async openReader(shape, generation) {
    const { store, info } = entry(shape.model, generation);
    return memoryReader(store, shape, info);
  },
});

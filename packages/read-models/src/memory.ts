// ReadModels in memory: for tests and simulation. What was committed outlives `close`, like a file does.
import { TenureError } from '@tenure/core';
import type { GenerationInfo, GenerationState, ModelShape, ReadModels } from './read-models.ts';
import { memoryReader } from './memory-reader.ts';
import { emptyStore, memoryWriter, type MemoryStore } from './memory-store.ts';

type Entry = { info: GenerationInfo; readonly store: MemoryStore };

/** Opens empty read models. They pass the same contract as every adapter; nothing survives the process. */
export const openMemoryReadModels = (): ReadModels => {
  const models = new Map<string, Map<number, Entry>>();
  const aliases = new Map<string, number>();
  const numbers = new Map<string, number>(); // never given twice, also after a drop
  const order: Entry[] = [];

  const entry = (model: string, generation: number): Entry => {
    const found = models.get(model)?.get(generation);
    if (found === undefined)
      throw new TenureError('NOT_FOUND', `There is no generation ${generation} of ${model}.`);
    return found;
  };
  const move = (model: string, generation: number, state: GenerationState, now: number): void => {
    const found = entry(model, generation);
    found.info = { ...found.info, state, changedAt: now };
  };

  return {
    generations: async () =>
      order
        .filter(({ info }) => info.state !== 'retired' && models.get(info.model)?.has(info.generation))
        .map(({ info }) => info),
    async create(shape, { now, ...about }) {
      const generation = (numbers.get(shape.model) ?? 0) + 1;
      numbers.set(shape.model, generation);
      const created: Entry = {
        info: {
          model: shape.model,
          generation,
          state: 'building',
          ...about,
          createdAt: now,
          changedAt: now,
          verified: null,
          error: null,
        },
        store: emptyStore(shape),
      };
      models.set(shape.model, (models.get(shape.model) ?? new Map<number, Entry>()).set(generation, created));
      order.push(created);
      return memoryWriter(created.store, shape, created.info);
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
    async openReader(shape: ModelShape, generation) {
      const { store, info } = entry(shape.model, generation);
      return memoryReader(store, shape, info);
    },
    active: async (model) => aliases.get(model) ?? null,
    async activate(model, from, to, now) {
      entry(model, to);
      if ((aliases.get(model) ?? null) !== from) return false;
      if (from !== null && from !== to) move(model, from, 'standby', now);
      move(model, to, 'active', now);
      aliases.set(model, to);
      return true;
    },
    async setState(model, generation, state, { now, verified, error }) {
      move(model, generation, state, now);
      const found = entry(model, generation);
      found.info = {
        ...found.info,
        verified: verified === undefined ? found.info.verified : verified,
        error: error === undefined ? found.info.error : error,
      };
    },
    async drop(model, generation) {
      if (aliases.get(model) === generation)
        throw new TenureError('ILLEGAL_STATE', `Generation ${generation} of ${model} is active.`);
      models.get(model)?.delete(generation);
    },
    close: async () => {},
  };
};

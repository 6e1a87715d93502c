// What outlives the processes of a schedule.
import { memoryCheckpoints, memoryLogData, type MemoryLogData } from '@tenure/event-log/memory';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import type { RelayCheckpoints } from '@tenure/event-log/relay';
import { powerlessReadModels, type PowerlessReadModels } from '../power.ts';

/** Its events go into every lane. */
export const CLOCK = 'clock';

export type Durable = {
  readonly sources: readonly string[];
  readonly partitions: number;
  /** Positions of all stores in the order in which they were stored: `counter/7`. */
  readonly order: readonly string[];
  readonly store: (source: string) => EventStore;
  readonly lanes: MemoryLogData;
  readonly checkpoints: RelayCheckpoints;
  readonly readModels: PowerlessReadModels;
};

export const placeOf = (source: string, position: number): string => `${source}/${position}`;

const noting = (source: string, order: string[]): EventStore => {
  const store = memoryEventStore();
  return {
    ...store,
    async append(...args) {
      const appended = await store.append(...args);
      order.push(placeOf(source, appended.position));
      return appended;
    },
  };
};

export const emptyDeployment = (sources: readonly string[], partitions: number): Durable => {
  const order: string[] = [];
  const stores = new Map(sources.map((source) => [source, noting(source, order)]));
  return {
    sources,
    partitions,
    order,
    store(source) {
      const store = stores.get(source);
      if (store === undefined) throw new TypeError(`nobody here writes ${source}`);
      return store;
    },
    lanes: memoryLogData(partitions),
    checkpoints: memoryCheckpoints(),
    readModels: powerlessReadModels(),
  };
};

// What outlives the processes of a schedule.
import { memoryCheckpoints, memoryLogData, type MemoryLogData } from '@tenure/event-log/memory';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import type { RelayCheckpoints } from '@tenure/event-log/relay';
import { powerlessReadModels, type PowerlessReadModels } from '../power.ts';

export const PARTITIONS = 3;
export const SOURCES = ['counter', 'clock'] as const;
export type Source = (typeof SOURCES)[number];

export type Durable = {
  /** Positions of all stores in the order in which they were stored: `counter/7`. */
  readonly order: readonly string[];
  readonly stores: Readonly<Record<Source, EventStore>>;
  readonly lanes: MemoryLogData;
  readonly checkpoints: RelayCheckpoints;
  readonly readModels: PowerlessReadModels;
};

export const placeOf = (source: string, position: number): string => `${source}/${position}`;

const noting = (source: Source, order: string[]): EventStore => {
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

export const emptyDeployment = (): Durable => {
  const order: string[] = [];
  return {
    order,
    stores: { counter: noting('counter', order), clock: noting('clock', order) },
    lanes: memoryLogData(PARTITIONS),
    checkpoints: memoryCheckpoints(),
    readModels: powerlessReadModels(),
  };
};

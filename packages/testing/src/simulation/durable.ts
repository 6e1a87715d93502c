// What outlives the processes of a schedule.
import { memoryCheckpoints, memoryLogData, type MemoryLogData } from '@tenure/event-log/memory';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import type { RelayCheckpoints } from '@tenure/event-log/relay';
import { powerlessReadModels, type PowerlessReadModels } from '../power.ts';

export const PARTITIONS = 3;
export const SOURCES = ['counter', 'clock'] as const;
export type Source = (typeof SOURCES)[number];

export type Durable = {
  readonly stores: Readonly<Record<Source, EventStore>>;
  readonly lanes: MemoryLogData;
  readonly checkpoints: RelayCheckpoints;
  readonly readModels: PowerlessReadModels;
};

export const emptyDeployment = (): Durable => ({
  stores: { counter: memoryEventStore(), clock: memoryEventStore() },
  lanes: memoryLogData(PARTITIONS),
  checkpoints: memoryCheckpoints(),
  readModels: powerlessReadModels(),
});

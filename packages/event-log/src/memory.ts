// The log in memory, for unit tests and the simulation: deterministic, without timers of its own.
import { setImmediate } from 'node:timers/promises';
import { embeddedLog } from './embedded.ts';
import type { EventLog, Lane, LogRecord } from './event-log.ts';
import type { LaneStorage, Take } from './lane-storage.ts';
import { checkPartitions } from './lanes.ts';
import { murmur2 } from './partition.ts';
import type { Pause } from './pause.ts';

export { memoryCheckpoints } from './relay/memory-checkpoints.ts';

/** What outlives a log in memory: hand it to the next log to reopen it. */
export type MemoryLogData = {
  readonly partitions: number;
  readonly lanes: Map<string, LogRecord[]>;
  /** Records flushed per lane, and the position up to which each source is wholly flushed. */
  readonly flushed: Map<string, number>;
  readonly durable: Map<string, number>;
};

export const memoryLogData = (partitions: number): MemoryLogData => {
  checkPartitions(partitions);
  return { partitions, lanes: new Map(), flushed: new Map(), durable: new Map() };
};

/** A power cut: what was not flushed is gone. Open another log over the data afterwards. */
export const cutPower = (data: MemoryLogData): void => {
  for (const [lane, records] of data.lanes) records.length = data.flushed.get(lane) ?? 0;
};

// A retry must not starve the event loop and needs no clock: its next turn is soon enough in memory.
const nextTurn: Pause = async () => {
  await setImmediate();
};

/** A log over data in memory. `pause`: the back-off of its subscriptions (default: the next turn of the event loop). */
export const memoryEventLog = (data: MemoryLogData, pause: Pause = nextTurn): EventLog =>
  embeddedLog(memoryLanes(data), pause);

const memoryLanes = (data: MemoryLogData): LaneStorage => {
  const records = (lane: Lane): readonly LogRecord[] => data.lanes.get(nameOf(lane)) ?? [];
  return {
    partitions: data.partitions,
    recovered: data.durable,
    end: (lane) => records(lane).at(-1) ?? { seq: 0, position: 0 },
    append(lane, fresh) {
      const name = nameOf(lane);
      const kept = data.lanes.get(name) ?? [];
      data.lanes.set(name, kept);
      for (const record of fresh) kept.push(record);
    },
    take: (lane, fromSeq, wanted) => taken(records(lane), Math.max(0, fromSeq - 1), wanted),
    key: (lane, key, upTo) => records(lane).filter((record) => record.key === key && record.position <= upTo),
    async flush(positions) {
      for (const [name, lane] of data.lanes) data.flushed.set(name, lane.length);
      for (const [source, position] of positions) data.durable.set(source, position);
    },
    close: async () => {},
  };
};

const NO_BODY = new Uint8Array(0);
const nameOf = (lane: Lane): string => `${lane.source}/${lane.partition}`;

const taken = (lane: readonly LogRecord[], start: number, wanted: Take): readonly LogRecord[] => {
  const { keyHash } = wanted;
  const found: LogRecord[] = [];
  let room = wanted.bytes ?? Number.POSITIVE_INFINITY;
  for (let i = start; i < lane.length && found.length < wanted.records && room > 0; i++) {
    const record = lane[i];
    if (record === undefined) break;
    const hash = keyHash === undefined ? 0 : murmur2(record.key);
    if (keyHash !== undefined && (hash < keyHash.from || hash >= keyHash.to)) continue;
    found.push(wanted.keys === true ? { ...record, body: NO_BODY } : record);
    room -= record.body.length;
  }
  return found;
};

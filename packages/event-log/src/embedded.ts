// An EventLog within one process, over whatever keeps the lanes: memory or segment files.
import { TenureError } from '@tenure/core';
import { admitted, type LaneEnd } from './admission.ts';
import { bellsBySource } from './bell.ts';
import type { EventLog, Lane, Subscription } from './event-log.ts';
import type { LaneStorage } from './lane-storage.ts';
import { checkLane, checkSource, lanesOf } from './lanes.ts';
import { partitionOf } from './partition.ts';
import type { Pause } from './pause.ts';
import { startSubscription } from './subscription.ts';
import { watermarks, type Watermarks } from './watermarks.ts';

/** The log over a storage. */
export const embeddedLog = (storage: LaneStorage, pause: Pause): EventLog => {
  const arrived = bellsBySource();
  const marks = watermarks();
  const subscriptions = new Set<Subscription>();
  const state = { closed: false };
  const open = (): void => {
    if (state.closed) throw new TenureError('LOG_CLOSED', 'The log is closed.');
  };
  const endOf = (lane: Lane): LaneEnd => {
    open();
    checkLane(lane, storage.partitions);
    return storage.end(lane);
  };
  return {
    partitions: storage.partitions,
    ...reading(storage, endOf),
    ...following(storage, marks, open),
    async publish(lane, records) {
      const fresh = admitted(lane, endOf(lane), records);
      if (fresh.length === 0) return;
      storage.append(lane, fresh);
      arrived.ring(lane.source);
    },
    async subscribe(_group, topics, from, handler) {
      const lanes = lanesOf(topics, storage.partitions);
      lanes.forEach(endOf); // refuses what is no lane
      const starts = await Promise.all(lanes.map(async (lane) => ({ lane, seq: await from(lane) })));
      open();
      const { bell, leave } = arrived.of(topics);
      const subscription = startSubscription({ storage, arrived: bell, pause }, starts, handler);
      subscriptions.add(subscription);
      const gone = (): void => {
        subscriptions.delete(subscription);
        leave();
      };
      void subscription.ended.then(gone, gone); // why it ended is told by `ended`
      return subscription;
    },
    async close() {
      if (state.closed) return;
      state.closed = true;
      marks.close();
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await storage.close();
    },
  };
};

const reading = (
  storage: LaneStorage,
  endOf: (lane: Lane) => LaneEnd,
): Pick<EventLog, 'read' | 'readKey' | 'head' | 'headPosition'> => ({
  async read(lane, fromSeq, limit, only = {}) {
    return fromSeq > endOf(lane).seq ? [] : storage.take(lane, fromSeq, { records: limit, ...only });
  },
  async readKey(source, key, upTo = Number.MAX_SAFE_INTEGER) {
    const lane = { source, partition: partitionOf(key, storage.partitions) };
    return endOf(lane).seq === 0 ? [] : storage.key(lane, key, upTo);
  },
  head: async (lane) => endOf(lane).seq,
  headPosition: async (lane) => endOf(lane).position,
});

/** What is known of whole sources: announced, flushed. */
const following = (
  storage: LaneStorage,
  marks: Watermarks,
  open: () => void,
): Pick<EventLog, 'durable' | 'flush' | 'watermark' | 'announce'> => {
  const durable = new Map(storage.recovered);
  const announce = (source: string, position: number): void => {
    const heads = lanesOf([source], storage.partitions).map((lane) => storage.end(lane).seq);
    marks.announce(source, position, heads);
  };
  for (const [source, position] of storage.recovered) announce(source, position);
  return {
    durable: async (source) => durable.get(source) ?? 0,
    async flush() {
      open();
      const positions = marks.positions(); // as they are now: what comes during the flush is not covered by it
      await storage.flush(positions);
      for (const [source, position] of positions) durable.set(source, position);
    },
    watermark: (source) => marks.follow(source),
    async announce(source, position) {
      open();
      checkSource(source);
      announce(source, position);
    },
  };
};

import { TenureError } from '@tenure/core';
import { afterEach, describe, expect, it } from 'vitest';
import { manualWaits } from '../src/contract/log-under-test.ts';
import type { EventLog, Lane } from '../src/event-log.ts';
import { memoryCheckpoints, memoryEventLog, memoryLogData } from '../src/memory.ts';
import { partitionOf } from '../src/partition.ts';
import { startRelay, type Relay, type RelayOptions } from '../src/relay/index.ts';
import { arrayStore, type ArrayStore } from './array-store.ts';
import { expectAllOnce, reached, SOURCE } from './invariants.ts';

const PARTITIONS = 4;
const never: RelayOptions['pause'] = (_ms, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const relays: Relay[] = [];
const start = async (
  options: Partial<RelayOptions> & Pick<RelayOptions, 'store' | 'log'>,
): Promise<Relay> => {
  const relay = await startRelay({
    source: SOURCE,
    checkpoints: memoryCheckpoints(),
    pause: never,
    ...options,
  });
  relays.push(relay);
  return relay;
};
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop();
});

const lastOf = (store: ArrayStore): number => store.events.at(-1)?.position ?? 0;
const unavailable = new TenureError('UNAVAILABLE', 'The disk sleeps.', {}, { retriable: true });

/** A log whose publishes to some lanes wait for the gate. */
const gated = (log: EventLog, closed: (lane: Lane) => boolean, gate: Promise<void>): EventLog => ({
  ...log,
  async publish(lane, records) {
    if (closed(lane)) await gate;
    await log.publish(lane, records);
  },
});

describe('a relay', () => {
  it('brings what is in the store, then what comes', async () => {
    const [store, log] = [arrayStore(100), memoryEventLog(memoryLogData(PARTITIONS))];
    const relay = await start({ store, log });
    await reached(log, lastOf(store));
    store.add(50);
    await reached(log, lastOf(store));
    expect(relay.stats().published).toEqual({ position: lastOf(store), events: 150 });
    await expectAllOnce(log, store.events);
  });
  it('goes on after its checkpoint and counts events, not positions', async () => {
    const [store, log, checkpoints] = [
      arrayStore(100),
      memoryEventLog(memoryLogData(PARTITIONS)),
      memoryCheckpoints(),
    ];
    const first = await start({ store, log, checkpoints });
    await reached(log, lastOf(store));
    await first.stop();
    expect(first.stats()).toMatchObject({ state: 'stopped', saved: lastOf(store) });
    store.add(7);
    let followedAfter = -1;
    const spied = {
      ...store,
      follow(after: number, signal: AbortSignal) {
        followedAfter = after;
        return store.follow(after, signal);
      },
    };
    const second = await start({ store: spied, log, checkpoints });
    expect(await second.backlog()).toBe(7);
    await reached(log, lastOf(store));
    expect(followedAfter).toBe(first.stats().saved);
    expect(await second.backlog()).toBe(0);
    expect(second.stats().published).toEqual({ position: lastOf(store), events: 107 });
    await expectAllOnce(log, store.events);
  });
  it('saves no checkpoint that the log does not call durable', async () => {
    const [store, checkpoints] = [arrayStore(10), memoryCheckpoints()];
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    const relay = await start({ store, log: { ...log, durable: async () => 5 }, checkpoints });
    await reached(log, lastOf(store));
    await relay.stop();
    expect(relay.stats()).toMatchObject({ state: 'stopped', saved: 0 });
    expect((await checkpoints.acquire(SOURCE)).checkpoint).toBeNull();
  });
  it('saves from time to time, not for every event', async () => {
    const [store, log] = [arrayStore(10), memoryEventLog(memoryLogData(PARTITIONS))];
    const waits = manualWaits();
    const relay = await start({ store, log, pause: waits.pause, checkpointEveryMs: 1000 });
    await reached(log, lastOf(store));
    await waits.begun(1);
    store.add(10);
    await reached(log, lastOf(store));
    expect([waits.asked, relay.stats().saved]).toEqual([[1000], 0]);
    waits.end();
    while (relay.stats().saved === 0) await new Promise((resolve) => setImmediate(resolve));
    expect([waits.asked, relay.stats().saved]).toEqual([[1000], lastOf(store)]);
  });
  it('starts with an empty store and announces nothing', async () => {
    const [store, log] = [arrayStore(0), memoryEventLog(memoryLogData(PARTITIONS))];
    const relay = await start({ store, log });
    expect(relay.stats()).toMatchObject({
      state: 'running',
      published: { position: 0, events: 0 },
      trouble: null,
    });
    expect(await relay.backlog()).toBe(0);
  });
  it('copies every event to every lane when it broadcasts, also after a restart', async () => {
    const [store, log, checkpoints] = [
      arrayStore(30),
      memoryEventLog(memoryLogData(PARTITIONS)),
      memoryCheckpoints(),
    ];
    for (let round = 0; round < 2; round++) {
      const relay = await start({
        store,
        log,
        checkpoints: round === 0 ? memoryCheckpoints() : checkpoints,
        broadcast: true,
      });
      await reached(log, lastOf(store));
      await relay.stop();
      store.add(5);
    }
    const last = await start({ store, log, checkpoints, broadcast: true });
    await reached(log, lastOf(store));
    await last.stop();
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const records = await log.read({ source: SOURCE, partition }, 1, 1000);
      expect(records.map(({ position }) => position)).toEqual(store.events.map(({ position }) => position));
      expect(records.map(({ seq }) => seq)).toEqual(store.events.map((_, i) => i + 1));
    }
    const { key = '' } = store.events[0] ?? {};
    expect(await log.readKey(SOURCE, key)).toHaveLength(
      store.events.filter((event) => event.key === key).length,
    );
  });
});

describe('the low watermark', () => {
  it('waits for the slowest lane; the others go on', async () => {
    const store = arrayStore(60);
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    const gate = Promise.withResolvers<void>();
    const slow = partitionOf(store.events[4]?.key ?? '', PARTITIONS);
    const relay = await start({
      store,
      log: gated(log, ({ partition }) => partition === slow, gate.promise),
    });
    const others = store.events.filter(({ key }) => partitionOf(key, PARTITIONS) !== slow).length;
    const inOthers = async (): Promise<number> => {
      const heads = await Promise.all(
        [0, 1, 2, 3].map((partition) => log.head({ source: SOURCE, partition })),
      );
      return heads.reduce((sum, head, partition) => (partition === slow ? sum : sum + head), 0);
    };
    while ((await inOthers()) < others) await new Promise((resolve) => setImmediate(resolve));
    const firstOfSlow = store.events.find(({ key }) => partitionOf(key, PARTITIONS) === slow)?.position ?? 0;
    expect(relay.stats().published.position).toBeLessThan(firstOfSlow);
    expect(relay.stats().read.position).toBe(lastOf(store));
    gate.resolve();
    await reached(log, lastOf(store));
    await expectAllOnce(log, store.events);
  });
  it('bounds what is in flight while the log hangs', async () => {
    const store = arrayStore(100_000, { batch: 1000 });
    const gate = Promise.withResolvers<void>();
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    const relay = await start({ store, log: gated(log, () => true, gate.promise) });
    let before = -1;
    while (relay.stats().read.events !== before) {
      before = relay.stats().read.events;
      for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(relay.stats().inFlight.records).toBeGreaterThan(10_000);
    expect(relay.stats().inFlight.records).toBeLessThanOrEqual(21_000);
    gate.resolve();
    await reached(log, lastOf(store));
    expect(relay.stats().inFlight).toEqual({ records: 0, bytes: 0 });
  });
});

describe('a relay in trouble', () => {
  it('tries a failing log again with back-off, tells it, and loses nothing', async () => {
    const store = arrayStore(30);
    const log = memoryEventLog(memoryLogData(1));
    const waits = manualWaits();
    let failures = 3;
    const failing: EventLog = {
      ...log,
      async publish(lane, records) {
        if (failures-- > 0) throw unavailable;
        await log.publish(lane, records);
      },
    };
    const relay = await start({ store, log: failing, pause: waits.pause });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await waits.begun(attempt);
      expect(relay.stats().trouble).toEqual({
        code: 'UNAVAILABLE',
        detail: 'The disk sleeps.',
        attempts: attempt,
      });
      waits.end();
    }
    await reached(log, lastOf(store));
    expect(waits.asked.slice(0, 3)).toEqual([100, 200, 400]);
    expect(relay.stats().trouble).toBeNull();
    await expectAllOnce(log, store.events);
  });
  it('follows the store again from where it was when the store fails', async () => {
    const store = arrayStore(10);
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    const waits = manualWaits();
    const relay = await start({ store, log, pause: waits.pause, checkpointEveryMs: 7 });
    await reached(log, lastOf(store));
    store.fail(unavailable);
    while (relay.stats().trouble === null) await new Promise((resolve) => setImmediate(resolve));
    expect(relay.stats().trouble).toMatchObject({ code: 'UNAVAILABLE' });
    store.add(5);
    waits.end();
    await reached(log, lastOf(store));
    expect(relay.stats().trouble).toBeNull();
    await expectAllOnce(log, store.events);
  });
  it('ends when no retry can mend it, and says so', async () => {
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    const broken = new TenureError('LOG_BROKEN', 'A flush failed.');
    const relay = await start({
      store: arrayStore(3),
      log: { ...log, publish: () => Promise.reject(broken) },
    });
    await expect(relay.ended).rejects.toMatchObject({ code: 'LOG_BROKEN' });
    expect(relay.stats()).toMatchObject({ state: 'failed', trouble: { code: 'LOG_BROKEN' } });
  });
  it('stops although the log hangs: after 1.5 s it gives up', async () => {
    const waits = manualWaits();
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    const hanging = gated(log, () => true, new Promise(() => {}));
    const relay = await start({ store: arrayStore(30), log: hanging, pause: waits.pause });
    while (relay.stats().inFlight.records === 0) await new Promise((resolve) => setImmediate(resolve));
    const stopping = relay.stop();
    await waits.begun(1);
    expect(waits.asked).toEqual([1500]);
    waits.end();
    await stopping;
    await expect(relay.ended).resolves.toBeUndefined();
  });
  it('refuses a log that is ahead of the store', async () => {
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    const first = await start({ store: arrayStore(30), log });
    await reached(log, 60);
    await first.stop();
    await expect(start({ store: arrayStore(10), log })).rejects.toMatchObject({ code: 'LOG_AHEAD' });
  });
  it('reads everything again when a lane has lost what was flushed', async () => {
    const data = memoryLogData(PARTITIONS);
    const checkpoints = memoryCheckpoints();
    const store = arrayStore(50);
    const log = memoryEventLog(data);
    const first = await start({ store, log, checkpoints });
    await reached(log, lastOf(store));
    await first.stop();
    const lost = data.lanes.get(`${SOURCE}/2`) ?? [];
    expect(lost.length).toBeGreaterThan(3);
    lost.length = 2;
    data.durable.clear();
    const reopened = memoryEventLog(data);
    await start({ store, log: reopened, checkpoints });
    await reached(reopened, lastOf(store));
    await expectAllOnce(reopened, store.events);
  });
});

describe('two relays of one source', () => {
  it('the older stops when the newer starts', async () => {
    const [store, log, checkpoints] = [
      arrayStore(30),
      memoryEventLog(memoryLogData(PARTITIONS)),
      memoryCheckpoints(),
    ];
    const older = await start({ store, log, checkpoints });
    await reached(log, lastOf(store));
    await start({ store, log, checkpoints });
    store.add(30);
    await expect(older.ended).rejects.toMatchObject({ code: 'RELAY_FENCED' });
    expect(older.stats()).toMatchObject({ state: 'failed', trouble: { code: 'RELAY_FENCED' } });
    await reached(log, lastOf(store));
    await expectAllOnce(log, store.events);
  });
  it('do no harm even when nothing fences them', async () => {
    const store = arrayStore(40);
    const log = memoryEventLog(memoryLogData(PARTITIONS));
    let turn = 0;
    const staggered: EventLog = {
      ...log,
      async publish(lane, records) {
        for (let wait = (turn++ * 7) % 5; wait > 0; wait--)
          await new Promise((resolve) => setImmediate(resolve));
        await log.publish(lane, records);
      },
    };
    const both = [await start({ store, log: staggered })];
    await reached(log, store.events[20]?.position ?? 0);
    both.push(await start({ store, log: staggered }));
    for (let i = 0; i < 20; i++) {
      store.add(5);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const done = (relay: Relay): boolean => relay.stats().published.position === lastOf(store);
    while (!both.every(done)) await new Promise((resolve) => setImmediate(resolve));
    expect(both.map((relay) => relay.stats().state)).toEqual(['running', 'running']);
    await expectAllOnce(log, store.events);
  });
});

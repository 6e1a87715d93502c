import { describe, expect, it } from 'vitest';
import { manualWaits } from '../src/contract/log-under-test.ts';
import type { EventLog } from '../src/event-log.ts';
import { memoryCheckpoints, memoryEventLog, memoryLogData } from '../src/memory.ts';
import { partitionOf } from '../src/partition.ts';
import type { Relay } from '../src/relay/index.ts';
import { arrayStore } from './array-store.ts';
import { expectAllOnce, reached, SOURCE } from './invariants.ts';
import { gated, lastOf, PARTITIONS, start } from './relays.ts';

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

import { TenureError } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import { manualWaits } from '../src/contract/log-under-test.ts';
import type { EventLog } from '../src/event-log.ts';
import { memoryCheckpoints, memoryEventLog, memoryLogData } from '../src/memory.ts';
import { arrayStore } from './array-store.ts';
import { expectAllOnce, reached, SOURCE } from './invariants.ts';
import { gated, lastOf, PARTITIONS, start } from './relays.ts';

const unavailable = new TenureError('UNAVAILABLE', 'The disk sleeps.', {}, { retriable: true });

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

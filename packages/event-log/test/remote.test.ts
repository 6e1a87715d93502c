import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyIn, LANE, plain, recordOf, recordsOf } from '../src/contract/log-under-test.ts';
import type { EventLog } from '../src/event-log.ts';
import { memoryEventLog, memoryLogData } from '../src/memory.ts';
import { remoteEventLog, serveEventLog } from '../src/remote.ts';

let channel = new MessageChannel();
let log: EventLog = memoryEventLog(memoryLogData(4));
beforeEach(() => {
  channel = new MessageChannel();
  log = memoryEventLog(memoryLogData(4));
  serveEventLog(channel.port1, log);
});
afterEach(() => channel.port1.close());

describe('a log in another thread', () => {
  it('is read as if it were here', async () => {
    const remote = remoteEventLog(channel.port2, 4);
    const key = keyIn(LANE);
    await log.publish(LANE, [...recordsOf(1, 30), recordOf(31, key)]);
    await log.announce('order', 93);
    await log.flush();
    expect(remote.partitions).toBe(4);
    expect(plain(await remote.read(LANE, 5, 10))).toEqual(plain(recordsOf(5, 14)));
    expect(plain(await remote.readKey('order', key))).toEqual(plain([recordOf(31, key)]));
    expect(await remote.readKey('order', key, 92)).toEqual([]);
    expect([await remote.head(LANE), await remote.headPosition(LANE), await remote.durable('order')]).toEqual(
      [31, 93, 93],
    );
  });
  it('sends bodies, not the buffers that they are views of', async () => {
    const remote = remoteEventLog(channel.port2, 4);
    const large = new Uint8Array(8 * 1024 * 1024).fill(7);
    await log.publish(
      LANE,
      recordsOf(1, 3).map((record, i) => ({ ...record, body: large.subarray(i * 10, i * 10 + 10) })),
    );
    const records = await remote.read(LANE, 1, 10);
    expect(records.map(({ body }) => [...body])).toEqual(
      Array.from({ length: 3 }, () => Array<number>(10).fill(7)),
    );
    expect(records[0]?.body.buffer.byteLength).toBe(30);
  });
  it('refuses with the same codes', async () => {
    const remote = remoteEventLog(channel.port2, 4);
    await expect(remote.head({ source: 'order', partition: 9 })).rejects.toMatchObject({
      code: 'UNKNOWN_LANE',
    });
  });
});

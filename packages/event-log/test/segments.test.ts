import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  collecting,
  fromStart,
  keyIn,
  LANE,
  OTHER,
  plain,
  recordOf,
  recordsOf,
  seqsOf,
} from '../src/contract/log-under-test.ts';
import type { EventLog } from '../src/event-log.ts';
import {
  openSegments,
  segmentCheckpoints,
  type SegmentLog,
  type SegmentWriterOptions,
} from '../src/segments/index.ts';
import { tempFolder } from './adapters.ts';

let folder = tempFolder();
const logs: EventLog[] = [];
beforeEach(() => {
  folder = tempFolder();
});
afterEach(async () => {
  await Promise.allSettled(logs.splice(0).map((log) => log.close())); // some are fenced or broken on purpose
  folder.remove();
});

const open = async (options: Partial<SegmentWriterOptions> = {}): Promise<SegmentLog> => {
  const log = await openSegments({
    dir: folder.dir,
    partitions: 4,
    segmentBytes: 2048,
    ...options,
    readOnly: false,
  });
  logs.push(log);
  return log;
};
const openReader = async (): Promise<SegmentLog> => {
  const log = await openSegments({ dir: folder.dir, readOnly: true });
  logs.push(log);
  return log;
};
const files = (ending: string): readonly string[] =>
  readdirSync(join(folder.dir, 'order', '1'))
    .filter((name) => name.endsWith(ending))
    .toSorted();

describe('the folder of a segment log', () => {
  it('refuses another partition count and another format, and says which', async () => {
    await open();
    await expect(open({ partitions: 8 })).rejects.toMatchObject({
      code: 'BAD_CONFIGURATION',
      data: { found: 4, configured: 8 },
    });
    writeFileSync(join(folder.dir, 'log.json'), '{"format":2,"partitions":4}');
    await expect(open()).rejects.toMatchObject({ code: 'BAD_CONFIGURATION', data: { format: 2 } });
    writeFileSync(join(folder.dir, 'log.json'), 'not json');
    await expect(openReader()).rejects.toMatchObject({ code: 'BAD_CONFIGURATION' });
  });
  it('is not made by a reader', async () => {
    await expect(openSegments({ dir: join(folder.dir, 'none'), readOnly: true })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
  it('fences the older writer when another process opens it', async () => {
    const older = await open();
    await older.publish(LANE, recordsOf(1, 3));
    const newer = await open();
    await expect(older.publish(LANE, recordsOf(4, 5))).rejects.toMatchObject({ code: 'LOG_FENCED' });
    await newer.publish(LANE, recordsOf(4, 6));
    expect(seqsOf(await newer.read(LANE, 1, 10))).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('holds one file per stretch of seqs, sealed with an index once it is full and flushed', async () => {
    const log = await open();
    for (let seq = 1; seq <= 100; seq += 5) await log.publish(LANE, recordsOf(seq, seq + 4));
    expect(files('.idx')).toEqual([]);
    await log.flush();
    expect(files('.seg').length).toBeGreaterThan(3);
    expect(files('.idx')).toEqual(
      files('.seg')
        .slice(0, -1)
        .map((name) => name.replace('seg', 'idx')),
    );
    expect(files('.seg')[0]).toBe('0000000000000001.seg');
    const sizes = files('.seg').map((name) => statSync(join(folder.dir, 'order', '1', name)).size);
    for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThanOrEqual(2048);
  });
  it('spends 8 bytes per event on an index', async () => {
    const log = await open({ segmentBytes: 200_000 });
    for (let seq = 1; seq <= 6000; seq += 500) await log.publish(LANE, recordsOf(seq, seq + 499));
    await log.flush();
    const [index = '', ...others] = files('.idx');
    const events = Number((others[0] ?? '').slice(0, 16)) - 1;
    const bytes = statSync(join(folder.dir, 'order', '1', index)).size;
    expect(bytes / events).toBeLessThan(8.1);
  });
  it('does not accept files of another lane', async () => {
    const log = await open({ segmentBytes: 1024 * 1024 });
    await log.publish(LANE, recordsOf(1, 3));
    await log.publish(OTHER, recordsOf(1, 9));
    await log.close();
    const [there = '', here = ''] = ['2', '1'].map((partition) =>
      join(folder.dir, 'order', partition, '0000000000000001.seg'),
    );
    renameSync(there, here);
    const again = await open();
    expect(await again.head(LANE)).toBe(0);
  });
  it('keeps its files when one is damaged before a sealed one, whatever else is lost', async () => {
    const log = await open();
    for (let seq = 1; seq <= 100; seq += 5) await log.publish(LANE, recordsOf(seq, seq + 4));
    await log.close();
    const before = files('.seg');
    const [first = ''] = before;
    const path = join(folder.dir, 'order', '1', first);
    rmSync(path.replace('.seg', '.idx'));
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
    writeFileSync(path, bytes);
    await expect(open()).rejects.toMatchObject({
      code: 'CORRUPT',
      data: { ...LANE, file: `order/1/${first}` },
    });
    expect(files('.seg')).toEqual(before);
  });
  it('names a lane whose flushed files are gone by not vouching for it', async () => {
    const log = await open();
    await log.publish(LANE, recordsOf(1, 3));
    await log.close();
    const checkpoints = segmentCheckpoints(folder.dir);
    const { epoch } = await checkpoints.acquire('order');
    await checkpoints.save('order', epoch, { position: 9, events: 3, heads: [0, 3, 0, 0] });
    const whole = await open();
    expect(await whole.durable('order')).toBe(9);
    await whole.close();
    rmSync(join(folder.dir, 'order', '1'), { recursive: true });
    const lost = await open();
    expect(await lost.durable('order')).toBe(0);
  });
});

describe('records just published', () => {
  it('reach a subscriber in the same tick', async () => {
    const log = await open();
    const got = collecting();
    await log.subscribe('g', ['order'], fromStart, got.handler);
    let turns = 0;
    const counted = setImmediate(() => turns++);
    void log.publish(LANE, recordsOf(1, 5));
    await got.records(5);
    expect(turns).toBe(0);
    clearImmediate(counted);
  });
  it('are read from the files when a subscriber was slow, however many they are', async () => {
    const log = await open({ segmentBytes: 256 * 1024 });
    const gate = Promise.withResolvers<void>();
    const slow = collecting((call) => (call === 0 ? gate.promise : undefined));
    await log.subscribe('slow', ['order'], fromStart, slow.handler);
    const before = process.memoryUsage().arrayBuffers;
    for (let seq = 1; seq <= 4000; seq++) await log.publish(LANE, [recordOf(seq, 'customer-1', 20_000)]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * 1024 * 1024); // of 80 MB
    gate.resolve();
    await slow.records(4000);
    expect(slow.seqs(LANE)).toEqual(seqsOf(recordsOf(1, 4000)));
  });
});

describe('a reader in another thread', () => {
  it('sees what was written when it was opened, and the rest after a refresh, across sealed segments', async () => {
    const writer = await open();
    await writer.publish(LANE, recordsOf(1, 20));
    const reader = await openReader();
    expect(reader.partitions).toBe(4);
    expect(await reader.head(LANE)).toBe(20);
    let next = 21;
    for (const [count, flush] of [
      [5, false],
      [200, false],
      [3, true],
      [150, true],
      [1, false],
    ] as const) {
      await writer.publish(LANE, recordsOf(next, next + count - 1));
      next += count;
      if (flush) await writer.flush();
      expect(await reader.head(LANE)).toBeLessThan(next - 1);
      await reader.refresh();
      expect(plain(await reader.read(LANE, 1, 1000))).toEqual(plain(recordsOf(1, next - 1)));
    }
    const key = keyIn(LANE);
    await writer.publish(LANE, [recordOf(next, key)]);
    await reader.refresh();
    expect(plain(await reader.readKey('order', key))).toEqual(plain([recordOf(next, key)]));
  });
  it('cannot write', async () => {
    await open();
    const reader = await openReader();
    await expect(reader.publish(LANE, recordsOf(1, 1))).rejects.toMatchObject({ code: 'LOG_READ_ONLY' });
  });
});

describe('limits of a record', () => {
  it('refuses one that is too large, and everything published with it', async () => {
    const log = await open();
    const large = recordOf(2, 'customer-1', 5 * 1024 * 1024);
    await expect(log.publish(LANE, [recordOf(1), large])).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
      data: { seq: 2 },
    });
    expect(await log.head(LANE)).toBe(0);
    await log.publish(LANE, recordsOf(1, 2));
    expect(await log.head(LANE)).toBe(2);
  });
  it('keeps many lanes and segments readable with few open files', async () => {
    const log = await open({ partitions: 4, segmentBytes: 1024 });
    for (let seq = 1; seq <= 2000; seq += 10) await log.publish(LANE, recordsOf(seq, seq + 9));
    await log.flush();
    expect(files('.seg').length).toBeGreaterThan(100);
    for (let from = 1; from <= 2000; from += 13)
      expect(seqsOf(await log.read(LANE, from, 1))).toEqual([from]);
    const here = readdirSync('/proc/self/fd').length;
    expect(here).toBeLessThan(64 + 60);
  });
});

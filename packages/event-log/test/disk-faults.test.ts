// A disk that is full, or that refuses a flush.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LANE, plain, recordsOf, seqsOf } from '../src/contract/log-under-test.ts';
import { openSegments, segmentCheckpoints, type SegmentLog } from '../src/segments/index.ts';
import { tempFolder } from './adapters.ts';

type Callback = (error: Error | null) => void;
const disk = vi.hoisted(() => ({ full: false, refusesFlush: false }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const fault = (code: string): Error => Object.assign(new Error(code), { code });
  return {
    ...fs,
    writeSync(fd: number, bytes: Uint8Array, offset?: number, length?: number, position?: number) {
      if (!disk.full) return fs.writeSync(fd, bytes, offset, length, position);
      fs.writeSync(fd, bytes, 0, bytes.length >> 1, position); // half of it still fits
      throw fault('ENOSPC');
    },
    fdatasync(fd: number, done: Callback) {
      if (disk.refusesFlush) done(fault('EIO'));
      else fs.fdatasync(fd, done);
    },
  };
});

let folder = tempFolder();
let log: SegmentLog;
const broken: unknown[] = [];
beforeEach(async () => {
  folder = tempFolder();
  broken.length = 0;
  log = await openSegments({ dir: folder.dir, partitions: 4, onBroken: (error) => broken.push(error) });
});
afterEach(async () => {
  disk.full = false;
  disk.refusesFlush = false;
  await Promise.allSettled([log.close()]); // a broken log says so once more
  folder.remove();
});

describe('a full disk', () => {
  it('is told as such; half a write is taken back, and it goes on by itself', async () => {
    await log.publish(LANE, recordsOf(1, 5));
    disk.full = true;
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(log.publish(LANE, recordsOf(6, 9))).rejects.toMatchObject({
        code: 'DISK_FULL',
        retriable: true,
      });
    expect(seqsOf(await log.read(LANE, 1, 10))).toEqual([1, 2, 3, 4, 5]);
    disk.full = false;
    await log.publish(LANE, recordsOf(6, 9));
    await log.close();
    log = await openSegments({ dir: folder.dir, partitions: 4 });
    expect(plain(await log.read(LANE, 1, 100))).toEqual(plain(recordsOf(1, 9)));
  });
});

describe('a checkpoint', () => {
  const SOME = { position: 9, events: 3, heads: [3, 0, 0, 0] };

  it('can be tried again after the disk was full, and the one before is still there', async () => {
    const checkpoints = segmentCheckpoints(folder.dir);
    const { epoch } = await checkpoints.acquire('order');
    await checkpoints.save('order', epoch, SOME);
    disk.full = true;
    const next = { ...SOME, position: 12 };
    const failed = { code: 'CHECKPOINT_FAILED', retriable: true };
    await expect(checkpoints.save('order', epoch, next)).rejects.toMatchObject(failed);
    disk.full = false;
    expect((await segmentCheckpoints(folder.dir).acquire('order')).checkpoint).toEqual(SOME);
  });
  it('cannot, after a flush was refused', async () => {
    const checkpoints = segmentCheckpoints(folder.dir);
    const { epoch } = await checkpoints.acquire('order');
    disk.refusesFlush = true;
    const failed = { code: 'CHECKPOINT_FAILED', retriable: false };
    await expect(checkpoints.save('order', epoch, SOME)).rejects.toMatchObject(failed);
  });
});

describe('a disk that refuses a flush', () => {
  it('breaks the log for good: no later flush may hide what was lost', async () => {
    await log.publish(LANE, recordsOf(1, 5));
    await log.announce('order', 15);
    disk.refusesFlush = true;
    await expect(log.flush()).rejects.toMatchObject({ code: 'LOG_BROKEN', retriable: false });
    disk.refusesFlush = false;
    await expect(log.flush()).rejects.toMatchObject({ code: 'LOG_BROKEN' });
    await expect(log.publish(LANE, recordsOf(6, 7))).rejects.toMatchObject({ code: 'LOG_BROKEN' });
    expect(await log.durable('order')).toBe(0);
    expect(broken).toHaveLength(1);
  });
  it('is noticed by the flush behind the publishes too', async () => {
    disk.refusesFlush = true;
    await log.publish(LANE, recordsOf(1, 5));
    await vi.waitFor(() => expect(broken).toMatchObject([{ code: 'LOG_BROKEN' }]));
  });
});

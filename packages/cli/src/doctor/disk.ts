// The disk: room, and whether a flush reaches it.
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { nearestFolder } from './data.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Below this the stores refuse to write soon. */
const LEAST_FREE_BYTES = 1 << 30;
/** No disk writes a block in less: NVMe with a protected cache needs about 20 µs. A faster answer was never written. */
const HONEST_FLUSH_MS = 0.015;
/** A flush for every group of commands: slower ones are felt at every answer. */
const SLOW_FLUSH_MS = 30;
const FLUSHES = 20;

export const checkDisk = (data: string): readonly Finding[] => {
  const folder = nearestFolder(data);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const gigabytes = `${(free / 1e9).toFixed(1)} GB free`;
  return [
    free > LEAST_FREE_BYTES
      ? ok('disk', gigabytes)
      : failed('disk', gigabytes, 'Make room: at least 1 GB, better 3 times the size of the data directory.'),
    flushFinding(folder),
  ];
};

const flushFinding = (folder: string): Finding => {
  let median: number;
  try {
    median = medianFlush(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return failed(
      'flush',
      `could not be tried (${code})`,
      `Make ${folder} writable for who runs the server.`,
    );
  }
  return judged(median);
};

/** `median`: ms of one flush. */
export const judged = (median: number): Finding => {
  const found = `${median.toFixed(3)} ms`;
  if (median < HONEST_FLUSH_MS)
    return warning(
      'flush',
      `${found}: the disk says it has written before it has`,
      'A power cut may lose what was answered. Use a disk that honours fsync; tmpfs and some containers do not.',
    );
  return median > SLOW_FLUSH_MS
    ? warning('flush', `${found}: slow`, 'Put the data directory on a local SSD.')
    : ok('flush', found);
};

const medianFlush = (folder: string): number => {
  const own = mkdtempSync(join(folder, '.tenure-doctor-'));
  const fd = openSync(join(own, 'flush'), 'w');
  try {
    const times = Array.from({ length: FLUSHES }, () => {
      writeSync(fd, Buffer.alloc(4096));
      const started = performance.now();
      fsyncSync(fd);
      return performance.now() - started;
    });
    return times.toSorted((a, b) => a - b)[FLUSHES >> 1] ?? 0;
  } finally {
    closeSync(fd);
    rmSync(own, { recursive: true, force: true });
  }
};

// The files that are being appended to. They stay open until they are sealed, because a flush must go through the file
// that was written: errors of earlier writes are reported there.
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { TenureError } from '@tenure/core';
import { fencedWriter } from './deployment.ts';
import type { Segment } from './segment.ts';

export type AppendFiles = {
  of(segment: Segment): number;
  /** Appends after the known end. @throws DISK_FULL, LOG_WRITE_FAILED (both retriable: half a write is taken back), LOG_FENCED */
  append(segment: Segment, bytes: Uint8Array): void;
  release(segment: Segment): void;
  close(): void;
};

export const appendFiles = (): AppendFiles => {
  const open = new Map<string, number>(); // one per lane that is written, and those that wait to be sealed
  const unclean = new Set<string>(); // with half a write at their end
  const of = (segment: Segment): number => {
    const known = open.get(segment.path);
    if (known !== undefined) return known;
    const fd = openSync(segment.path, 'a', 0o600);
    open.set(segment.path, fd);
    return fd;
  };
  return {
    of,
    append(segment, bytes) {
      const fd = of(segment);
      if (unclean.has(segment.path)) {
        ftruncateSync(fd, segment.size);
        unclean.delete(segment.path);
      }
      // Appends of another process would shift ours: nobody else may have touched the file.
      if (fstatSync(fd).size !== segment.size) throw fencedWriter();
      try {
        for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      } catch (error) {
        unclean.add(segment.path);
        throw writeFailed(error);
      }
    },
    release(segment) {
      const fd = open.get(segment.path);
      if (fd === undefined) return;
      open.delete(segment.path);
      closeSync(fd);
    },
    close() {
      for (const fd of open.values()) closeSync(fd);
      open.clear();
    },
  };
};

const writeFailed = (cause: unknown): TenureError => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new TenureError(
    full ? 'DISK_FULL' : 'LOG_WRITE_FAILED',
    full
      ? 'The disk of the log is full: free some space, then it goes on by itself.'
      : `The log cannot be written (${code}): see its disk. It is tried again.`,
    {},
    { retriable: true, cause },
  );
};

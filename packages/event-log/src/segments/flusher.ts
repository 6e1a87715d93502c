// Makes durable what was appended, and seals the segments that are full.
import { fdatasync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { TenureError } from '@tenure/core';
import type { AppendFiles } from './append-files.ts';
import { flushFolder } from './deployment.ts';
import type { LaneFiles } from './lane-files.ts';
import type { SegmentReader } from './reader.ts';
import type { Segment } from './segment.ts';

const fdatasyncFile = promisify(fdatasync);

// The log is flushed behind the event store, which answers to commands: it leaves the disk and the thread pool to it.
const FLUSHES_AT_ONCE = 2;

export type Flusher = {
  dirty(files: LaneFiles): void;
  /** A lane got a file: its folder, and those above, are new or changed. */
  began(files: LaneFiles): void;
  /** Flushes everything that was dirty when called. @throws LOG_BROKEN, now and ever after, when the disk refuses. */
  flush(): Promise<void>;
  /** @throws LOG_BROKEN after a flush failed. */
  check(): void;
};

export const flusher = (
  files: AppendFiles,
  reader: SegmentReader,
  onBroken: (error: TenureError) => void,
): Flusher => {
  let dirty = new Set<LaneFiles>();
  let folders = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  let broken: TenureError | null = null;

  const check = (): void => {
    if (broken !== null) throw broken;
  };
  const flushDirty = async (): Promise<void> => {
    check();
    const lanes = [...dirty];
    const changed = [...folders];
    dirty = new Set();
    folders = new Set();
    const open = lanes.flatMap(({ segments }) => segments.filter((segment) => segment.tail !== null));
    const full = lanes.flatMap(({ segments }) =>
      segments.slice(0, -1).filter((segment) => segment.tail !== null),
    );
    await inTurns(open, (segment) => fdatasyncFile(files.of(segment)));
    changed.forEach(flushFolder);
    for (const segment of full) {
      reader.seal(segment);
      files.release(segment);
    }
  };
  const flush = async (): Promise<void> => {
    try {
      await flushDirty();
    } catch (error) {
      if (broken === null) onBroken((broken = flushFailed(error)));
      throw broken; // a second flush would succeed and hide that pages were dropped
    }
  };
  return {
    dirty: (lane) => void dirty.add(lane),
    began({ folder: lane }) {
      const source = dirname(lane);
      for (const folder of [lane, source, dirname(source)]) folders.add(folder);
    },
    flush() {
      last = last.then(flush, flush);
      return last;
    },
    check,
  };
};

/** Runs `work` on every segment, a few at once, each lane's in order. */
const inTurns = async (
  segments: readonly Segment[],
  work: (segment: Segment) => Promise<void>,
): Promise<void> => {
  const next = segments.values();
  const turn = async (): Promise<void> => {
    for (const segment of next) await work(segment);
  };
  await Promise.all(Array.from({ length: FLUSHES_AT_ONCE }, turn));
};

const flushFailed = (error: unknown): TenureError =>
  new TenureError(
    'LOG_BROKEN',
    'The disk refused a flush of the log: what it holds is unknown now. End the process; the relay sends the rest again after the start.',
    {},
    { cause: error },
  );

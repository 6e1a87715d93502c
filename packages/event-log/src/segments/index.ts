// The embedded EventLog: segment files, `<source>/<partition>/<first seq>.seg` (the bytes: format.ts).
import { TenureError } from '@tenure/core';
import { embeddedLog } from '../embedded.ts';
import type { EventLog } from '../event-log.ts';
import type { LaneStorage } from '../lane-storage.ts';
import { timerPause, type Pause } from '../pause.ts';
import { claimWriting, ensureDeployment, readDeployment } from './deployment.ts';
import { MAX_SEGMENT_BYTES, MIN_SEGMENT_BYTES, SEGMENT_BYTES } from './format.ts';
import { endOfLane } from './lane-files.ts';
import { lanesIn, type Lanes } from './lanes.ts';
import { readKeyRecords, readStretch } from './read.ts';
import { segmentReader, type SegmentReader } from './reader.ts';
import { writableLanes } from './writable.ts';

export { segmentCheckpoints } from './checkpoints.ts';

const FLUSH_EVERY_MS = 100; // the event store is the truth: a shorter tail to send again is not worth more flushes

export type SegmentWriterOptions = {
  readonly dir: string;
  /** P of the deployment; must be that of the log that is there. */
  readonly partitions: number;
  readonly readOnly?: false;
  /** When a segment is sealed. Default 8 MB. */
  readonly segmentBytes?: number;
  /** Least time between flushes. Default 100 ms. */
  readonly flushEveryMs?: number;
  readonly flushTimer?: Pause;
  /** The back-off of subscriptions. */
  readonly pause?: Pause;
  /** Told once when the disk refuses a flush: the process must end (RELIABILITY: retrying it hides the loss). */
  readonly onBroken?: (error: unknown) => void;
};

/** For another thread than the writer's: sees what was written when it was opened or last refreshed. */
export type SegmentReaderOptions = { readonly dir: string; readonly readOnly: true };

export type SegmentLog = EventLog & {
  /** Takes in what the writer has written since. Nothing to do for the writer itself. */
  refresh(): Promise<void>;
};

/**
 * Opens a log in a folder; for writing it is made when there is none, and an older writer is fenced.
 * @throws BAD_CONFIGURATION (other partition count or format), NOT_FOUND (no log to read), CORRUPT with data
 *         {source, partition, file} when flushed records do not pass their checksum.
 */
export const openSegments = async (
  options: SegmentWriterOptions | SegmentReaderOptions,
): Promise<SegmentLog> => (options.readOnly === true ? openToRead(options.dir) : openToWrite(options));

const openToRead = (dir: string): SegmentLog => {
  const partitions = readDeployment(dir);
  if (partitions === null)
    throw new TenureError('NOT_FOUND', 'There is no log in this folder.', { folder: dir });
  const reader = segmentReader(true);
  const lanes = lanesIn(dir, partitions, reader);
  lanes.discover(false);
  const storage: LaneStorage = {
    ...reading(partitions, lanes, reader),
    append: () => {
      throw new TenureError('LOG_READ_ONLY', 'This log was opened for reading only.');
    },
    flush: async () => {},
    close: async () => reader.close(),
  };
  return { ...embeddedLog(storage, timerPause), refresh: async () => lanes.discover(false) };
};

const reading = (
  partitions: number,
  lanes: Lanes,
  reader: SegmentReader,
): Pick<LaneStorage, 'partitions' | 'recovered' | 'end' | 'take' | 'key'> => ({
  partitions,
  recovered: lanes.recovered(),
  end: (lane) => endOfLane(lanes.get(lane).files),
  take(lane, fromSeq, wanted) {
    const { files, recent } = lanes.get(lane);
    return recent.take(fromSeq, wanted) ?? readStretch(reader, files.segments, fromSeq, wanted);
  },
  key: (lane, key, upTo) => readKeyRecords(reader, lanes.get(lane).files.segments, key, upTo),
});

const openToWrite = (options: SegmentWriterOptions): SegmentLog => {
  const { dir, partitions, segmentBytes = SEGMENT_BYTES, pause = timerPause } = options;
  if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES)
    throw new TenureError(
      'BAD_CONFIGURATION',
      `Segments take ${MIN_SEGMENT_BYTES} to ${MAX_SEGMENT_BYTES} bytes.`,
    );
  ensureDeployment(dir, partitions);
  const claim = claimWriting(dir);
  const reader = segmentReader(false);
  const lanes = lanesIn(dir, partitions, reader);
  lanes.discover(true);
  reader.close(); // files that were cut or removed must not be read through old handles
  const writable = writableLanes({
    lanes,
    reader,
    claim,
    segmentBytes,
    onBroken: options.onBroken ?? (() => {}),
  });
  const timer = delayedFlush(options.flushTimer ?? timerPause, options.flushEveryMs ?? FLUSH_EVERY_MS, () =>
    log.flush(),
  );
  const log = embeddedLog(
    {
      ...reading(partitions, lanes, reader),
      append(lane, records) {
        writable.append(lane, records);
        timer.start();
      },
      flush: () => writable.flush(),
      async close() {
        timer.stop();
        await writable.close();
      },
    },
    pause,
  );
  return { ...log, refresh: async () => {} };
};

/** Flushes once, some time after it was started. */
const delayedFlush = (
  pause: Pause,
  ms: number,
  flush: () => Promise<void>,
): { start(): void; stop(): void } => {
  const stopped = new AbortController();
  let waiting = false;
  const wait = async (): Promise<void> => {
    await pause(ms, stopped.signal);
    waiting = false;
    if (!stopped.signal.aborted) await flush();
  };
  return {
    start() {
      if (waiting) return;
      waiting = true;
      wait().catch(() => {}); // `onBroken` was told, and every later call says LOG_BROKEN
    },
    stop: () => stopped.abort(),
  };
};

// The writing half of the segments: append, flush, seal.
import type { Lane, LogRecord } from '../event-log.ts';
import { appendFiles } from './append-files.ts';
import type { WriterClaim } from './deployment.ts';
import { flusher } from './flusher.ts';
import type { Lanes } from './lanes.ts';
import type { SegmentReader } from './reader.ts';
import { laneWriter } from './writer.ts';

export type WritableLanes = {
  append(lane: Lane, records: readonly LogRecord[]): void;
  flush(): Promise<void>;
  /** Flushes and closes every file, also when the flush fails. */
  close(): Promise<void>;
};

export const writableLanes = (options: {
  readonly lanes: Lanes;
  readonly reader: SegmentReader;
  readonly claim: WriterClaim;
  readonly segmentBytes: number;
  readonly onBroken: (error: unknown) => void;
}): WritableLanes => {
  const { lanes, reader, claim } = options;
  const files = appendFiles();
  const flushes = flusher(files, reader, options.onBroken);
  const writer = laneWriter(claim, files, flushes, options.segmentBytes);
  // What was found on the disk may not have been flushed before the last end: the first flush covers it.
  for (const found of lanes.all()) if (found.files.segments.length > 0) flushes.dirty(found.files);
  return {
    append(lane, records) {
      flushes.check();
      const entry = lanes.get(lane);
      writer.append(entry.files, records);
      entry.recent.add(records);
    },
    flush() {
      for (const { recent } of lanes.all()) recent.clear();
      return flushes.flush();
    },
    async close() {
      try {
        await flushes.flush();
      } finally {
        for (const closable of [files, reader, claim]) closable.close();
      }
    },
  };
};

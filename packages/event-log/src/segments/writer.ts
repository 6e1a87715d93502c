// Appends to the lanes. A record is in its file (though not flushed) when `append` returns.
import { mkdirSync } from 'node:fs';
import type { LogRecord } from '../event-log.ts';
import type { AppendFiles } from './append-files.ts';
import type { WriterClaim } from './deployment.ts';
import { checkSizes, encoder, type Encoded } from './encode.ts';
import type { Flusher } from './flusher.ts';
import { endOfLane, newSegment, type LaneFiles } from './lane-files.ts';
import { extend, type Segment } from './segment.ts';
import { mark, reserve } from './tail.ts';

export type LaneWriter = { append(files: LaneFiles, records: readonly LogRecord[]): void };

export const laneWriter = (
  claim: WriterClaim,
  open: AppendFiles,
  flushes: Flusher,
  segmentBytes: number,
): LaneWriter => {
  const encoding = encoder();
  const openSegment = (files: LaneFiles): Segment => {
    const last = files.segments.at(-1);
    if (last !== undefined && last.tail !== null && last.size < segmentBytes) return last;
    const segment = newSegment(files, endOfLane(files).seq + 1);
    mkdirSync(files.folder, { recursive: true });
    open.of(segment);
    flushes.began(files);
    return segment;
  };
  return {
    append(files, records) {
      checkSizes(records);
      claim.check();
      for (let i = 0; i < records.length;) {
        const segment = openSegment(files);
        const encoded = encoding.encode(records, i, files.seed);
        open.append(segment, encoded.bytes);
        takeIn(segment, encoded, records[i], records[i + encoded.records - 1]);
        if (files.segments.at(-1) !== segment) files.segments.push(segment);
        i += encoded.records;
      }
      flushes.dirty(files);
    },
  };
};

/** Takes what was written into the description and the index of its segment. */
const takeIn = (
  segment: Segment,
  encoded: Encoded,
  first: LogRecord | undefined,
  last: LogRecord | undefined,
): void => {
  const { tail, records, size } = segment;
  if (tail === null || first === undefined || last === undefined) return;
  reserve(tail, records, encoded.records);
  for (let i = 0; i < encoded.records; i++) {
    tail.hashes[records + i] = encoded.hashes[i] ?? 0;
    tail.offsets[records + i] = size + (encoded.offsets[i] ?? 0);
  }
  for (const { offset, firstSeq } of encoded.blocks) mark(tail, firstSeq - segment.firstSeq, size + offset);
  extend(segment, {
    bytes: encoded.bytes.length,
    records: encoded.records,
    lastSeq: last.seq,
    firstPosition: first.position,
    lastPosition: last.position,
  });
};

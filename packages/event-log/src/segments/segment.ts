// One segment file of a lane, as it is known in memory.
import type { Lane } from '../event-log.ts';
import type { Tail } from './tail.ts';

/** Where to begin reading: blocks by their first record (from 0) and offset, about one per 64 kB of the file. */
export type Marks = { readonly records: ArrayLike<number>; readonly offsets: ArrayLike<number> };

export type Segment = {
  readonly lane: Lane;
  /** Where its checksums start from. */
  readonly seed: number;
  /** Relative to the log's folder; `path` is where it lies. */
  readonly file: string;
  readonly path: string;
  readonly firstSeq: number;
  /** Bytes of the whole blocks known; the rest describes what is in them. */
  size: number;
  records: number;
  lastSeq: number;
  firstPosition: number;
  lastPosition: number;
  /** Null when sealed: its index is a file. */
  tail: Tail | null;
};

/** Takes what a block brings into the description of its segment. */
export const extend = (
  segment: Segment,
  added: { bytes: number; records: number; lastSeq: number; firstPosition: number; lastPosition: number },
): void => {
  if (segment.records === 0) segment.firstPosition = added.firstPosition;
  segment.size += added.bytes;
  segment.records += added.records;
  segment.lastSeq = added.lastSeq;
  segment.lastPosition = added.lastPosition;
};

/** The offset of the last mark at or before the `record`-th record of the segment (from 0). */
export const startOf = (marks: Marks, record: number): number => {
  let low = 0;
  let high = marks.records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks.records[middle] ?? 0) <= record) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (marks.offsets[low - 1] ?? 0);
};

// What may enter a lane, the same rule for every adapter.
import { TenureError } from '@tenure/core';
import type { Lane, LogRecord } from './event-log.ts';

/** The end of a lane: its newest record's seq and position; 0: empty. */
export type LaneEnd = { readonly seq: number; readonly position: number };

/**
 * The records of a publish that are new: those at or below the head are dropped, the rest must follow it without a hole
 * and with growing positions.
 * @throws LOG_GAP, LOG_DISORDER; then nothing of the call may be kept.
 */
export const admitted = (lane: Lane, end: LaneEnd, records: readonly LogRecord[]): readonly LogRecord[] => {
  let first = 0;
  for (; first < records.length && (records[first]?.seq ?? 0) <= end.seq; first++);
  let { seq, position } = end;
  for (let i = first; i < records.length; i++) {
    const record = records[i];
    if (record === undefined) break;
    if (record.seq !== seq + 1) throw gap(lane, seq + 1, record.seq);
    if (!(record.position > position)) throw disorder(lane, record, position);
    ({ seq, position } = record);
  }
  return first === 0 ? records : records.slice(first);
};

const gap = (lane: Lane, expected: number, actual: number): TenureError =>
  new TenureError(
    'LOG_GAP',
    'The records do not follow the head of the lane: a hole would hide events. Stamp them again from the head.',
    { ...lane, expected, actual },
  );

const disorder = (lane: Lane, record: LogRecord, head: number): TenureError =>
  new TenureError(
    'LOG_DISORDER',
    'A record with a new seq has a position that the lane has already passed: the log belongs to another store.',
    { ...lane, seq: record.seq, position: record.position, headPosition: head },
  );

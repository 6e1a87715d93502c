// Parking (PROJECTIONS §4): an event that cannot be folded stops its customer, and nobody else.
import { isTenureError } from '@tenure/core';
import type { ParkedRow } from '@tenure/read-models';
import type { FoldFailure } from './fold-key.ts';

/** Messages stand in lists and logs; a thrown text of any length must not fill them. */
const MAX_MESSAGE = 300;

// More than this within the window is a bug in the code, not a poison event: the projection pauses.
const STORM_WINDOW_MS = 10 * 60_000;
const STORM_ROWS = 1_000;
const STORM_SHARE = 0.01;
// With few customers one of them is more than a hundredth.
const STORM_AT_LEAST = 20;

/** Stable name of what went wrong: the code of our own errors, else the class. */
export const classOf = (error: unknown): string => {
  if (isTenureError(error)) return error.code;
  return error instanceof Error ? error.name : 'UNKNOWN';
};

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);

/** The row of a customer whose fold failed. `before`: its row until now (a retry that failed again). */
export const parkedRow = (
  customer: { readonly key: string; readonly partition: number },
  failure: FoldFailure,
  about: { readonly codeHash: string; readonly now: number; readonly before?: ParkedRow | undefined },
): ParkedRow => {
  const { before } = about;
  return {
    key: customer.key,
    partition: customer.partition,
    class: classOf(failure.error),
    message: messageOf(failure.error),
    source: failure.source,
    codeHash: about.codeHash,
    firstPosition: failure.position,
    lastPosition: failure.lastPosition,
    // Which events of other sources came later is known only where they arrived: a row of the same failure keeps its count.
    events: isSame(before, failure) ? Math.max(before.events, failure.waiting) : failure.waiting,
    attempts: (before?.attempts ?? 0) + 1,
    since: before?.since ?? about.now,
    skipped: null,
  };
};

const isSame = (row: ParkedRow | undefined, { source, position }: FoldFailure): row is ParkedRow =>
  row?.source === source && row.firstPosition === position;

/** The row with further events that wait for the customer. Positions are counted for the source that failed. */
export const withWaiting = (row: ParkedRow, source: string, position: number): ParkedRow => ({
  ...row,
  events: row.events + 1,
  lastPosition: source === row.source ? Math.max(row.lastPosition, position) : row.lastPosition,
});

/** True while the customer stands still; a skipped one flows, its row is only evidence. */
export const standsStill = (row: ParkedRow | undefined): row is ParkedRow =>
  row !== undefined && row.skipped === null;

/** True when so many customers were parked lately that the code must be wrong. */
export const isStorm = (rows: Iterable<ParkedRow>, documents: number, now: number): boolean => {
  let recent = 0;
  for (const row of rows) if (row.skipped === null && row.since > now - STORM_WINDOW_MS) recent++;
  return recent > Math.min(STORM_ROWS, Math.max(STORM_AT_LEAST, documents * STORM_SHARE));
};

// When a fact became true, and what may be claimed about it (HTTP §2, DEFAULTS §12).
import { ruleViolated, TenureError } from '@tenure/core';

const MINUTE = 60_000;
/** Clocks of honest senders differ by less. */
export const MAX_AHEAD_MS = 5 * MINUTE;
/** What a person may enter late; older facts come from systems. */
export const MAX_BACK_MS = 24 * 60 * MINUTE;
/** Nothing live is older than this system could be; history may reach to the epoch. */
const EARLIEST_LIVE = Date.UTC(2000, 0, 1);
const EARLIEST_BACKFILL = 0;

export type OccurredAtRules = {
  /** Now by the deployment's clock; not finite: nobody has said yet where it stands. */
  readonly now: number;
  readonly mayBeOld: boolean;
  readonly backfill: boolean;
};

/** The instant of a command (ms). @throws CLOCK_NOT_SET, OCCURRED_AT_IN_FUTURE, OCCURRED_AT_TOO_OLD, LIMIT_EXCEEDED */
export const occurredAtOf = (given: number | null, rules: OccurredAtRules): number => {
  const { now } = rules;
  const clockIsSet = Number.isFinite(now);
  if (given === null) {
    if (!clockIsSet)
      throw new TenureError(
        'CLOCK_NOT_SET',
        'The clock of this server does not stand anywhere yet. Send occurredAt, or set the clock.',
      );
    return now;
  }
  if (clockIsSet && given > now + MAX_AHEAD_MS)
    throw ruleViolated('OCCURRED_AT_IN_FUTURE', 'occurredAt is more than five minutes ahead.');
  const earliest = rules.backfill ? EARLIEST_BACKFILL : EARLIEST_LIVE;
  if (given < earliest)
    throw ruleViolated('LIMIT_EXCEEDED', 'occurredAt is too far back.', {
      name: 'occurredAt',
      limit: new Date(earliest).toISOString().slice(0, 10),
    });
  if (clockIsSet && !rules.mayBeOld && given < now - MAX_BACK_MS)
    throw ruleViolated(
      'OCCURRED_AT_TOO_OLD',
      'occurredAt is more than 24 hours back. Only imports and services may say so.',
    );
  return given;
};

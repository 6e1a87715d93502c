// Whom the retention desk takes on: one case at a time, nobody who is gone, nobody who was a false alarm just now.
import { dateAt, daysBetween, type CalendarDate } from '@tenure/core';

/** What is known of a customer when a case is to be opened. */
export type Candidate = {
  readonly registered: boolean;
  readonly internal: boolean;
  /** By the definition of churn. */
  readonly lost: boolean;
  readonly ownerId: string | null;
  /** Cases he has had. */
  readonly cases: number;
  readonly hasOpenCase: boolean;
  /** Business date of the newest false alarm. */
  readonly falseAlarmOn: CalendarDate | null;
};

type Refusal = readonly [code: string, detail: string];

/** Why no case is opened for him; null: it may be. */
export const refusalToOpen = (
  { registered, internal, lost, hasOpenCase, falseAlarmOn }: Candidate,
  today: CalendarDate,
  falseAlarmDays: number,
): Refusal | null => {
  if (!registered) return ['NOT_REGISTERED', 'Only a registered customer can be kept.'];
  if (internal) return ['CUSTOMER_INTERNAL', 'The customer belongs to the house.'];
  if (lost) return ['CUSTOMER_LOST', 'The customer is gone already; win them back instead.'];
  if (hasOpenCase)
    return ['RETENTION_CASE_OPEN', 'The customer has an open retention case; work on that one.'];
  if (falseAlarmOn !== null && daysBetween(falseAlarmOn, today) < falseAlarmDays)
    return ['FALSE_ALARM_RECENT', `The last case was a false alarm less than ${falseAlarmDays} days ago.`];
  return null;
};

/** Business date in a zone; null stays null. */
export const dateOrNull = (at: number | null, zone: string): CalendarDate | null =>
  at === null ? null : dateAt(at, zone);

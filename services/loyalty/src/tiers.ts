// Tiers go by the points of a calendar year: the better of last year and of this year so far.
import { dateAt, dayNumber, MS_PER_DAY } from '@tenure/core';
import type { Tier } from '@tenure/events/generated/loyalty';
import type { Ladder } from './program.ts';

/** Points earned less points taken back, by a time (ms) that lies in the same business year as they. */
export type Earned = Readonly<Record<string, number>>;

/** No zone differs from UTC by anything but whole quarters of an hour. */
const QUARTER = 900_000;

/**
 * The time that stands for a moment. State knows no zone, and only around New Year does it matter: there each quarter of
 * an hour stands for itself, everywhere else the middle of the month.
 */
const bucketOf = (occurredAt: number): number => {
  const date = dateAt(occurredAt, 'UTC');
  return date.endsWith('-12-31') || date.endsWith('-01-01')
    ? Math.floor(occurredAt / QUARTER) * QUARTER
    : dayNumber(`${date.slice(0, 7)}-15`) * MS_PER_DAY;
};

export const withEarned = (earned: Earned, occurredAt: number, points: number): Earned => {
  const bucket = String(bucketOf(occurredAt));
  return { ...earned, [bucket]: (earned[bucket] ?? 0) + points };
};

/** The business year of an instant. */
export const yearAt = (instant: number, zone: string): number => Number(dateAt(instant, zone).slice(0, 4));

/** The value of a business year. */
export const valueOf = (earned: Earned, year: number, zone: string): number => {
  let value = 0;
  for (const [bucket, points] of Object.entries(earned))
    if (yearAt(Number(bucket), zone) === year) value += points;
  return value;
};

/** The tier that a value reaches: the lowest one for anything below. */
const tierFor = ({ tiers }: Ladder, value: number): number =>
  Math.max(
    0,
    tiers.findLastIndex(({ threshold }) => threshold <= value),
  );

/** What two years come to: a place on the ladder, and the value and year that decide. */
export type Standing = { readonly rank: number; readonly value: number; readonly year: number };

/** The higher of last year and this year so far. */
export const standingOf = (ladder: Ladder, earned: Earned, year: number, zone: string): Standing => {
  const [last, current] = [year - 1, year].map((one) => {
    const value = valueOf(earned, one, zone);
    return { rank: tierFor(ladder, value), value, year: one };
  }) as [Standing, Standing];
  return last.value > current.value ? last : current;
};

/** The place of a tier on a ladder; a tier that the ladder does not know any more is that of its threshold. */
export const rankOf = (ladder: Ladder, tier: Pick<Tier, 'tierId' | 'threshold'>): number => {
  const at = ladder.tiers.findIndex(({ tierId }) => tierId === tier.tierId);
  return at >= 0 ? at : tierFor(ladder, tier.threshold);
};

/** Years with a value are few; a year without one lies after them. */
const MAX_YEARS = 200;

/** The first year, from one on, at whose end a tier is not held any more by what is known today. */
export const reviewYear = (earned: Earned, threshold: number, from: number, zone: string): number => {
  const holds = (year: number): boolean => valueOf(earned, year, zone) >= threshold;
  let year = from;
  while (year < from + MAX_YEARS && (holds(year) || holds(year + 1))) year++;
  return year;
};

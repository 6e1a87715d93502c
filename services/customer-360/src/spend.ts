// Spend in windows of days, from the day buckets: value (fulfilled less refunded) in one currency, minor units.
import { addDays, amountIn } from '@tenure/core';
import type { DayBucket } from './order-days.ts';

/** Value of the business dates in (after, until]; `until` null: with whatever the open day has brought. */
export const spendBetween = (
  days: readonly DayBucket[],
  currency: string,
  after: string,
  until: string | null,
): number => {
  let sum = 0;
  for (const { on, value } of days)
    if (on > after && (until === null || on <= until)) sum += amountIn(value, currency);
  return sum;
};

/** S0 and S1: the newest window of n days, and the one before it. */
export type Spend = { readonly s0: number; readonly s1: number };

/** The windows that end with `date`; `openDay`: what is later than it counts to the newest. */
export const spendWindows = (
  days: readonly DayBucket[],
  currency: string,
  date: string,
  { window, openDay }: { readonly window: number; readonly openDay: boolean },
): Spend => {
  const middle = addDays(date, -window);
  return {
    s0: spendBetween(days, currency, middle, openDay ? null : date),
    s1: spendBetween(days, currency, addDays(date, -2 * window), middle),
  };
};

/** Fulfilled orders on dates after `after`, the open day included. */
export const fulfilledSince = (days: readonly DayBucket[], after: string): number => {
  let count = 0;
  for (const { on, fulfilled } of days) if (on > after) count += fulfilled;
  return count;
};

/** Exact comparison value ≤ ratio · base; `ratio` a decimal with at most four places. */
export const atMost = (value: number, ratio: string, base: number): boolean => {
  const [whole = '0', fraction = ''] = ratio.split('.');
  return BigInt(value) * 10_000n <= BigInt(`${whole}${fraction.padEnd(4, '0')}`) * BigInt(base);
};

// Spend in windows of days, from the day buckets: value (fulfilled less refunded) in one currency, minor units.
import { addDays } from '@tenure/core';
import type { DayBucket } from './order-days.ts';

const valueIn = (bucket: DayBucket, currency: string): number =>
  bucket.value.find((money) => money.currency === currency)?.minor ?? 0;

/** Value of the business dates in (after, until]; `until` null: with whatever the open day has brought. */
export const spendBetween = (
  days: readonly DayBucket[],
  currency: string,
  after: string,
  until: string | null,
): number =>
  days.reduce(
    (sum, day) =>
      day.on > after && (until === null || day.on <= until) ? sum + valueIn(day, currency) : sum,
    0,
  );

/** S0 and S1: the newest window of n days that ends with `date`, and the one before it. */
export const spendWindows = (
  days: readonly DayBucket[],
  currency: string,
  date: string,
  window: number,
  openDay: boolean,
): { readonly s0: number; readonly s1: number } => ({
  s0: spendBetween(days, currency, addDays(date, -window), openDay ? null : date),
  s1: spendBetween(days, currency, addDays(date, -2 * window), addDays(date, -window)),
});

/** Fulfilled orders on dates after `after`, the open day included. */
export const fulfilledSince = (days: readonly DayBucket[], after: string): number =>
  days.reduce((sum, day) => (day.on > after ? sum + day.fulfilled : sum), 0);

/** Exact comparison value ≤ ratio · base; `ratio` a decimal with at most four places. */
export const atMost = (value: number, ratio: string, base: number): boolean => {
  const [whole = '0', fraction = ''] = ratio.split('.');
  return BigInt(value) * 10_000n <= BigInt(`${whole}${fraction.padEnd(4, '0')}`) * BigInt(base);
};

// What a customer did on which business date: buckets of the last 400 days, and the rhythm of all order days.
// Dates are YYYY-MM-DD and compare as text. An order day is a date with an order that still stands.
import { addAmount, addDays, daysBetween, type Money } from '@tenure/core';

/** One business date. `orders`: placed and standing; `fulfilled`: fulfilled orders; `value`: fulfilled less refunded, per currency. */
export type DayBucket = {
  readonly on: string;
  readonly orders: number;
  readonly fulfilled: number;
  readonly value: readonly Money[];
};

/** Order days that have left the buckets, and the gaps between them in days: enough for mean and variance. */
export type EarlierDays = {
  readonly orderDays: number;
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  readonly gaps: number;
  readonly gapSum: number;
  readonly gapSquares: number;
};

/** `days` by date; every date of `earlier` lies before all of them. */
export type OrderDays = { readonly days: readonly DayBucket[]; readonly earlier: EarlierDays };

/** Windows look back 365 days at most; 400 keep every one of them exact, facts that come a month late included. */
export const BUCKET_DAYS = 400;

export const noOrderDays: OrderDays = {
  days: [],
  earlier: { firstOn: null, gapSquares: 0, gapSum: 0, gaps: 0, lastOn: null, orderDays: 0 },
};

type Change = { readonly orders?: number; readonly fulfilled?: number; readonly value?: Money };

/**
 * Adds to the bucket of a date (negative numbers take away), then lets go what is more than 400 days older than the
 * newest. What has gone stays as it was: an order cancelled after that still counts as an order day.
 */
export const onDay = (state: OrderDays, on: string, change: Change): OrderDays => {
  const { days, earlier } = state;
  const newest = days.at(-1)?.on ?? on;
  const oldest = days[0]?.on ?? on;
  if (on < oldest && on < addDays(newest, -BUCKET_DAYS))
    return (change.orders ?? 0) > 0 ? { days, earlier: withLateDay(earlier, on) } : state;
  const at = bucketIndex(days, on);
  const found = days[at]?.on === on ? days[at] : undefined;
  const bucket = changed(found ?? { fulfilled: 0, on, orders: 0, value: [] }, change);
  if (found !== undefined) return { days: days.with(at, bucket), earlier };
  const added = at === days.length ? [...days, bucket] : days.toSpliced(at, 0, bucket);
  return on > newest ? withoutOld(added, earlier, addDays(on, -BUCKET_DAYS)) : { days: added, earlier };
};

const changed = ({ fulfilled, on, orders, value }: DayBucket, change: Change): DayBucket => ({
  fulfilled: fulfilled + (change.fulfilled ?? 0),
  on,
  orders: orders + (change.orders ?? 0),
  value: change.value === undefined ? value : addAmount(value, change.value),
});

/** Index of the first bucket that is not before the date: mostly the last one, so the search starts at the end. */
const bucketIndex = (days: readonly DayBucket[], on: string): number => {
  let at = days.length;
  while (at > 0 && (days[at - 1]?.on ?? '') >= on) at--;
  return at;
};

const withoutOld = (days: readonly DayBucket[], earlier: EarlierDays, from: string): OrderDays => {
  const kept = bucketIndex(days, from);
  let before = earlier;
  for (const day of days.slice(0, kept)) if (day.orders > 0) before = withNextDay(before, day.on);
  return { days: kept === 0 ? days : days.slice(kept), earlier: before };
};

const withNextDay = (earlier: EarlierDays, on: string): EarlierDays =>
  earlier.lastOn === null
    ? { ...earlier, orderDays: 1, firstOn: on, lastOn: on }
    : { ...withGap(earlier, daysBetween(earlier.lastOn, on)), lastOn: on };

const withGap = (earlier: EarlierDays, gap: number): EarlierDays => ({
  ...earlier,
  orderDays: earlier.orderDays + 1,
  gaps: earlier.gaps + 1,
  gapSum: earlier.gapSum + gap,
  gapSquares: earlier.gapSquares + gap * gap,
});

// An order older than every bucket: the days around it are known only as sums, so it counts where it can be exact, at
// either end, and otherwise not at all.
const withLateDay = (earlier: EarlierDays, on: string): EarlierDays => {
  if (earlier.lastOn === null || earlier.firstOn === null || on > earlier.lastOn)
    return withNextDay(earlier, on);
  return on < earlier.firstOn
    ? { ...withGap(earlier, daysBetween(on, earlier.firstOn)), firstOn: on }
    : earlier;
};

/** First and last order day ever; null: none. */
export const spanOf = ({
  days,
  earlier,
}: OrderDays): { readonly firstOn: string | null; readonly lastOn: string | null } => ({
  firstOn: earlier.firstOn ?? days.find(({ orders }) => orders > 0)?.on ?? null,
  lastOn: days.findLast(({ orders }) => orders > 0)?.on ?? earlier.lastOn,
});

// The days on which a customer ordered: buckets of the last 400 days, and sums of all that came before.
// Dates are YYYY-MM-DD and compare as text. An order day is a date with an order that still stands.
import { addDays, dayNumber, daysBetween } from './dates.ts';

/** One business date. `orders`: placed and standing. A service adds what else it counts by day. */
export type OrderDay = { readonly on: string; readonly orders: number };

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
export type OrderDaysOf<B extends OrderDay> = {
  readonly days: readonly B[];
  readonly earlier: EarlierDays;
};

/** Windows look back 365 days at most; 400 keep every one of them exact, facts that come a month late included. */
export const BUCKET_DAYS = 400;

export const noEarlierDays: EarlierDays = {
  firstOn: null,
  gapSquares: 0,
  gapSum: 0,
  gaps: 0,
  lastOn: null,
  orderDays: 0,
};

/**
 * Changes the bucket of a date (`change` gets undefined where there is none), then lets go what is more than 400 days
 * older than the newest. What has gone stays as it was: an order cancelled after that still counts as an order day.
 */
export const changeDay = <B extends OrderDay>(
  state: OrderDaysOf<B>,
  on: string,
  change: (bucket: B | undefined) => B,
): OrderDaysOf<B> => {
  const { days, earlier } = state;
  const newest = days.at(-1)?.on ?? on;
  const oldest = days[0]?.on ?? on;
  if (on < oldest && on < addDays(newest, -BUCKET_DAYS))
    return change(undefined).orders > 0 ? { days, earlier: withLateDay(earlier, on) } : state;
  const at = bucketIndex(days, on);
  const found = days[at]?.on === on ? days[at] : undefined;
  const bucket = change(found);
  if (found !== undefined) return { days: days.with(at, bucket), earlier };
  const added = at === days.length ? [...days, bucket] : days.toSpliced(at, 0, bucket);
  return on > newest ? withoutOld(added, earlier, addDays(on, -BUCKET_DAYS)) : { days: added, earlier };
};

/** Index of the first bucket that is not before the date: mostly the last one, so the search starts at the end. */
const bucketIndex = (days: readonly OrderDay[], on: string): number => {
  let at = days.length;
  while (at > 0 && (days[at - 1]?.on ?? '') >= on) at--;
  return at;
};

const withoutOld = <B extends OrderDay>(
  days: readonly B[],
  earlier: EarlierDays,
  from: string,
): OrderDaysOf<B> => {
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
}: OrderDaysOf<OrderDay>): { readonly firstOn: string | null; readonly lastOn: string | null } => ({
  firstOn: earlier.firstOn ?? days.find(({ orders }) => orders > 0)?.on ?? null,
  lastOn: days.findLast(({ orders }) => orders > 0)?.on ?? earlier.lastOn,
});

/** Mean and sample variance (n − 1) of the gaps between order days, in days; null with fewer than one (two) gaps. */
export type GapStatistics = {
  readonly orderDays: number;
  readonly gaps: number;
  readonly mean: number | null;
  readonly variance: number | null;
};

/** Gap statistics over all order days ever, from the sums of the earlier ones and the buckets of the newest. */
export const gapStatistics = ({ days, earlier }: OrderDaysOf<OrderDay>): GapStatistics => {
  let { orderDays, gaps, gapSum, gapSquares } = earlier;
  let last = earlier.lastOn === null ? null : dayNumber(earlier.lastOn);
  for (const { on, orders } of days) {
    if (orders <= 0) continue;
    const day = dayNumber(on);
    if (last !== null) {
      gaps += 1;
      gapSum += day - last;
      gapSquares += (day - last) ** 2;
    }
    orderDays += 1;
    last = day;
  }
  // Whole numbers up to the one division: n·Σg² − (Σg)² = n·Σ(g − mean)².
  return {
    gaps,
    mean: gaps > 0 ? gapSum / gaps : null,
    orderDays,
    variance: gaps > 1 ? (gaps * gapSquares - gapSum ** 2) / (gaps * (gaps - 1)) : null,
  };
};

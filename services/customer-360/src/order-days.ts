// What a customer did on which business date: buckets of the last 400 days, and the rhythm of all order days.
// Dates are YYYY-MM-DD and compare as text. An order day is a date with an order that still stands.
import { addAmount, daysBetween, type Money } from '@tenure/core';

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

export type OrderDays = { readonly days: readonly DayBucket[]; readonly earlier: EarlierDays };

/** Windows look back 365 days at most, and once more 30 days before: 400 keep every one exact, late facts included. */
export const BUCKET_DAYS = 400;

export const noOrderDays: OrderDays = {
  days: [],
  earlier: { orderDays: 0, firstOn: null, lastOn: null, gaps: 0, gapSum: 0, gapSquares: 0 },
};

/** Adds to the bucket of a date (negative numbers take away), then lets what is 400 days older than the newest go. */
export const onDay = (
  state: OrderDays,
  on: string,
  change: { readonly orders?: number; readonly fulfilled?: number; readonly value?: Money },
): OrderDays => {
  const newest = state.days.at(-1)?.on ?? on;
  if (daysBetween(on, newest) > BUCKET_DAYS) return lateArrival(state, on, change.orders ?? 0);
  const days = [...state.days];
  const at = bucketIndex(days, on);
  const found = days[at]?.on === on ? days[at] : undefined;
  const bucket: DayBucket = {
    on,
    orders: (found?.orders ?? 0) + (change.orders ?? 0),
    fulfilled: (found?.fulfilled ?? 0) + (change.fulfilled ?? 0),
    value: change.value === undefined ? (found?.value ?? []) : addAmount(found?.value ?? [], change.value),
  };
  days.splice(at, found === undefined ? 0 : 1, bucket);
  return withoutOld({ ...state, days });
};

/** Index of the first bucket that is not before the date: mostly the last one, so the search starts at the end. */
const bucketIndex = (days: readonly DayBucket[], on: string): number => {
  let at = days.length;
  while (at > 0 && (days[at - 1]?.on ?? '') >= on) at--;
  return at;
};

const withoutOld = (state: OrderDays): OrderDays => {
  const newest = state.days.at(-1)?.on;
  if (newest === undefined) return state;
  const kept = state.days.findIndex((day) => daysBetween(day.on, newest) <= BUCKET_DAYS);
  if (kept <= 0) return state;
  const earlier = state.days
    .slice(0, kept)
    .filter((day) => day.orders > 0)
    .reduce((before, day) => appended(before, day.on), state.earlier);
  return { days: state.days.slice(kept), earlier };
};

const appended = (earlier: EarlierDays, on: string): EarlierDays => {
  if (earlier.lastOn === null || earlier.firstOn === null)
    return { ...earlier, orderDays: 1, firstOn: on, lastOn: on };
  const gap = daysBetween(earlier.lastOn, on);
  return {
    ...earlier,
    orderDays: earlier.orderDays + 1,
    lastOn: on,
    gaps: earlier.gaps + 1,
    gapSum: earlier.gapSum + gap,
    gapSquares: earlier.gapSquares + gap * gap,
  };
};

// A fact older than every bucket: its neighbours are known only as sums, so it counts where it can be exact, at either
// end, and otherwise as one more order day without a gap of its own.
const lateArrival = (state: OrderDays, on: string, orders: number): OrderDays => {
  const { earlier } = state;
  if (orders <= 0 || on === earlier.lastOn || on === earlier.firstOn) return state;
  if (earlier.lastOn === null || on > earlier.lastOn) return { ...state, earlier: appended(earlier, on) };
  if (earlier.firstOn !== null && on < earlier.firstOn) {
    const gap = daysBetween(on, earlier.firstOn);
    return {
      ...state,
      earlier: {
        ...earlier,
        orderDays: earlier.orderDays + 1,
        firstOn: on,
        gaps: earlier.gaps + 1,
        gapSum: earlier.gapSum + gap,
        gapSquares: earlier.gapSquares + gap * gap,
      },
    };
  }
  return { ...state, earlier: { ...earlier, orderDays: earlier.orderDays + 1 } };
};

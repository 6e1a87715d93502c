// What several rules ask of the days on which a customer ordered.
import { amountIn, spanOf, type Money } from '@tenure/core';
import type { Moment } from '../moment.ts';
import type { OrderedDay, OrderSlice } from '../slices/order-slice.ts';

/** The newest day with a standing order. */
export const lastOrderDay = (
  order: OrderSlice,
): { readonly on: string; readonly placed: readonly string[] } | null => {
  const found = order.history.days.findLast(({ orders }) => orders > 0);
  if (found !== undefined) return found;
  const { lastOn } = spanOf(order.history);
  if (lastOn === null) return null;
  return { on: lastOn, placed: order.newest.filter(({ on }) => on === lastOn).map(({ eventId }) => eventId) };
};

/** The days of the last window and of the one before it. */
export const windowsOf = (
  { history }: OrderSlice,
  at: Moment,
  days: number,
): { readonly recent: readonly OrderedDay[]; readonly previous: readonly OrderedDay[] } => ({
  recent: history.days.filter(({ on }) => at.within(on, days)),
  previous: history.days.filter(({ on }) => at.before(on, days)),
});

const sum = (days: readonly OrderedDay[], amounts: (day: OrderedDay) => readonly Money[], currency: string) =>
  days.reduce((total, day) => total + amountIn(amounts(day), currency), 0);

/** Fulfilled in one currency, minor units. */
export const fulfilledIn = (days: readonly OrderedDay[], currency: string): number =>
  sum(days, (day) => day.fulfilled, currency);

/** Refunded in one currency, minor units. */
export const refundedIn = (days: readonly OrderedDay[], currency: string): number =>
  sum(days, (day) => day.refunded, currency);

/** Distinct texts of all days. */
export const distinct = (
  days: readonly OrderedDay[],
  texts: (day: OrderedDay) => readonly string[],
): ReadonlySet<string> => new Set(days.flatMap(texts));

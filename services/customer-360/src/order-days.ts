// What a customer did on which business date: the shared days of orders, with what was fulfilled and what it was worth.
import {
  addAmount,
  changeDay,
  noEarlierDays,
  type Money,
  type OrderDay,
  type OrderDaysOf,
} from '@tenure/core';

export { BUCKET_DAYS, spanOf, type EarlierDays } from '@tenure/core';

/** One business date. `fulfilled`: fulfilled orders; `value`: fulfilled less refunded, per currency. */
export type DayBucket = OrderDay & {
  readonly fulfilled: number;
  readonly value: readonly Money[];
};

export type OrderDays = OrderDaysOf<DayBucket>;

export const noOrderDays: OrderDays = { days: [], earlier: noEarlierDays };

type Change = { readonly orders?: number; readonly fulfilled?: number; readonly value?: Money };

/** Adds to the bucket of a date; negative numbers take away. */
export const onDay = (state: OrderDays, on: string, change: Change): OrderDays =>
  changeDay(state, on, (bucket = { fulfilled: 0, on, orders: 0, value: [] }) => ({
    fulfilled: bucket.fulfilled + (change.fulfilled ?? 0),
    on,
    orders: bucket.orders + (change.orders ?? 0),
    value: change.value === undefined ? bucket.value : addAmount(bucket.value, change.value),
  }));

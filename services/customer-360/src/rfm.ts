// Recency, frequency, monetary value: scores 1–5 against the fixed edges of the rules.
import { addDays, daysBetween } from '@tenure/core';
import type { OrderSlice } from './order-slice.ts';
import type { CustomerRules } from './rules.ts';
import { fulfilledSince, spendBetween } from './spend.ts';

/** 5 is best. All null for a customer who never ordered; `m` null while the currency has no edges. */
export type Rfm = { readonly r: number | null; readonly f: number | null; readonly m: number | null };

const score = (value: number, edges: readonly number[]): number =>
  1 + edges.filter((edge) => edge < value).length;

/** RFM as of a closed business date, value in the home currency. */
export const rfmOf = (orders: OrderSlice, currency: string, date: string, rules: CustomerRules): Rfm => {
  if (orders.lastOn === null) return { f: null, m: null, r: null };
  const after = addDays(date, -rules.rfm.windowDays);
  const { days } = orders.history;
  const edges = rules.rfm.monetary[currency];
  return {
    f: score(fulfilledSince(days, after), rules.rfm.frequency),
    m: edges === undefined ? null : score(spendBetween(days, currency, after, null), edges),
    r: 6 - score(Math.max(0, daysBetween(orders.lastOn, date)), rules.rfm.recency),
  };
};

// The dates (day numbers) at whose closing what orders tell may change by time alone.
import { amountIn, dayNumber } from '@tenure/core';
import type { OrderSlice } from './order-slice.ts';
import type { CustomerRules } from './rules.ts';

/** Days on which a bucket enters or leaves a window, or an age crosses an edge; some lie in the past. */
export function* orderChanges(order: OrderSlice, currency: string, rules: CustomerRules): Generator<number> {
  const { rfm, stage } = rules;
  const { windowDays: window, declineAgainDaysBefore: before } = stage;
  // Ages at which a day enters or leaves a window: S0 and S1 of today, and of the day that decline is compared with.
  const spendAges = [window, 2 * window, before, before + window, before + 2 * window];
  for (const bucket of order.history.days) {
    const on = dayNumber(bucket.on);
    const spent = amountIn(bucket.value, currency) !== 0;
    if (spent) for (const age of spendAges) yield on + age;
    if (spent || bucket.fulfilled > 0) yield on + rfm.windowDays;
  }
  if (order.lastOn !== null) for (const edge of rfm.recency) yield dayNumber(order.lastOn) + edge + 1;
  if (order.firstFulfilledOn === null) return;
  yield dayNumber(order.firstFulfilledOn) + stage.explorationDays;
  yield dayNumber(order.firstFulfilledOn) + stage.stabilityDays;
}

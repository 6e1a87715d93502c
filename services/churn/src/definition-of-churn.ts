// When a customer counts as lost: no order for longer than the fixed term and longer than his own rhythm ever lets expect.
// Contracts have a definition of their own, once they are written.
import { dateOfDay, dayNumber } from '@tenure/core';
import type { Moment } from './moment.ts';
import { ownRhythm, rhythmBound } from './own-rhythm.ts';
import type { ChurnRules } from './rules.ts';
import { lastOrderDay } from './signals/order-days.ts';
import type { AssessedSlices } from './slices.ts';
import type { OrderSlice } from './slices/order-slice.ts';

/** `on`: the closed date at which it first held. */
export type Churned = { readonly on: string; readonly evidence: readonly string[] };

const INTERNAL = 'INTERNAL';

export const churnedBy = (
  { customer, order }: AssessedSlices,
  at: Moment,
  rules: Pick<ChurnRules, 'churned' | 'rhythm'>,
): Churned | null => {
  const last = lastOrderDay(order);
  if (last === null || customer.kind === INTERNAL) return null;
  const limit = termOf(order, rules);
  if (!at.over(last.on, limit)) return null;
  return {
    on: dateOfDay(dayNumber(last.on) + Math.floor(limit) + 1),
    evidence: last.placed.toReversed(),
  };
};

/** Days without an order after which a customer is lost. */
export const termOf = (
  order: OrderSlice,
  { churned, rhythm }: Pick<ChurnRules, 'churned' | 'rhythm'>,
): number => {
  const own = ownRhythm(order.history, rhythm);
  return own === null ? churned.days : Math.max(churned.days, rhythmBound(own, churned.z));
};

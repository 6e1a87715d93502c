// Where the relationship stands: status and stage (CUSTOMER360, "Lifecycle"), as far as orders tell.
import { addDays, daysBetween } from '@tenure/core';
import type { OrderSlice } from './order-slice.ts';
import type { CustomerRules } from './rules.ts';
import { atMost, spendWindows, type Spend } from './spend.ts';

export type LifecycleStatus = 'INTERNAL' | 'ACTUAL' | 'POTENTIAL';
export type LifecycleStage = 'EXPLORATION' | 'BUILD_UP' | 'STABILITY' | 'DECLINE';
export type Lifecycle = { readonly status: LifecycleStatus; readonly stage: LifecycleStage };

/** Status and stage as of a closed business date; `kind` null: a party known by its id only. */
export const lifecycleOf = (
  kind: string | null,
  orders: OrderSlice,
  currency: string,
  date: string,
  { stage }: CustomerRules,
): Lifecycle => ({
  stage: stageOf(orders, currency, date, stage),
  status: kind === 'INTERNAL' ? 'INTERNAL' : orders.fulfilled > 0 ? 'ACTUAL' : 'POTENTIAL',
});

const stageOf = (
  { fulfilled, firstFulfilledOn, history: { days } }: OrderSlice,
  currency: string,
  date: string,
  rules: CustomerRules['stage'],
): LifecycleStage => {
  if (fulfilled === 0 || firstFulfilledOn === null) return 'EXPLORATION';
  const window = rules.windowDays;
  const today = spendWindows(days, currency, date, { window, openDay: true });
  if (today.s0 + today.s1 === 0) return 'DECLINE';
  const declining = ({ s0, s1 }: Spend): boolean => s1 > 0 && atMost(s0, rules.declineRatio, s1);
  if (declining(today)) {
    const before = addDays(date, -rules.declineAgainDaysBefore);
    if (declining(spendWindows(days, currency, before, { window, openDay: false }))) return 'DECLINE';
  }
  const tenure = daysBetween(firstFulfilledOn, date);
  if (fulfilled === 1 && tenure < rules.explorationDays) return 'EXPLORATION';
  return tenure >= rules.stabilityDays && atMost(today.s0, rules.stabilityRatio, today.s1)
    ? 'STABILITY'
    : 'BUILD_UP';
};

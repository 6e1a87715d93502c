// Where the relationship stands: status and stage (CUSTOMER360, "Lifecycle"), as far as orders tell.
import { addDays, daysBetween } from '@tenure/core';
import type { OrderSlice } from './order-slice.ts';
import type { CustomerRules } from './rules.ts';
import { atMost, spendWindows } from './spend.ts';

export type LifecycleStatus = 'INTERNAL' | 'ACTUAL' | 'POTENTIAL';
export type LifecycleStage = 'EXPLORATION' | 'BUILD_UP' | 'STABILITY' | 'DECLINE';
export type Lifecycle = { readonly status: LifecycleStatus; readonly stage: LifecycleStage };

/** Status and stage as of a closed business date; `kind` null: a party known by its id only. */
export const lifecycleOf = (
  kind: string | null,
  orders: OrderSlice,
  currency: string,
  date: string,
  rules: CustomerRules,
): Lifecycle => ({
  status: kind === 'INTERNAL' ? 'INTERNAL' : orders.fulfilled > 0 ? 'ACTUAL' : 'POTENTIAL',
  stage: stageOf(orders, currency, date, rules),
});

const stageOf = (
  orders: OrderSlice,
  currency: string,
  date: string,
  rules: CustomerRules,
): LifecycleStage => {
  const { stage } = rules;
  if (orders.fulfilled === 0 || orders.firstFulfilledOn === null) return 'EXPLORATION';
  const { days } = orders.history;
  const today = spendWindows(days, currency, date, stage.windowDays, true);
  if (today.s0 + today.s1 === 0) return 'DECLINE';
  const earlier = spendWindows(
    days,
    currency,
    addDays(date, -stage.declineAgainDaysBefore),
    stage.windowDays,
    false,
  );
  const declining = ({ s0, s1 }: { s0: number; s1: number }): boolean =>
    s1 > 0 && atMost(s0, stage.declineRatio, s1);
  if (declining(today) && declining(earlier)) return 'DECLINE';
  const tenure = daysBetween(orders.firstFulfilledOn, date);
  if (orders.fulfilled === 1 && tenure < stage.explorationDays) return 'EXPLORATION';
  return tenure >= stage.stabilityDays && atMost(today.s0, stage.stabilityRatio, today.s1)
    ? 'STABILITY'
    : 'BUILD_UP';
};

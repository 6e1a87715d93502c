// Where the relationship stands: status, stage and, once it is over, its pattern (CUSTOMER360, "Lifecycle").
import { addDays, daysBetween } from '@tenure/core';
import { isLost, type ChurnSlice } from './churn-slice.ts';
import type { LeadSlice } from './lead-slice.ts';
import type { OpportunitySlice } from './opportunity-slice.ts';
import type { OrderSlice } from './order-slice.ts';
import type { CustomerRules } from './rules.ts';
import { atMost, spendWindows, type Spend } from './spend.ts';

export type LifecycleStatus = 'LOST' | 'INTERNAL' | 'ACTUAL' | 'TARGET' | 'POTENTIAL';
export type LifecycleStage = 'ENDED' | 'EXPLORATION' | 'BUILD_UP' | 'STABILITY' | 'DECLINE';
export type LifecyclePattern = 'early-abortive' | 'mid-term' | 'early-exit';
/** `pattern`: how a relationship that has ended went; null while it lasts. */
export type Lifecycle = {
  readonly pattern: LifecyclePattern | null;
  readonly stage: LifecycleStage;
  readonly status: LifecycleStatus;
};

/** What the lifecycle depends on; `kind` null: a party known by its id only. */
export type Relationship = {
  readonly kind: string | null;
  readonly lead: LeadSlice;
  readonly opportunity: OpportunitySlice;
  readonly order: OrderSlice;
  readonly churn: ChurnSlice;
};

/** Status, stage and pattern as of a closed business date, spend in `currency`. */
export const lifecycleOf = (
  relationship: Relationship,
  currency: string,
  date: string,
  { stage: rules }: CustomerRules,
): Lifecycle => {
  const { order, churn } = relationship;
  const status = statusOf(relationship);
  if (status === 'LOST') return { pattern: patternOf(order, currency, rules), stage: 'ENDED', status };
  const atRisk = churn.level === 'HIGH' || churn.level === 'CRITICAL';
  return { pattern: null, stage: stageOf(order, currency, { date, openDay: true, atRisk }, rules), status };
};

/** A lead that is worth a salesperson's time, or was. */
const QUALIFIED = new Set(['Qualified', 'Converting', 'Converted']);

const statusOf = ({ kind, lead, opportunity, order, churn }: Relationship): LifecycleStatus => {
  if (isLost(churn, order.lastOn)) return 'LOST';
  if (kind === 'INTERNAL') return 'INTERNAL';
  if (order.fulfilled > 0) return 'ACTUAL';
  const isTarget = opportunity.open.length > 0 || lead.leads.some(({ status }) => QUALIFIED.has(status));
  return isTarget ? 'TARGET' : 'POTENTIAL';
};

type When = { readonly date: string; readonly openDay: boolean; readonly atRisk: boolean };

const stageOf = (
  { fulfilled, firstFulfilledOn, history: { days } }: OrderSlice,
  currency: string,
  { date, openDay, atRisk }: When,
  rules: CustomerRules['stage'],
): Exclude<LifecycleStage, 'ENDED'> => {
  if (fulfilled === 0 || firstFulfilledOn === null) return 'EXPLORATION';
  if (atRisk) return 'DECLINE';
  const window = rules.windowDays;
  const today = spendWindows(days, currency, date, { window, openDay });
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

const PATTERNS = {
  EXPLORATION: 'early-abortive',
  BUILD_UP: 'mid-term',
  STABILITY: 'early-exit',
  DECLINE: 'early-exit',
} as const;

/** By the stage on the day of the last fulfilled order, risk left aside; null for one who never got an order. */
const patternOf = (
  order: OrderSlice,
  currency: string,
  rules: CustomerRules['stage'],
): LifecyclePattern | null => {
  const date = order.lastFulfilledOn;
  if (date === null) return PATTERNS.EXPLORATION;
  return PATTERNS[stageOf(order, currency, { date, openDay: false, atRisk: false }, rules)];
};

// What the document concludes from its slices as of the last closed business day. Pure, and without memory.
import { dateOfDay, dayNumber, startOfDate, type Money } from '@tenure/core';
import type { Today } from '@tenure/projections';
import type { ChurnSlice } from './churn-slice.ts';
import type { CustomerSlice } from './customer-slice.ts';
import { dataQualityOf, qualityChanges, type DataQuality, type Newest } from './data-quality.ts';
import type { LeadSlice } from './lead-slice.ts';
import { lifecycleOf, type Lifecycle } from './lifecycle.ts';
import type { LoyaltySlice } from './loyalty-slice.ts';
import { actionChanges, nextActionsOf, type NextAction } from './next-actions.ts';
import type { OpportunitySlice } from './opportunity-slice.ts';
import { orderChanges } from './order-changes.ts';
import type { OrderSlice } from './order-slice.ts';
import { rfmOf, type Rfm } from './rfm.ts';
import { rhythmOf, type Rhythm } from './rhythm.ts';
import type { CustomerRules } from './rules.ts';
import type { ServiceSlice } from './service-slice.ts';
import { spendWindows } from './spend.ts';

export type CustomerSlices = {
  readonly customer: CustomerSlice;
  readonly lead: LeadSlice;
  readonly opportunity: OpportunitySlice;
  readonly order: OrderSlice;
  readonly service: ServiceSlice;
  readonly loyalty: LoyaltySlice;
  readonly churn: ChurnSlice;
};

export type Summary = {
  /** The published risk. */
  readonly churn: {
    readonly level: string;
    readonly score: number;
    readonly signals: readonly string[];
    readonly since: string | null;
  };
  /** Null before the customer is registered. */
  readonly dataQuality: DataQuality | null;
  readonly lifecycle: Lifecycle;
  readonly nextActions: readonly NextAction[];
  readonly rfm: Rfm;
  readonly rhythm: Rhythm;
  /** Versions of the policies that decided. */
  readonly rules: { readonly dataQuality: number; readonly nextActions: number; readonly version: number };
  readonly value: {
    /** Fulfilled less refunded, ever, per currency. */
    readonly net: readonly Money[];
    readonly previous: Money;
    /** In the home currency: the last window of days and the one before. */
    readonly recent: Money;
  };
};

/** What a summary needs to know beyond the slices: the rules in force on a date, and the home currency of the deployment. */
export type SummaryRules = {
  readonly rules: (date: string) => CustomerRules;
  /** The first date after `date` from which other rules hold; null: none. */
  readonly nextRules: (date: string) => string | null;
  readonly homeCurrency: string;
};

const currencyOf = (customer: CustomerSlice, deployment: SummaryRules): string =>
  customer.homeCurrency ?? deployment.homeCurrency;

/** The newest event about the customer himself; what was concluded about his risk is none. */
const newestOf = (slices: CustomerSlices, { date, zone }: Today): Newest => {
  const { customer, lead, loyalty, opportunity, order, service } = slices;
  let at: string | null = null;
  for (const { updatedAt } of [customer, lead, loyalty, opportunity, order, service])
    if (updatedAt !== null && (at === null || updatedAt > at)) at = updatedAt;
  return { at, date, zone };
};

/** The summary as of the closed business date `today`. */
export const summarise = (slices: CustomerSlices, today: Today, deployment: SummaryRules): Summary => {
  const { churn, customer, order } = slices;
  const rules = deployment.rules(today.date);
  const currency = currencyOf(customer, deployment);
  const { s0, s1 } = spendWindows(order.history.days, currency, today.date, {
    window: rules.stage.windowDays,
    openDay: true,
  });
  const lifecycle = lifecycleOf({ ...slices, kind: customer.kind }, currency, today.date, rules);
  return {
    churn: {
      level: churn.level,
      score: churn.score,
      signals: churn.signals.map(({ code }) => code),
      since: churn.since,
    },
    dataQuality: dataQualityOf(customer, newestOf(slices, today), rules.dataQuality),
    lifecycle,
    nextActions: nextActionsOf(slices, lifecycle, today, rules),
    rfm: rfmOf(order, currency, today.date, rules),
    rhythm: rhythmOf(order.history),
    rules: {
      dataQuality: rules.dataQuality.version,
      nextActions: rules.nextActions.version,
      version: rules.version,
    },
    value: { net: order.net, previous: { currency, minor: s1 }, recent: { currency, minor: s0 } },
  };
};

/**
 * The instant at which the closing of a day may change the summary next: a bucket enters or leaves a window, an age
 * crosses an edge, or other rules come into force. Null: time alone changes nothing any more.
 */
export const wakeAt = (slices: CustomerSlices, today: Today, deployment: SummaryRules): number | null => {
  const rules = deployment.rules(today.date);
  const day = dayNumber(today.date);
  const changeOfRules = deployment.nextRules(today.date);
  let next = changeOfRules === null ? Number.POSITIVE_INFINITY : dayNumber(changeOfRules);
  const consider = (dates: Iterable<number>): void => {
    for (const date of dates) if (date > day && date < next) next = date;
  };
  const currency = currencyOf(slices.customer, deployment);
  const lifecycle = lifecycleOf({ ...slices, kind: slices.customer.kind }, currency, today.date, rules);
  consider(orderChanges(slices.order, currency, rules));
  consider(qualityChanges(slices.customer, newestOf(slices, today), rules.dataQuality));
  consider(actionChanges(slices, lifecycle, today, rules));
  return Number.isFinite(next) ? startOfDate(dateOfDay(next + 1), today.zone) : null;
};

// What the document concludes from its slices as of the last closed business day. Pure, and without memory.
import { amountIn, dateOfDay, dayNumber, startOfDate, type Money } from '@tenure/core';
import type { Today } from '@tenure/projections';
import type { CustomerSlice } from './customer-slice.ts';
import { lifecycleOf, type Lifecycle } from './lifecycle.ts';
import type { OrderSlice } from './order-slice.ts';
import { rfmOf, type Rfm } from './rfm.ts';
import { rhythmOf, type Rhythm } from './rhythm.ts';
import type { CustomerRules } from './rules.ts';
import { spendWindows } from './spend.ts';

export type CustomerSlices = { readonly customer: CustomerSlice; readonly order: OrderSlice };

export type Summary = {
  readonly lifecycle: Lifecycle;
  readonly rfm: Rfm;
  readonly rhythm: Rhythm;
  readonly value: {
    /** Fulfilled less refunded, ever, per currency. */
    readonly net: readonly Money[];
    /** In the home currency: the last window of days and the one before. */
    readonly recent: Money;
    readonly previous: Money;
  };
  readonly rules: { readonly version: number };
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

/** The summary as of the closed business date `today`. */
export const summarise = (
  { customer, order }: CustomerSlices,
  today: Today,
  deployment: SummaryRules,
): Summary => {
  const rules = deployment.rules(today.date);
  const currency = currencyOf(customer, deployment);
  const { s0, s1 } = spendWindows(order.history.days, currency, today.date, {
    window: rules.stage.windowDays,
    openDay: true,
  });
  return {
    lifecycle: lifecycleOf(customer.kind, order, currency, today.date, rules),
    rfm: rfmOf(order, currency, today.date, rules),
    rhythm: rhythmOf(order.history),
    rules: { version: rules.version },
    value: { net: order.net, previous: { currency, minor: s1 }, recent: { currency, minor: s0 } },
  };
};

/**
 * The instant at which the closing of a day may change the summary next: a bucket enters or leaves a window, an age
 * crosses an edge, or other rules come into force. Null: time alone changes nothing any more.
 */
export const wakeAt = (
  { customer, order }: CustomerSlices,
  today: Today,
  deployment: SummaryRules,
): number | null => {
  const { rfm, stage } = deployment.rules(today.date);
  const { windowDays: window, declineAgainDaysBefore: before } = stage;
  const currency = currencyOf(customer, deployment);
  const day = dayNumber(today.date);
  const changeOfRules = deployment.nextRules(today.date);
  let next = changeOfRules === null ? Number.POSITIVE_INFINITY : dayNumber(changeOfRules);
  const consider = (from: number, ages: readonly number[]): void => {
    for (const age of ages) if (from + age > day && from + age < next) next = from + age;
  };
  // Ages at which a day enters or leaves a window: S0 and S1 of today, and of the day that decline is compared with.
  const spendAges = [window, 2 * window, before, before + window, before + 2 * window];
  for (const bucket of order.history.days) {
    const on = dayNumber(bucket.on);
    const spent = amountIn(bucket.value, currency) !== 0;
    if (spent) consider(on, spendAges);
    if (spent || bucket.fulfilled > 0) consider(on, [rfm.windowDays]);
  }
  if (order.lastOn !== null)
    consider(
      dayNumber(order.lastOn),
      rfm.recency.map((edge) => edge + 1),
    );
  if (order.firstFulfilledOn !== null)
    consider(dayNumber(order.firstFulfilledOn), [stage.explorationDays, stage.stabilityDays]);
  return Number.isFinite(next) ? startOfDate(dateOfDay(next + 1), today.zone) : null;
};

// Who is judged: customers with at least three order days by the date, each as the churn service would have seen him.
import { dateOfDay, daysBetween, startOfDate, uuid5 } from '../../packages/core/src/index.ts';
import type { DecodedEvent } from '../../packages/events/src/index.ts';
import { momentOf } from '../../services/churn/src/moment.ts';
import { ownRhythm, rhythmBound } from '../../services/churn/src/own-rhythm.ts';
import type { ChurnRules } from '../../services/churn/src/rules.ts';
import { purchaseGap } from '../../services/churn/src/signals/purchase-gap.ts';
import { assessedSlices, foldedSlices, type AssessedSlices } from '../../services/churn/src/slices.ts';
import { silence, type BgNbd, type Purchases } from './bg-nbd.ts';
import type { PurchaseDays } from './purchases.ts';

const ZONE = 'UTC';
const NAMESPACE = uuid5('6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'backtest');

export type Question = {
  /** Evaluated on this date, knowing nothing later. */
  readonly at: string;
  /** Days after it in which a purchase proves every warning wrong. */
  readonly horizon: number;
  readonly rules: ChurnRules;
  readonly model: BgNbd;
};

export type Candidate = {
  /** No order day in (at, at + horizon]. */
  readonly lost: boolean;
  readonly daysSince: number;
  readonly medianGap: number;
  /** Severity of the rule that runs in the service; 0: silent. */
  readonly severity: number;
  /** The bound of the own rhythm that makes it medium, in days. */
  readonly bound: number;
  /** Chance of no order within the horizon. */
  readonly p0: number;
};

/** One history through the slice, event by event. */
export const slicesOf = (customer: string, days: readonly number[]): AssessedSlices => {
  const folds = foldedSlices(ZONE);
  const slices = Object.fromEntries(Object.entries(folds).map(([source, { init }]) => [source, init()]));
  for (const [i, day] of days.entries()) {
    const event = placed(customer, i, startOfDate(dateOfDay(day), ZONE));
    slices['order'] = folds['order']?.on['OrderPlaced']?.(slices['order'], event, event.key);
  }
  return assessedSlices(slices);
};

const placed = (customer: string, nth: number, at: number): DecodedEvent => {
  const orderId = uuid5(NAMESPACE, customer, String(nth));
  const total = { minor: 0, currency: 'USD' };
  return {
    id: uuid5(orderId, 'placed'),
    type: 'OrderPlaced',
    stream: `order-${orderId}`,
    revision: 0,
    source: 'order',
    position: nth + 1,
    key: customer,
    occurredAt: at,
    recordedAt: at,
    schemaId: 1,
    meta: { commandId: orderId, correlationId: orderId, actor: { kind: 'import', id: 'backtest' } },
    data: { orderId, channel: 'IMPORT', lines: [], total, opportunityId: null, externalRef: null },
    sealed: null,
  };
};

const median = (sorted: readonly number[]): number => {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

/** Null for whoever has not ordered often enough. */
const candidateOf = (
  customer: string,
  days: readonly number[],
  today: number,
  { at, horizon, rules, model }: Question,
): Candidate | null => {
  const known = days.filter((day) => day <= today);
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < rules.rhythm.minOrderDays) return null;
  const slices = slicesOf(customer, known);
  const rhythm = ownRhythm(slices.order.history, rules.rhythm);
  const parameters = rules.signals['PURCHASE_GAP'];
  if (rhythm === null || parameters === undefined) return null;
  const around = { rhythm: rules.rhythm, currency: 'USD' };
  const found = purchaseGap.evaluate(slices, momentOf(at), parameters, around);
  const gaps = known.slice(1).map((day, i) => day - (known[i] ?? day));
  const purchases: Purchases = {
    repeats: known.length - 1,
    last: (last - first) / 7,
    age: (today - first) / 7,
  };
  return {
    lost: !days.some((day) => day > today && day <= today + horizon),
    daysSince: today - last,
    medianGap: median(gaps.toSorted((a, b) => a - b)),
    severity: found?.severity ?? 0,
    bound: rhythmBound(rhythm, (parameters as unknown as { readonly medium: number }).medium),
    p0: silence(model, purchases, horizon / 7),
  };
};

/** Everybody who is judged. */
export const candidatesOf = (purchases: PurchaseDays, question: Question): readonly Candidate[] => {
  const today = daysBetween('1970-01-01', question.at);
  return [...purchases].flatMap(([id, days]) => candidateOf(id, days, today, question) ?? []);
};

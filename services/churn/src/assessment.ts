// The assessment: signals, score and level as a pure function of slices, rules and business day. It remembers nothing.
import { dateOfDay, dayNumber, startOfDate } from '@tenure/core';
import type { Today } from '@tenure/projections';
import { churnedBy, type Churned } from './definition-of-churn.ts';
import { momentOf, type Moment } from './moment.ts';
import { protectiveFactors } from './protective/index.ts';
import type { ChurnRules, Level, RuleBook } from './rules.ts';
import { decay, levelOf, scoreOf, type Counted } from './score.ts';
import { signals } from './signals/index.ts';
import { lastOrderDay } from './signals/order-days.ts';
import type { AnySignal, Around, Severity, Values } from './signals/signal.ts';
import type { AssessedSlices } from './slices.ts';
import type { Fact } from './slices/facts.ts';

export type AssessedSignal = {
  readonly code: string;
  readonly severity: Severity;
  /** Decimal. */
  readonly weight: string;
  /** Points of the score that would be gone without it. */
  readonly contribution: number;
  readonly ageDays: number;
  readonly observed: Values;
  readonly threshold: Values;
  /** Event ids, newest first. */
  readonly evidence: readonly string[];
};

export type AssessedFactor = {
  readonly code: string;
  /** Decimal. */
  readonly factor: string;
  readonly evidence: readonly string[];
};

export type Assessment = {
  readonly score: number;
  readonly level: Level;
  /** By code. */
  readonly signals: readonly AssessedSignal[];
  readonly protective: readonly AssessedFactor[];
  readonly churned: Churned | null;
  /** The newest order day, and the one before it: who comes back, and how long he was away. */
  readonly lastOrder: LastOrder | null;
  readonly rules: { readonly version: number };
};

export type LastOrder = {
  readonly eventId: string | null;
  readonly on: string;
  readonly daysSincePrevious: number | null;
};

/** As many as an event names. */
const EVIDENCE = 20;

/** Ids of the newest facts, newest first. */
const evidenceOf = (facts: readonly Fact[]): readonly string[] =>
  [...new Map(facts.map((fact) => [fact.eventId, fact])).values()]
    .toSorted((a, b) => (a.on === b.on ? (a.eventId < b.eventId ? 1 : -1) : a.on < b.on ? 1 : -1))
    .slice(0, EVIDENCE)
    .map(({ eventId }) => eventId);

const newestOn = (facts: readonly Fact[]): string | null =>
  facts.reduce<string | null>((newest, { on }) => (newest === null || on > newest ? on : newest), null);

type Found = Counted & { readonly shown: Omit<AssessedSignal, 'contribution'> };

const evaluate = (
  { code, kind, evaluate: rule }: AnySignal,
  slices: AssessedSlices,
  at: Moment,
  rules: ChurnRules,
  around: Around,
): Found | null => {
  const parameters = rules.signals[code];
  const found = parameters === undefined ? null : rule(slices, at, parameters, around);
  if (parameters === undefined || found === null) return null;
  const newest = newestOn(found.events);
  const ageDays = kind === 'state' || newest === null ? 0 : at.age(newest);
  const left = decay(ageDays, parameters.halfLifeDays);
  if (left < Number(rules.clearedBelow)) return null;
  const { severity, observed, threshold, events } = found;
  const { weight } = parameters;
  return {
    severity,
    share: Number(weight) * Number(rules.severities[severity - 1]) * left,
    shown: { code, severity, weight, ageDays, observed, threshold, evidence: evidenceOf(events) },
  };
};

const factorsOf = (slices: AssessedSlices, at: Moment, rules: ChurnRules): readonly AssessedFactor[] =>
  protectiveFactors.flatMap(({ code, evidence }) => {
    const parameters = rules.protective[code];
    const facts = parameters === undefined ? [] : evidence(slices, at, parameters);
    return parameters === undefined || facts.length === 0
      ? []
      : [{ code, factor: parameters.factor, evidence: evidenceOf(facts) }];
  });

const assess = (slices: AssessedSlices, at: Moment, rules: ChurnRules, homeCurrency: string): Assessment => {
  const around = { rhythm: rules.rhythm, currency: slices.customer.homeCurrency ?? homeCurrency };
  const found = signals.flatMap((signal) => evaluate(signal, slices, at, rules, around) ?? []);
  const protective = factorsOf(slices, at, rules);
  const factors = protective.map(({ factor }) => Number(factor));
  const score = scoreOf(found, factors, rules.criticalFloor);
  const without = (one: Found): number =>
    scoreOf(
      found.filter((other) => other !== one),
      factors,
      rules.criticalFloor,
    );
  return {
    score,
    level: levelOf(score, rules),
    signals: found.map((one) => ({ ...one.shown, contribution: score - without(one) })),
    protective,
    churned: churnedBy(slices, at, rules),
    lastOrder: lastOrderOf(slices),
    rules: { version: rules.version },
  };
};

const lastOrderOf = ({ order }: AssessedSlices): LastOrder | null => {
  const last = lastOrderDay(order);
  if (last === null) return null;
  const { days, earlier } = order.history;
  const previous = days.findLast(({ on, orders }) => orders > 0 && on < last.on)?.on ?? earlier.lastOn;
  return {
    eventId: last.placed.at(-1) ?? null,
    on: last.on,
    daysSincePrevious:
      previous === null || previous >= last.on ? null : dayNumber(last.on) - dayNumber(previous),
  };
};

/** The assessment as of the closed business date `today`. */
export const assessmentOf = (slices: AssessedSlices, today: Today, book: RuleBook): Assessment =>
  assess(slices, momentOf(today.date), book.rules(today.date), book.homeCurrency);

/** The instant at which the closing of a day changes the assessment next; null: time alone changes nothing any more. */
export const wakeAt = (slices: AssessedSlices, today: Today, book: RuleBook): number | null => {
  const at = momentOf(today.date);
  assess(slices, at, book.rules(today.date), book.homeCurrency);
  const rulesFrom = book.nextRules(today.date);
  const days = [at.next(), rulesFrom === null ? null : dayNumber(rulesFrom)].filter((day) => day !== null);
  return days.length === 0 ? null : startOfDate(dateOfDay(Math.min(...days) + 1), today.zone);
};

// What the world was told of a customer's risk, and what it has to be told when he is assessed anew.
import { formatInstant, uuid5, type FactOf } from '@tenure/core';
import type { ChurnEvents, ChurnFacts } from '@tenure/events/generated/churn';
import type { Assessment, AssessedSignal, LastOrder } from './assessment.ts';
import type { Churned } from './definition-of-churn.ts';
import { LEVELS, type ChurnRules, type Level } from './rules.ts';
import { publishedLevel } from './score.ts';

export type PublishedSignal = {
  readonly code: string;
  readonly severity: number;
  /** The same from raising to clearing. */
  readonly signalId: string;
};

export type Published = {
  readonly level: Level;
  /** ISO 8601, UTC: when the level was published; null while nothing was. */
  readonly since: string | null;
  /** By code, each code once. */
  readonly signals: readonly PublishedSignal[];
  /** The event that says he is lost; null while he is not. `lastOrder`: the order after which nothing came. */
  readonly churned: {
    readonly on: string;
    readonly eventId: string;
    readonly lastOrder: string | null;
  } | null;
};

export const nothingPublished: Published = { churned: null, level: 'LOW', signals: [], since: null };

type Told<T extends keyof ChurnEvents> = {
  readonly id: string;
  readonly occurredAt: number;
  readonly data: ChurnEvents[T];
};

const isLevel = (level: string): level is Level => (LEVELS as readonly string[]).includes(level);

const byCode = (a: { readonly code: string }, b: { readonly code: string }): number =>
  a.code < b.code ? -1 : 1;

/** How each event changes what was told: the same for the aggregate and for whoever reads the log. */
export const told = {
  ChurnSignalRaised: <P extends Published>(state: P, { data }: Told<'ChurnSignalRaised'>): P => {
    const { code, severity, signalId } = data;
    const others = state.signals.filter((other) => other.code !== code);
    return { ...state, signals: [...others, { code, severity, signalId }].toSorted(byCode) };
  },
  ChurnSignalCleared: <P extends Published>(state: P, { data }: Told<'ChurnSignalCleared'>): P => ({
    ...state,
    signals: state.signals.filter(({ signalId }) => signalId !== data.signalId),
  }),
  ChurnRiskChanged: <P extends Published>(state: P, { data, occurredAt }: Told<'ChurnRiskChanged'>): P =>
    isLevel(data.toLevel) ? { ...state, level: data.toLevel, since: formatInstant(occurredAt) } : state,
  CustomerChurned: <P extends Published>(state: P, { id, data }: Told<'CustomerChurned'>): P => ({
    ...state,
    churned: { eventId: id, lastOrder: data.evidence[0] ?? null, on: data.churnedOn },
  }),
  CustomerReactivated: <P extends Published>(state: P): P => ({ ...state, churned: null }),
} as const;

/** An assessment as it is brought before the aggregate. */
export type Brought = Pick<Assessment, 'score' | 'signals' | 'churned' | 'lastOrder'>;

/** `occasion`: the event after which he was assessed; empty for a closed day. */
type About = {
  readonly customerId: string;
  readonly at: number;
  readonly rules: ChurnRules;
  readonly occasion: readonly string[];
};

/** What has to be told, in this order: signals that rose, signals that are gone, lost or back, the level. */
export const revision = (
  published: Published,
  { score, signals, churned, lastOrder }: Brought,
  { customerId, at, rules, occasion }: About,
): readonly FactOf<ChurnFacts>[] => {
  const known = new Map(published.signals.map((signal) => [signal.code, signal]));
  const now = signals.map((signal) => ({
    signal,
    signalId: known.get(signal.code)?.signalId ?? idOf(customerId, signal),
  }));
  const raised = now.filter(({ signal }) => known.get(signal.code)?.severity !== signal.severity);
  const cleared = published.signals.filter(({ code }) => !signals.some((signal) => signal.code === code));
  const level = publishedLevel(published.level, score, rules);
  return [
    ...raised.map(({ signal, signalId }) => raising(signal, signalId, at, rules.version)),
    ...cleared.map(({ code, signalId }) => ({
      type: 'ChurnSignalCleared' as const,
      data: { signalId, code, evidence: occasion, evaluatedAt: at },
    })),
    ...standing(published, churned, lastOrder, rules),
    ...(level === published.level
      ? []
      : [levelChange(published.level, level, { score, top: topOf(now), at, version: rules.version })]),
  ];
};

/** Fixed when the signal is raised: the same evidence gives the same id. */
const idOf = (customerId: string, { code, evidence }: AssessedSignal): string =>
  uuid5(customerId, code, evidence[0] ?? '');

const raising = (
  { code, severity, weight, evidence, observed, threshold }: AssessedSignal,
  signalId: string,
  evaluatedAt: number,
  ruleVersion: number,
) => ({
  type: 'ChurnSignalRaised' as const,
  data: {
    signalId,
    code,
    ruleVersion,
    severity,
    weight,
    evidence,
    observed: asJson(observed),
    threshold: asJson(threshold),
    evaluatedAt,
  },
});

const asJson = (values: AssessedSignal['observed']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));

type Now = { readonly signal: AssessedSignal; readonly signalId: string };

const TOP = 3;

/** The largest contributions, ties by code. */
const topOf = (now: readonly Now[]): readonly string[] =>
  now
    .toSorted((a, b) => b.signal.contribution - a.signal.contribution || byCode(a.signal, b.signal))
    .slice(0, TOP)
    .map(({ signalId }) => signalId);

const levelChange = (
  fromLevel: Level,
  toLevel: Level,
  {
    score,
    top,
    at,
    version,
  }: {
    readonly score: number;
    readonly top: readonly string[];
    readonly at: number;
    readonly version: number;
  },
) => ({
  type: 'ChurnRiskChanged' as const,
  data: { fromLevel, toLevel, score, topSignalIds: top, modelVersion: `churn@${version}`, evaluatedAt: at },
});

/**
 * Lost when the definition holds; back with the first order after that. A changed definition alone brings nobody back. In
 * history that comes in late he may be lost again after a later order: then he is lost since a later day.
 */
const standing = (
  published: Published,
  churned: Churned | null,
  lastOrder: LastOrder | null,
  { churned: definition }: ChurnRules,
): readonly FactOf<ChurnFacts>[] => {
  const before = published.churned;
  const { eventId, daysSincePrevious } = lastOrder ?? { eventId: null, daysSincePrevious: null };
  const orderedSince = before !== null && eventId !== null && eventId !== before.lastOrder;
  if (churned === null)
    return orderedSince
      ? [{ type: 'CustomerReactivated', data: { byEventId: eventId, daysAway: daysSincePrevious ?? 0 } }]
      : [];
  if (before !== null && !(orderedSince && churned.on > before.on)) return [];
  return [
    {
      type: 'CustomerChurned',
      data: {
        mode: 'NON_CONTRACTUAL',
        churnedOn: churned.on,
        definitionVersion: definition.version,
        evidence: churned.evidence,
      },
    },
  ];
};

// What a rule is worth: how many it flags, how often it is right, and how well its ranking parts the lost from the others.
import type { Candidate } from './candidates.ts';

export type RuleFigures = {
  readonly rule: string;
  readonly flagged: number;
  /** Of the flagged, how many were lost; null: none was flagged. */
  readonly precision: number | null;
  /** Of the lost, how many were flagged. */
  readonly recall: number | null;
  /** Precision ÷ share of the lost among all. */
  readonly lift: number | null;
};

export type Figures = {
  readonly customers: number;
  /** Share of the lost. */
  readonly base: number;
  readonly rules: readonly RuleFigures[];
  readonly auc: Readonly<Record<string, number | null>>;
};

const MEDIUM = 2;
const HIGH = 3;

/** The rules that run, beside what anybody could do by counting days. */
const RULES: Readonly<Record<string, (one: Candidate) => boolean>> = {
  'own-rhythm-p95': ({ severity }) => severity >= MEDIUM,
  'own-rhythm-p99': ({ severity }) => severity >= HIGH,
  'median-2x': ({ daysSince, medianGap }) => daysSince > 2 * medianGap,
  'median-3x': ({ daysSince, medianGap }) => daysSince > 3 * medianGap,
  'recency-90': ({ daysSince }) => daysSince > 90,
  'recency-120': ({ daysSince }) => daysSince > 120,
  'recency-180': ({ daysSince }) => daysSince > 180,
  'model-60': ({ p0 }) => p0 >= 0.6,
  'model-80': ({ p0 }) => p0 >= 0.8,
};

const RANKINGS: Readonly<Record<string, (one: Candidate) => number>> = {
  'own-rhythm': ({ daysSince, bound }) => daysSince / bound,
  median: ({ daysSince, medianGap }) => daysSince / medianGap,
  recency: ({ daysSince }) => daysSince,
  model: ({ p0 }) => p0,
};

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

export const figuresOf = (candidates: readonly Candidate[]): Figures => {
  const lost = candidates.filter((one) => one.lost).length;
  const base = ratio(lost, candidates.length) ?? 0;
  const rules = Object.entries(RULES).map(([rule, flags]): RuleFigures => {
    const flagged = candidates.filter(flags);
    const right = flagged.filter((one) => one.lost).length;
    const precision = ratio(right, flagged.length);
    return {
      rule,
      flagged: flagged.length,
      precision,
      recall: ratio(right, lost),
      lift: precision === null ? null : ratio(precision, base),
    };
  });
  const auc = Object.entries(RANKINGS).map(([name, value]) => [
    name,
    areaUnderCurve(candidates.map((one) => ({ positive: one.lost, value: value(one) }))),
  ]);
  return { customers: candidates.length, base, rules, auc: Object.fromEntries(auc) };
};

type Ranked = { readonly positive: boolean; readonly value: number };

/** Chance that a positive ranks above a negative, ties one half (Mann–Whitney); null where there are not both. */
export const areaUnderCurve = (ranked: readonly Ranked[]): number | null => {
  const sorted = ranked.toSorted((a, b) => a.value - b.value);
  const positives = sorted.filter(({ positive }) => positive).length;
  const negatives = sorted.length - positives;
  let below = 0;
  let wins = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    let up = 0;
    for (; to < sorted.length && sorted[to]?.value === sorted[from]?.value; to++)
      if (sorted[to]?.positive === true) up++;
    const down = to - from - up;
    wins += up * (below + down / 2);
    below += down;
    from = to;
  }
  return ratio(wins, positives * negatives);
};

// What speaks against churn: one file each. A factor below 1 lowers the whole score.
import type { Moment } from '../moment.ts';
import type { AssessedSlices } from '../slices.ts';
import type { Fact } from '../slices/facts.ts';

/** `days`: how long it counts; null: as long as it is the newest of its kind. */
export type FactorRules = { readonly factor: string; readonly days: number | null };

export type ProtectiveFactor = {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** The events that speak for it; none: it does not hold. */
  readonly evidence: (slices: AssessedSlices, at: Moment, rules: FactorRules) => readonly Fact[];
};

/** The fact while it is young enough. */
export const recent = (fact: Fact | null, at: Moment, { days }: FactorRules): readonly Fact[] =>
  fact !== null && (days === null || at.within(fact.on, days)) ? [fact] : [];

// A sign of churn: one file each. Its rule is a pure function of slices, moment and the parameters of the policy.
import type { z } from 'zod';
import type { Moment } from '../moment.ts';
import type { RhythmRules } from '../own-rhythm.ts';
import type { AssessedSlices } from '../slices.ts';
import type { Fact } from '../slices/facts.ts';

/** 1 low, 2 medium, 3 high, 4 critical. */
export type Severity = 1 | 2 | 3 | 4;

export type Values = Readonly<Record<string, string | number>>;

/** What rules share beside their own parameters. */
export type Around = {
  readonly rhythm: RhythmRules;
  /** The customer's home currency: others are not counted. */
  readonly currency: string;
};

export type Evidence = {
  readonly severity: Severity;
  /** What was seen: counts and dates, nothing that changes with every day that passes. */
  readonly observed: Values;
  readonly threshold: Values;
  /** The events that speak for it. */
  readonly events: readonly Fact[];
};

export type Signal<P> = {
  readonly code: string;
  /** `state`: as old as today while its condition holds · `event`: as old as its newest event. */
  readonly kind: 'state' | 'event';
  readonly zh: string;
  readonly en: string;
  /** The parameters beyond weight and half-life, strict. */
  readonly parameters: z.ZodObject;
  readonly evaluate: (slices: AssessedSlices, at: Moment, parameters: P, around: Around) => Evidence | null;
};

/** A signal among others: each is only ever handed what its own schema has checked. */
export type AnySignal = Signal<unknown>;

/** Declares a signal; the type of its parameters follows from their schema. */
export function signal<S extends z.ZodObject>(
  definition: Signal<z.infer<S>> & { readonly parameters: S },
): AnySignal;
export function signal(definition: unknown): AnySignal {
  return definition as AnySignal;
}

/** A fact for each event of a day. */
export const factsOn = (on: string, events: readonly string[]): readonly Fact[] =>
  events.map((eventId) => ({ eventId, on }));

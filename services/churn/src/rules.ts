// The policy `churn-rules`: weights, half-lives, thresholds, levels and the definition of churn, as data.
import { z } from 'zod';
import { protectiveFactors } from './protective/index.ts';
import { signals } from './signals/index.ts';

/** Strictly between 0 and 1: none is certain, and none without meaning. */
const Share = z.string().regex(/^0\.\d{1,4}$/, 'must be a decimal between 0 and 1, such as "0.45"');
const Strength = z.string().regex(/^(0\.\d{1,4}|1)$/, 'must be a decimal of at most 1, such as "0.6"');
const Named = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
const Level = Named.extend({ from: z.int().min(0).max(100) });

/** What every signal has. Its own parameters stand beside, checked by its own schema, and only it reads them. */
const common = { weight: Share, halfLifeDays: z.int().min(1) };
type SignalRules = { readonly weight: string; readonly halfLifeDays: number };

// A version was there before the signs that came later: what it does not name does not count by it.
const Signals: z.ZodType<Readonly<Record<string, SignalRules | undefined>>> = z
  .strictObject(
    Object.fromEntries(
      signals.map(({ code, parameters }) => [code, z.strictObject({ ...parameters.shape, ...common })]),
    ),
  )
  .partial();
const Protective = z
  .strictObject(
    Object.fromEntries(
      protectiveFactors.map(({ code }) => [
        code,
        z.strictObject({ factor: Share, days: z.int().min(1).nullable() }),
      ]),
    ),
  )
  .partial();

/** The levels, from the lowest. */
export const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Level = (typeof LEVELS)[number];

export const ChurnRules = z.strictObject({
  policy: z.literal('churn-rules'),
  id: z.string().optional(),
  version: z.int().min(1),
  validFrom: z.iso.date(),
  /** Lower edges of the score. */
  levels: z
    .strictObject({ LOW: Level, MEDIUM: Level, HIGH: Level, CRITICAL: Level })
    .refine(
      (levels) =>
        LEVELS.every((name, i) => levels[name].from > (i === 0 ? -1 : levels[LEVELS[i - 1] ?? name].from)),
      'levels must grow',
    )
    .refine(({ LOW }) => LOW.from === 0, 'LOW must begin at 0'),
  /** A published level is left downwards only so many points below its lower edge. */
  hysteresis: z.int().min(0).max(50),
  /** How much of a weight counts: low, medium, high, critical. */
  severities: z.tuple([Strength, Strength, Strength, Strength]),
  /** The least score while a critical signal holds. */
  criticalFloor: z.int().min(0).max(100),
  /** A signal whose weight has decayed below this share is gone. */
  clearedBelow: Share,
  rhythm: z.strictObject({
    minOrderDays: z.int().min(3),
    prior: z.strictObject({ shape: z.number().positive(), weight: z.number().min(0) }),
    shape: z.strictObject({ min: z.number().positive(), max: z.number().positive() }),
  }),
  /** The definition of churn: no order for longer than both. `z`: normal quantile of the own rhythm. */
  churned: z.strictObject({ version: z.int().min(1), days: z.int().min(1), z: z.number().positive() }),
  signals: Signals,
  protective: Protective,
});

export type ChurnRules = z.infer<typeof ChurnRules>;

/** Which rules hold on a date, and the home currency of the deployment. */
export type RuleBook = {
  readonly rules: (date: string) => ChurnRules;
  /** The first date after `date` from which other rules hold; null: none. */
  readonly nextRules: (date: string) => string | null;
  /** The rules that an assessment names. */
  readonly version: (version: number) => ChurnRules;
  readonly homeCurrency: string;
};

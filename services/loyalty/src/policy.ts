// The policies of loyalty: the programme that ships as a template, the limits, the retention desk.
import { isCurrency } from '@tenure/core';
import { lotExpirySymbols, rewardKindSymbols, tierMetricSymbols } from '@tenure/events/generated/loyalty';
import { policyHead } from '@tenure/service-kit';
import { z } from 'zod';

const named = z.strictObject({ en: z.string().min(1).max(200), zh: z.string().min(1).max(200) });
const code = z.string().regex(/^[A-Z_]{2,64}$/);
const points = z.int().min(0);
const count = z.int().min(1);
const minor = z.int().min(0);

/** The template that setup, demo and walk publish as events: nothing of it decides by itself. */
export const ProgrammePolicy = z.strictObject({
  ...policyHead('programme'),
  name: named,
  pointsName: named,
  autoEnrol: z.boolean(),
  ladder: z.strictObject({
    metric: z.enum(tierMetricSymbols),
    period: z.string(),
    tiers: z.array(z.strictObject({ tierId: code, name: named, threshold: points })).min(1),
  }),
  earning: z.strictObject({
    rules: z
      .array(
        z.strictObject({
          ruleId: z.string(),
          when: z.looseObject({}),
          points: z.looseObject({}),
          cap: count,
        }),
      )
      .min(1),
    lotPolicy: z.strictObject({
      availableAfterDays: z.int().min(0),
      expiry: z.enum(lotExpirySymbols),
      expiryAfter: z.int().min(0),
    }),
  }),
  rewards: z.array(
    z.strictObject({
      rewardId: z.uuid(),
      code,
      name: named,
      kind: z.enum(rewardKindSymbols),
      cost: count,
      value: z.strictObject({ minor, currency: z.string().refine(isCurrency) }).optional(),
    }),
  ),
});
export type ProgrammePolicy = z.infer<typeof ProgrammePolicy>;

/** They only refuse: no event names them. */
export const LimitsPolicy = z.strictObject({
  ...policyHead('limits'),
  account: z.strictObject({
    /** Lots with points in them. */
    liveLots: count,
    pointsPerAccrual: count,
    suspensions: count,
    /** Lots that one command may free or void: a command is one transaction. */
    lotsPerCommand: count.max(1_000),
    transfer: z.strictObject({ least: count, most: count, perYear: count }),
    /** Either way; beyond `alone` a second person approves. */
    adjustment: z.strictObject({ most: count, alone: count }),
  }),
  program: z.strictObject({ rulesPerVersion: count, versions: count, tiers: count, rewards: count }),
});
export type LimitsPolicy = z.infer<typeof LimitsPolicy>;

export const RetentionPolicy = z.strictObject({
  ...policyHead('retention'),
  /** Cases of customers whom nobody owns; its id follows from the code. */
  queue: z.string().min(1).max(64),
  /** Days for which a false alarm keeps the next case closed. */
  falseAlarmDays: z.int().min(0),
  /** What the desk promises itself: next actions, no events. */
  firstOfferBusinessDays: count,
  followUpDays: count,
  reviewDays: count,
  offers: z.record(code, named),
  /** What an offer may cost, in the home currency, by the role of who makes it. */
  offerCost: z.strictObject({ agent: minor, supervisor: minor }),
  offersPerCase: count,
  /** Why a customer was lost, by hand; and the code for one whom the assessment calls churned. */
  lostReasons: z.record(code, named),
  churnedReason: code,
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

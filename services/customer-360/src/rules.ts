// The policies behind a summary: lifecycle and RFM, the quality of the record, what to do next. One may be changed without
// the others.
import type { PolicyHead } from '@tenure/service-kit';
import { z } from 'zod';
import { NextActionRules } from './next-action-rules.ts';

const Edges = z
  .tuple([z.int(), z.int(), z.int(), z.int()])
  .refine((edges) => edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge)), 'edges must grow');
const Ratio = z.string().regex(/^\d+(\.\d{1,4})?$/, 'must be a decimal such as "0.8"');

const Points = z.int().min(0).max(100);

export const LifecycleRules = z.strictObject({
  policy: z.literal('customer-360-rules'),
  id: z.string().optional(),
  version: z.int().min(1),
  validFrom: z.iso.date(),
  /** Score = 1 + number of edges below the value; recency reversed. Monetary edges in minor units by currency. */
  rfm: z.strictObject({
    windowDays: z.int().min(1).max(365),
    recency: Edges,
    frequency: Edges,
    monetary: z.record(z.string().length(3), Edges),
  }),
  /** Windows of S0 and S1 in days, and the ratios that part decline, stability and build-up. */
  stage: z.strictObject({
    windowDays: z.int().min(1).max(120),
    declineRatio: Ratio,
    declineAgainDaysBefore: z.int().min(1).max(60),
    stabilityRatio: Ratio,
    explorationDays: z.int().min(1),
    stabilityDays: z.int().min(1),
  }),
});

/** Points of each check of the record, and how many days a fact counts as fresh. */
export const DataQualityRules = z.strictObject({
  policy: z.literal('data-quality'),
  id: z.string().optional(),
  version: z.int().min(1),
  validFrom: z.iso.date(),
  points: z.strictObject({
    displayName: Points,
    email: Points,
    phone: Points,
    owner: Points,
    relation: Points,
    verifiedEmail: Points,
    verifiedPhone: Points,
    reachableChannels: Points,
    attributes: Points,
    profileFresh: Points,
    eventFresh: Points,
  }),
  profileDays: z.int().min(1),
  eventDays: z.int().min(1),
});

/** All numbers behind a summary, each policy with its version. */
export type CustomerRules = z.infer<typeof LifecycleRules> &
  PolicyHead & {
    readonly dataQuality: z.infer<typeof DataQualityRules>;
    readonly nextActions: z.infer<typeof NextActionRules>;
  };

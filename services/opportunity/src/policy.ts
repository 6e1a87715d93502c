// The policies of deals: pipelines with their stages and edges, and the codes of losing and abandoning.
import { opportunityKindSymbols } from '@tenure/events/generated/common';
import { policyHead } from '@tenure/service-kit';
import { z } from 'zod';
import { CRITERIA } from './criteria.ts';

const stageId = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be a code in lower case');
const code = z.string().regex(/^[A-Z_]{2,64}$/, 'must be a code in capitals');
const names = { en: z.string().min(1), zh: z.string().min(1) };

/** Way from a stage to another one. `when`: all of it must hold; nothing: always open. */
const Edge = z.strictObject({ to: stageId, when: z.array(z.enum(CRITERIA)) });

const Stage = z.strictObject({
  stageId,
  ...names,
  /** Chance of winning, in percent. */
  probabilityPct: z.int().min(0).max(100),
  /** A deal that is longer than so many days in the stage is stalled. */
  limitDays: z.int().min(0).max(3650),
  edges: z.array(Edge),
});

/** A pipeline has a handful of stages; more is a mistake. */
const MAX_STAGES = 30;

export const PipelinePolicy = z
  .strictObject({
    ...policyHead('pipeline'),
    id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
    /** The kinds of business that go through it. */
    kinds: z.array(z.enum(opportunityKindSymbols)).min(1),
    stages: z.array(Stage).min(1).max(MAX_STAGES),
  })
  .superRefine(({ stages }, context) => {
    const known = new Set<string>();
    stages.forEach((stage, i) => {
      if (known.has(stage.stageId))
        context.addIssue({ code: 'custom', path: ['stages', i, 'stageId'], message: 'stands here twice' });
      known.add(stage.stageId);
    });
    stages.forEach(({ stageId: from, edges }, i) =>
      edges.forEach(({ to }, j) => {
        const path = ['stages', i, 'edges', j, 'to'];
        if (!known.has(to))
          context.addIssue({ code: 'custom', path, message: 'is no stage of the pipeline' });
        if (to === from) context.addIssue({ code: 'custom', path, message: 'leads nowhere' });
        if (edges.findIndex((edge) => edge.to === to) !== j)
          context.addIssue({ code: 'custom', path, message: 'stands here twice' });
      }),
    );
  });
export type PipelinePolicy = z.infer<typeof PipelinePolicy>;

export const OpportunityReasonsPolicy = z.strictObject({
  ...policyHead('opportunity-reasons'),
  /** `needs`: a field that must be given with the code. */
  loss: z.record(code, z.strictObject({ ...names, needs: z.literal('competitorId').optional() })),
  abandonment: z.record(code, z.strictObject(names)),
});
export type OpportunityReasonsPolicy = z.infer<typeof OpportunityReasonsPolicy>;

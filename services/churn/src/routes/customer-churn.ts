// `GET /api/customers/{id}/churn`: how much one customer is at risk, why, and what was published of it.
import { TenureError } from '@tenure/core';
import {
  AsOf,
  Id,
  Positions,
  positionsOut,
  requireSight,
  route,
  sightOf,
  waitForPositions,
  type Answer,
  type Kit,
  type RouteSpec,
} from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import type { StoredDocument } from '@tenure/read-models';
import { z } from 'zod';
import type { Assessment } from '../assessment.ts';
import type { Published } from '../published.ts';
import { LEVELS } from '../rules.ts';
import type { AssessedSlices } from '../slices.ts';
import { signals } from '../signals/index.ts';
import { protectiveFactors } from '../protective/index.ts';

const Values = z.record(z.string(), z.union([z.string(), z.number()]));
const Evidence = z.array(Id).meta({ description: 'Ids of the newest events behind it, newest first.' });
const Named = { code: z.string(), en: z.string(), zh: z.string() };

const Risk = z.object({
  customerId: Id,
  businessDay: z.string().nullable(),
  rulesVersion: z.int().nullable(),
  score: z.int().nullable(),
  level: z.enum(LEVELS).nullable(),
  /** What the world was told: a level is left downwards later than it is reached. */
  published: z.object({ level: z.enum(LEVELS), since: z.string().nullable() }),
  churned: z.object({ on: z.string(), eventId: Id }).nullable(),
  signals: z.array(
    z.object({
      ...Named,
      severity: z.int(),
      weight: z.string(),
      contribution: z.int(),
      ageDays: z.int(),
      observed: Values,
      threshold: Values,
      evidence: Evidence,
    }),
  ),
  protective: z.array(z.object({ ...Named, factor: z.string(), evidence: Evidence })),
  stale: z.boolean(),
  asOf: AsOf,
});

export const customerChurnRoute = (definition: ProjectionDefinition): RouteSpec =>
  route({
    method: 'GET',
    path: '/api/customers/{id}/churn',
    summary: 'How much a customer is at risk, and why',
    tag: 'churn',
    access: { rights: ['open', 'masked'] },
    params: z.object({ id: Id }),
    query: z.object({ minPosition: Positions.optional() }),
    responses: {
      200: {
        description:
          'The assessment of the last closed day with what the open one has brought, largest first.',
        schema: Risk,
        headers: { 'X-Position': 'What it has folded.' },
      },
      308: { description: 'The customer was merged into the one that Location names.' },
    },
    problems: ['BEHIND', 'CUSTOMER_ERASED'],
    handle: async ({ params: { id }, query, path, principal }, kit) => {
      await waitForPositions(definition, query.minPosition, kit);
      const document = (await kit.reader.load(definition.name, [id])).get(id);
      if (document === undefined)
        throw new TenureError(
          'NOT_FOUND',
          'There is no customer with this id, or nothing is known of it yet.',
        );
      if (document.redirect !== null)
        return { status: 308, headers: { Location: path.replace(id, document.redirect) } };
      requireSight((await sightOf(principal, [document.key], kit.ownership))(document.key));
      return answerOf(document, definition.name, kit);
    },
  });

type Body = {
  readonly slices: AssessedSlices & { readonly churn: Published };
  readonly summary: Assessment | null;
};

/** @throws CUSTOMER_ERASED, BEHIND when the customer is parked and was never folded */
const answerOf = (stored: StoredDocument, projection: string, { reader }: Pick<Kit, 'reader'>): Answer => {
  if (stored.body === '')
    throw new TenureError('BEHIND', 'The customer could not be assessed yet; see the parked customers.', {
      asOf: reader.folded(projection),
    });
  const { slices, summary } = JSON.parse(stored.body) as Body;
  if (slices.customer.erased)
    throw new TenureError('CUSTOMER_ERASED', 'The customer was erased; nothing personal is left.');
  const { level, since, churned } = slices.churn;
  const asOf = reader.folded(projection);
  return {
    status: 200,
    headers: { 'X-Position': positionsOut(asOf) },
    body: {
      customerId: stored.id,
      businessDay: reader.businessDay(projection),
      rulesVersion: summary?.rules.version ?? null,
      score: summary?.score ?? null,
      level: summary?.level ?? null,
      published: { level, since },
      churned: churned === null ? null : { on: churned.on, eventId: churned.eventId },
      signals: (summary?.signals ?? [])
        .toSorted((a, b) => b.contribution - a.contribution || (a.code < b.code ? -1 : 1))
        .map((signal) => ({ ...namesIn(signals, signal.code), ...signal })),
      protective: (summary?.protective ?? []).map((factor) => ({
        ...namesIn(protectiveFactors, factor.code),
        ...factor,
      })),
      stale: stored.stale || (reader.generation(projection)?.stale ?? true),
      asOf,
    },
  };
};

type NamedCode = { readonly code: string; readonly en: string; readonly zh: string };

/** A code that this version does not know any more stands for itself. */
const namesIn = (known: readonly NamedCode[], code: string): { readonly en: string; readonly zh: string } => {
  const found = known.find((one) => one.code === code);
  return { en: found?.en ?? code, zh: found?.zh ?? code };
};

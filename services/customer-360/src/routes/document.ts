// `GET /api/customers/{id}/360`: everything about one customer.
import {
  AsOf,
  Id,
  Masked,
  openDocument,
  Positions,
  positionsOut,
  route,
  waitForPositions,
  type Answer,
  type Kit,
  type OpenedDocument,
  type RouteSpec,
} from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import type { StoredDocument } from '@tenure/read-models';
import { z } from 'zod';
import { storedCustomer } from './stored-customer.ts';

const Whole = z.object({
  customerId: Id,
  businessDay: z.string().nullable(),
  asOf: AsOf,
  generation: z.int(),
  stale: z.boolean(),
  slices: z.record(z.string(), z.unknown()),
  summary: z.record(z.string(), z.unknown()).nullable(),
  masked: Masked,
});

export const documentRoute = (definition: ProjectionDefinition): RouteSpec =>
  route({
    method: 'GET',
    path: '/api/customers/{id}/360',
    summary: 'Everything about one customer',
    tag: 'customers',
    access: { rights: ['open', 'masked'] },
    params: z.object({ id: Id }),
    query: z.object({ minPosition: Positions.optional() }),
    responses: {
      200: {
        description:
          'The document of the active generation. Personal values you may not see are null, see masked.',
        schema: Whole,
        headers: { ETag: 'Generation and revision of the document.', 'X-Position': 'What it has folded.' },
      },
      308: { description: 'The customer was merged into the one that Location names.' },
    },
    problems: ['BEHIND', 'CUSTOMER_ERASED'],
    handle: async ({ params, query, principal, requestId, path }, kit) => {
      await waitForPositions(definition, query.minPosition, kit);
      const { document, moved } = await storedCustomer(kit, definition.name, { id: params.id, path });
      if (document === undefined) return moved;
      const reading = { principal, requestId, route: 'GET /api/customers/{id}/360' };
      return documentAnswer(document, await openDocument(document, reading, kit), definition.name, kit);
    },
  });

const documentAnswer = (
  stored: StoredDocument,
  { slices, summary, masked }: OpenedDocument,
  projection: string,
  { reader }: Pick<Kit, 'reader'>,
): Answer => {
  const asOf = reader.folded(projection);
  const { generation, stale } = reader.generation(projection) ?? { generation: 0, stale: true };
  return {
    status: 200,
    headers: { ETag: `"${generation}.${stored.change}"`, 'X-Position': positionsOut(asOf) },
    body: {
      customerId: stored.id,
      businessDay: reader.businessDay(projection),
      asOf,
      generation,
      stale: stale || stored.stale,
      slices,
      summary,
      masked,
    },
  };
};

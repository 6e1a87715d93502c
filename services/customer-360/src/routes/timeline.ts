// `GET /api/customers/{id}/timeline`: everything that happened, straight from the log.
import {
  AsOf,
  Positions,
  positionsOut,
  route,
  timelinePage,
  TimelinePage,
  timelineParameters,
  TimelineParams,
  waitForPositions,
  type Kit,
  type RouteSpec,
} from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import { z } from 'zod';
import { storedCustomer } from './stored-customer.ts';

export const timelineRoute = (definition: ProjectionDefinition): RouteSpec =>
  route({
    method: 'GET',
    path: '/api/customers/{id}/timeline',
    summary: 'Every event about one customer, newest first',
    tag: 'customers',
    access: { rights: ['open', 'masked'] },
    params: TimelineParams,
    query: z.object({ ...timelineParameters, minPosition: Positions.optional() }),
    responses: {
      200: {
        description: 'A page, as old as the log. Personal values you may not see are null, see masked.',
        schema: TimelinePage.extend({ asOf: AsOf }),
        headers: { 'X-Position': 'What the page holds at least.' },
      },
      308: { description: 'The customer was merged into the one that Location names.' },
    },
    problems: ['BEHIND', 'CUSTOMER_ERASED'],
    handle: async ({ params: { id }, query, principal, requestId, path }, kit) => {
      const { minPosition, ...asked } = query;
      await waitForPositions(definition, minPosition, kit);
      // What a projection has folded stands in the log.
      const asOf = kit.reader.folded(definition.name);
      const { document, moved } = await storedCustomer(kit, definition.name, { id, path });
      if (document === undefined) return moved;
      const reading = { principal, requestId, route: 'GET /api/customers/{id}/timeline' };
      const keys = [id, ...(await kit.reader.absorbedBy(definition.name, id))] as const;
      const page = await timelinePage({ ...asked, keys, sources: sourcesOf(kit) }, reading, kit);
      return {
        status: 200,
        headers: { 'X-Position': positionsOut(asOf) },
        body: { ...page, asOf },
      };
    },
  });

/** Every source with events about customers. */
const sourcesOf = ({ services }: Pick<Kit, 'services'>): readonly string[] => [
  ...new Set(
    services.flatMap(({ name, aggregates }) =>
      aggregates.filter(({ customer }) => customer !== 'none').map(({ source }) => source ?? name),
    ),
  ),
];

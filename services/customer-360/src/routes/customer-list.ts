// `GET /api/customers`: by external id, by an exact phone, e-mail or name, by id, or by filters.
import {
  AsOf,
  InstantParameter,
  listPage,
  listParameters,
  positionsOut,
  route,
  Texts,
  waitForPositions,
  type Kit,
  sortOf,
  type RouteSpec,
} from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import type { Filter } from '@tenure/read-models';
import { z } from 'zod';
import { customerItem, CustomerItem } from '../customer-item.ts';
import { byExternalId, byPersonalValue, type SearchHash } from '../customer-search.ts';

export type ListParts = { readonly definition: ProjectionDefinition; readonly hashOf: SearchHash };

const DEFAULT_LIMIT = 50;
/** Ids in one customerId parameter. */
const MAX_IDS = 200;

/** Query parameter → indexed column. */
const COLUMNS = {
  owner: 'owner_id',
  stage: 'stage',
  lifecycle: 'lifecycle',
  status: 'status',
  level: 'level',
} as const;
const FILTERS = Object.keys(COLUMNS) as readonly (keyof typeof COLUMNS)[];
const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' } as const;
const SORTS: Readonly<Record<string, string>> = { ...TIMES, ...COLUMNS };

const ListQuery = z.object({
  externalId: z.string().min(1).max(264).optional(),
  q: z.string().min(1).max(200).optional(),
  customerId: Texts.refine((ids) => ids.length <= MAX_IDS, `at most ${MAX_IDS} ids`).optional(),
  owner: Texts.optional(),
  stage: Texts.optional(),
  lifecycle: Texts.optional(),
  status: Texts.optional(),
  level: Texts.optional(),
  createdFrom: InstantParameter.optional(),
  createdTo: InstantParameter.optional(),
  ...listParameters,
});
type ListQuery = z.output<typeof ListQuery>;

export const customerListRoute = ({ definition, hashOf }: ListParts): RouteSpec =>
  route({
    method: 'GET',
    path: '/api/customers',
    summary: 'Customers by external id, by an exact phone, e-mail or name, or by filters',
    tag: 'customers',
    access: { rights: ['open', 'masked'] },
    query: ListQuery,
    responses: {
      200: {
        description: 'A page, the ones that changed last first unless sorted otherwise.',
        schema: z.object({ items: z.array(CustomerItem), next: z.string().nullable(), asOf: AsOf }),
        headers: { 'X-Position': 'What the documents have folded.' },
      },
    },
    problems: ['BEHIND', 'AMBIGUOUS_EXTERNAL_ID'],
    handle: async ({ query, principal, requestId }, kit) => {
      const sort = sortOf(query.sort ?? '-updatedAt', SORTS);
      await waitForPositions(definition, query.minPosition, kit);
      const named = await namedCustomers(definition.name, query, hashOf, kit);
      const { rows, next, asOf } = await listPage(
        { route: '/api/customers', projection: definition, filters: [...named, ...filtersOf(query)], sort },
        { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor, principal },
        kit,
      );
      const reading = { principal, requestId, route: 'GET /api/customers' };
      const items = await customerItem(definition, rows, reading, kit);
      return {
        status: 200,
        headers: { 'X-Position': positionsOut(asOf) },
        body: { items, next, asOf },
      };
    },
  });

/** Customers that are named rather than filtered, each way a filter: whoever matches all of them is listed. */
const namedCustomers = async (
  projection: string,
  { customerId, externalId, q }: ListQuery,
  hashOf: SearchHash,
  { reader }: Pick<Kit, 'reader'>,
): Promise<readonly Filter[]> => {
  const ids = [
    customerId,
    externalId === undefined ? undefined : await byExternalId(reader, projection, externalId),
    q === undefined ? undefined : await byPersonalValue(reader, projection, q, hashOf),
  ];
  return ids.filter((found) => found !== undefined).map((value) => ({ column: 'id', op: 'in', value }));
};

const filtersOf = (query: ListQuery): readonly Filter[] => {
  const { createdFrom: from, createdTo: to } = query;
  const filters: Filter[] = [];
  for (const name of FILTERS) {
    const value = query[name];
    if (value !== undefined) filters.push({ column: COLUMNS[name], op: 'in', value });
  }
  if (from !== undefined) filters.push({ column: TIMES.createdAt, op: 'gte', value: from });
  if (to !== undefined) filters.push({ column: TIMES.createdAt, op: 'lt', value: to });
  return filters;
};

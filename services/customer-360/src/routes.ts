// Reading the whole customer: the document, and the customers that match.
import { TenureError } from '@tenure/core';
import {
  AsOf,
  Id,
  listPage,
  listParameters,
  Masked,
  openDocument,
  Positions,
  positionsOut,
  route,
  sightOf,
  Texts,
  valueOf,
  waitForPositions,
  type Answer,
  type Kit,
  type Question,
  type Row,
  type RouteSpec,
} from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import type { Filter, StoredDocument } from '@tenure/read-models';
import { z } from 'zod';
import { byExternalId, byPersonalValue, type SearchHash } from './customer-search.ts';
import { customerItem, CustomerItem } from './customer-item.ts';

export type ReadParts = {
  readonly definition: ProjectionDefinition;
  readonly hashOf: SearchHash;
};

/** The routes of customer-360. */
export const customer360Routes = (parts: ReadParts): readonly RouteSpec[] => [
  document360(parts),
  customerList(parts),
];

const document360 = ({ definition }: ReadParts): RouteSpec =>
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
        schema: z.object({
          customerId: Id,
          businessDay: z.string().nullable(),
          asOf: AsOf,
          generation: z.int(),
          stale: z.boolean(),
          slices: z.record(z.string(), z.unknown()),
          summary: z.record(z.string(), z.unknown()).nullable(),
          masked: Masked,
        }),
        headers: { ETag: 'Generation and revision of the document.', 'X-Position': 'What it has folded.' },
      },
      308: { description: 'The customer was merged into the one that Location names.' },
    },
    problems: ['BEHIND', 'CUSTOMER_ERASED'],
    handle: async ({ params, query, principal, requestId, path }, kit) => {
      await waitForPositions(definition, query.minPosition, kit);
      const stored = await found(kit, definition.name, params.id);
      if (stored.redirect !== null)
        return { status: 308, headers: { Location: path.replace(params.id, stored.redirect) } };
      const reading = { principal, requestId, route: 'GET /api/customers/{id}/360' };
      return documentAnswer(stored, await openDocument(stored, reading, kit), definition, kit);
    },
  });

/** @throws NOT_FOUND, CUSTOMER_ERASED */
const found = async (kit: Kit, projection: string, id: string): Promise<StoredDocument> => {
  const stored = (await kit.reader.load(projection, [id])).get(id);
  if (stored === undefined)
    throw new TenureError('NOT_FOUND', 'There is no customer with this id, or nothing is known of it yet.');
  if (stored.redirect === null && statusOf(stored) === 'Erased')
    throw new TenureError('CUSTOMER_ERASED', 'The customer was erased; nothing personal is left.');
  return stored;
};

const statusOf = (stored: StoredDocument): string =>
  (JSON.parse(stored.body) as { slices: { customer: { status: string } } }).slices.customer.status;

const documentAnswer = (
  stored: StoredDocument,
  opened: Awaited<ReturnType<typeof openDocument>>,
  definition: ProjectionDefinition,
  { reader }: Kit,
): Answer => {
  const asOf = reader.folded(definition.name);
  const { generation, stale } = reader.generation(definition.name) ?? { generation: 0, stale: true };
  return {
    status: 200,
    headers: { ETag: `"${generation}.${stored.change}"`, 'X-Position': positionsOut(asOf) },
    body: {
      customerId: stored.id,
      businessDay: reader.businessDay(definition.name),
      asOf,
      generation,
      stale: stale || stored.stale,
      slices: opened.slices,
      summary: opened.summary,
      masked: opened.masked,
    },
  };
};

/** Query parameter → indexed column. */
const FILTERS = { owner: 'owner_id', stage: 'stage', lifecycle: 'lifecycle', status: 'status' } as const;
const SORTS: Readonly<Record<string, string>> = { updatedAt: 'updated_at', ...FILTERS };
const DEFAULT_LIMIT = 50;

const ListQuery = z.object({
  externalId: z.string().min(1).max(264).optional(),
  q: z.string().min(1).max(200).optional(),
  owner: z.string().max(64).optional(),
  stage: Texts.optional(),
  lifecycle: Texts.optional(),
  status: Texts.optional(),
  ...listParameters,
});
type ListQuery = z.output<typeof ListQuery>;

const customerList = (parts: ReadParts): RouteSpec => {
  const { definition } = parts;
  return route({
    method: 'GET',
    path: '/api/customers',
    summary: 'Customers by external id, by an exact phone, e-mail or name, or by filters',
    tag: 'customers',
    access: { rights: ['open', 'masked'] },
    query: ListQuery,
    responses: {
      200: {
        description: 'A page.',
        schema: z.object({ items: z.array(CustomerItem), next: z.string().nullable(), asOf: AsOf }),
        headers: { 'X-Position': 'What the documents have folded.' },
      },
    },
    problems: ['BEHIND', 'AMBIGUOUS_EXTERNAL_ID'],
    handle: async ({ query, principal, requestId }, kit) => {
      await waitForPositions(definition, query.minPosition, kit);
      const asOf = kit.reader.folded(definition.name);
      const direct = await directMatches(parts, query, kit);
      const page =
        direct === null
          ? await listPage(
              questionOf(definition, query),
              { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor, principal },
              kit,
            )
          : {
              rows: await visible(
                direct.filter((document) => passes(definition, query, document)),
                principal,
                kit,
              ),
              next: null,
            };
      const reading = { principal, requestId, route: 'GET /api/customers' };
      const items = await customerItem(definition, page.rows, reading, kit);
      return {
        status: 200,
        headers: { 'X-Position': positionsOut(asOf) },
        body: { items, next: page.next, asOf },
      };
    },
  });
};

/** Matches of `externalId` and `q`; null when neither is asked for. Both: documents that match both. */
const directMatches = async (
  { hashOf }: ReadParts,
  { externalId, q }: ListQuery,
  kit: Kit,
): Promise<readonly StoredDocument[] | null> => {
  const byId = externalId === undefined ? null : await byExternalId(kit.reader, externalId);
  const byValue = q === undefined ? null : await byPersonalValue(kit.reader, q, hashOf);
  if (byId === null || byValue === null) return byId ?? byValue;
  return byId.filter(({ id }) => byValue.some((other) => other.id === id));
};

const visible = async (
  documents: readonly StoredDocument[],
  principal: Parameters<typeof sightOf>[0],
  kit: Kit,
): Promise<readonly Row[]> => {
  const sight = await sightOf(
    principal,
    documents.map(({ key }) => key),
    kit.ownership,
  );
  return documents
    .map((document): Row => ({ document, sight: sight(document.key) }))
    .filter((row) => row.sight !== 'none');
};

const filtersOf = ({ owner, stage, lifecycle, status }: ListQuery): readonly Filter[] => [
  ...(owner === undefined ? [] : [{ column: FILTERS.owner, op: 'eq' as const, value: owner }]),
  ...(stage === undefined ? [] : [{ column: FILTERS.stage, op: 'in' as const, value: stage }]),
  ...(lifecycle === undefined ? [] : [{ column: FILTERS.lifecycle, op: 'in' as const, value: lifecycle }]),
  ...(status === undefined ? [] : [{ column: FILTERS.status, op: 'in' as const, value: status }]),
];

/** The filters on documents that were found directly. */
const passes = (projection: ProjectionDefinition, query: ListQuery, document: StoredDocument): boolean =>
  filtersOf(query).every(({ column, value }) => {
    const present = valueOf({ projection }, document, column);
    return Array.isArray(value) ? value.includes(present) : value === present;
  });

const questionOf = (projection: ProjectionDefinition, query: ListQuery): Question => ({
  route: '/api/customers',
  projection,
  filters: filtersOf(query),
  sort: sortOf(query.sort ?? '-updatedAt'),
});

/** @throws INVALID */
const sortOf = (sort: string): Question['sort'] => {
  const descending = sort.startsWith('-');
  const column = SORTS[descending ? sort.slice(1) : sort];
  if (column !== undefined) return { column, descending };
  const message = `must be one of ${Object.keys(SORTS).join(', ')}, with - in front for descending`;
  throw new TenureError('INVALID', 'The list cannot be sorted like this.', {
    errors: [{ path: '/sort', message }],
  });
};

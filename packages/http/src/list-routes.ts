// `GET /api/orders` and its like, made from the list model of each aggregate.
import {
  LIST_COLUMNS,
  LIST_CUSTOMER,
  lookupName,
  PARTY_TABLE,
  readerLookups,
  withAbsorbed,
  type AggregateSpec,
  type ServiceDefinition,
} from '@tenure/service-kit';
import type { Column, ProjectionDefinition } from '@tenure/projections';
import type { Filter, Scalar, Vector } from '@tenure/read-models';
import { z } from 'zod';
import {
  AsOf,
  Cursor,
  Id,
  Instant,
  InstantParameter,
  instantOut,
  Limit,
  Positions,
  positionsOut,
  Texts,
} from './json-forms.ts';
import type { Kit } from './kit.ts';
import { listPage, sortOf, valueOf, waitForPositions, type Question, type Row } from './listing.ts';
import { invalid } from './problems.ts';
import { route, type RouteSpec } from './route.ts';

const DEFAULT_LIMIT = 50;
/** Ids in one customerId parameter. */
const MAX_IDS = 200;

export const listRoutes = (services: readonly ServiceDefinition[]): readonly RouteSpec[] =>
  services.flatMap((service) =>
    service.aggregates.flatMap((spec) =>
      spec.list === undefined ? [] : [listRoute(service, { ...spec, list: spec.list })],
    ),
  );

/** The parameters every list has; a list adds its own filters. */
export const listParameters = {
  sort: z.string().max(60).optional(),
  limit: Limit.optional(),
  cursor: Cursor.optional(),
  minPosition: Positions.optional(),
};

/** An aggregate that has a list model: another one's list is answered elsewhere. */
type Listed = AggregateSpec & { readonly list: ProjectionDefinition };

const listRoute = (service: ServiceDefinition, spec: Listed): RouteSpec => {
  const columns = columnsOf(spec);
  return route({
    method: 'GET',
    path: `/api/${spec.plural}`,
    summary: `The ${spec.plural} that you may see`,
    tag: spec.plural,
    access: { rights: ['open', 'masked'] },
    query: z.object({
      customerId: Texts.refine((ids) => ids.length <= MAX_IDS, `at most ${MAX_IDS} ids`).optional(),
      status: Texts.optional(),
      createdFrom: InstantParameter.optional(),
      createdTo: InstantParameter.optional(),
      ...listParameters,
      ...Object.fromEntries(
        Object.keys(spec.filters ?? {}).map((name) => [name, z.string().max(200).optional()]),
      ),
    }),
    responses: {
      200: {
        description: 'A page, newest first unless sorted otherwise.',
        schema: z.object({ items: z.array(itemSchema(columns)), next: z.string().nullable(), asOf: AsOf }),
        headers: { 'X-Position': 'What the list has folded.' },
      },
    },
    problems: ['BEHIND'],
    handle: async ({ query, principal }, kit) => {
      await waitForPositions(spec.list, query.minPosition, kit);
      const question: Question = {
        route: `/api/${spec.plural}`,
        projection: spec.list,
        filters: await filtersOf(service, spec, query, kit),
        asked: [...commonFilters(query), ...ownFilters(spec, query)],
        sort: sortOf(query.sort ?? '-createdAt', sortable(columns)),
        ownerColumn: spec.ownerOf && spec.filters?.['owner']?.column,
      };
      const request = { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor, principal };
      const page = await listPage(question, request, kit);
      const items = page.rows.map((row) => itemOf(question, columns, row));
      return {
        status: 200,
        headers: { 'X-Position': positionsOut(page.asOf) },
        body: { items, next: page.next, asOf: page.asOf },
      };
    },
  });
};

/** API name → column of the list model. */
type Columns = ReadonlyMap<string, Column>;

const columnsOf = (spec: Listed): Columns => {
  // The key of a fact about nobody is no customer.
  const { customerId, ...common } = LIST_COLUMNS;
  const named: Record<string, string> = spec.customer === 'none' ? { ...common } : { customerId, ...common };
  for (const [name, filter] of Object.entries(spec.filters ?? {}))
    // A range filter (closeFrom, closeTo) reads a column that shows under its own name.
    named[filter.op === 'eq' || filter.op === 'in' ? name : camel(filter.column)] = filter.column;
  const byName = new Map(spec.list.columns.map((column) => [column.name, column]));
  return new Map(
    Object.entries(named).map(([name, column]) => {
      const found = byName.get(column);
      if (found === undefined)
        throw new TypeError(`The list ${spec.list.name} has no column ${column} for ${name}.`);
      return [name, found];
    }),
  );
};

const camel = (column: string): string =>
  column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const isInstant = (column: Column): boolean => column.unit === 'ms';

const itemSchema = (columns: Columns): z.ZodType =>
  z.object({
    id: Id,
    ...Object.fromEntries(
      [...columns].map(([name, column]) => [
        name,
        (isInstant(column) ? Instant : column.type === 'text' ? z.string() : z.number()).nullable(),
      ]),
    ),
  });

const itemOf = (question: Question, columns: Columns, { document }: Row): object => {
  const item: Record<string, Scalar> = { id: document.id };
  for (const [name, column] of columns) {
    const value = valueOf(question, document, column.name);
    item[name] = isInstant(column) && typeof value === 'number' ? instantOut(value) : value;
  }
  return item;
};

/** The customers a list is asked for, with everybody merged into them: his own service knows them. */
const mergedInto = async (
  service: ServiceDefinition,
  customerIds: readonly string[],
  { minPosition }: { readonly minPosition?: Vector | undefined },
  kit: Pick<Kit, 'reader'>,
): Promise<readonly string[]> => {
  const parties = service.lookups?.find(({ name }) => name === lookupName(service.name, PARTY_TABLE));
  if (parties === undefined) return customerIds;
  await waitForPositions(parties, minPosition, kit);
  return withAbsorbed(readerLookups(service, kit.reader), customerIds);
};

/** Rows of one customer that an aggregate about nobody may have. */
const MAX_ABOUT = 1_000;

/** The rows of the customers asked for: by their key, or by the fields in which an aggregate about nobody names them. */
const customersFilter = async (
  service: ServiceDefinition,
  spec: Listed,
  query: Asked,
  kit: Pick<Kit, 'reader'>,
): Promise<Filter> => {
  const ids = await mergedInto(service, query.customerId ?? [], query, kit);
  if (spec.customer !== 'none') return { column: LIST_COLUMNS.customerId, op: 'in', value: ids };
  const found = await Promise.all(
    ids.map((hash) => kit.reader.search(spec.list.name, { kind: LIST_CUSTOMER, hash }, MAX_ABOUT)),
  );
  return { column: 'id', op: 'in', value: [...new Set(found.flat())] };
};

type Asked = Parameters<typeof commonFilters>[0] & { readonly minPosition?: Vector | undefined };

const filtersOf = async (
  service: ServiceDefinition,
  spec: Listed,
  query: Asked,
  kit: Pick<Kit, 'reader'>,
): Promise<readonly Filter[]> => [
  ...(query.customerId === undefined ? [] : [await customersFilter(service, spec, query, kit)]),
  ...commonFilters({ ...query, customerId: undefined }),
  ...ownFilters(spec, query),
];

const commonFilters = (query: {
  readonly customerId?: readonly string[] | undefined;
  readonly status?: readonly string[] | undefined;
  readonly createdFrom?: number | undefined;
  readonly createdTo?: number | undefined;
}): readonly Filter[] => {
  const filters: Filter[] = [];
  const { customerId, status, createdFrom, createdTo } = query;
  if (customerId) filters.push({ column: LIST_COLUMNS.customerId, op: 'in', value: customerId });
  if (status) filters.push({ column: LIST_COLUMNS.status, op: 'in', value: status });
  if (createdFrom !== undefined)
    filters.push({ column: LIST_COLUMNS.createdAt, op: 'gte', value: createdFrom });
  if (createdTo !== undefined) filters.push({ column: LIST_COLUMNS.createdAt, op: 'lt', value: createdTo });
  return filters;
};

const ownFilters = (spec: Listed, query: Readonly<Record<string, unknown>>): readonly Filter[] =>
  Object.entries(spec.filters ?? {}).flatMap(([name, { column, op }]) => {
    const given = query[name];
    if (typeof given !== 'string') return [];
    const found = spec.list.columns.find((candidate) => candidate.name === column);
    const texts = op === 'in' ? given.split(',') : [given];
    const values = texts.map((text) => scalarOf(name, text, found));
    return [{ column, op, value: op === 'in' ? values : (values[0] ?? null) }];
  });

/** A filter's text as its column holds it. @throws INVALID */
const scalarOf = (name: string, text: string, column: Column | undefined): Scalar => {
  if (column === undefined || column.type === 'text') return text;
  if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
  const value = isInstant(column) ? Date.parse(text) : Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw invalid([
      { path: `/${name}`, message: isInstant(column) ? 'must be an instant' : 'must be a number' },
    ]);
  return value;
};

/** The names a list can be sorted by, and the columns behind them. */
const sortable = (columns: Columns): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...columns].filter(([, { indexed }]) => indexed).map(([name, column]) => [name, column.name]),
  );

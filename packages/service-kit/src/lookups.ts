// Lookups over the read models of a service.
import type { ProjectionReader } from '@tenure/projections';
import type { Query, StoredDocument } from '@tenure/read-models';
import { TenureError } from '@tenure/core';
import type { Lookups, ServiceDefinition, TableQuery } from './definition.ts';
import { lookupName } from './party-lookup.ts';

/** One statement's worth; a tick rarely asks for more. */
const MAX_TOGETHER = 500;

type Waiting = {
  readonly id: string;
  readonly resolve: (document: StoredDocument | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** What a decision may look at: beyond it a count or a narrower filter is meant. */
export const MAX_TABLE_ROWS = 1_000;

/** What lookups need of the service: its name, and which list models it has. */
export type LookedUp = Pick<ServiceDefinition, 'name'> & Partial<Pick<ServiceDefinition, 'aggregates'>>;

/** The projection behind a table of a service: a list model by its plural, else a lookup. */
const tableNames = ({ name, aggregates = [] }: LookedUp): ((table: string) => string) => {
  const lists = new Map(aggregates.flatMap(({ plural, list }) => (list ? [[plural, list.name]] : [])));
  return (table) => lists.get(table) ?? lookupName(name, table);
};

/** The lookup tables and list models of one service. Rows asked for in one tick are loaded together. */
export const readerLookups = (
  service: LookedUp,
  reader: Pick<ProjectionReader, 'load' | 'search' | 'searchOf' | 'query' | 'count'>,
): Lookups => {
  const nameOf = tableNames(service);
  const queues = new Map<string, Waiting[]>();
  const drain = async (table: string): Promise<void> => {
    await Promise.resolve(); // the rest of the tick joins
    const asked = queues.get(table) ?? [];
    queues.delete(table);
    for (let from = 0; from < asked.length; from += MAX_TOGETHER)
      await answer(reader, nameOf(table), asked.slice(from, from + MAX_TOGETHER));
  };
  return {
    get: (table, id) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(table);
        if (queue !== undefined) queue.push({ id, resolve, reject });
        else {
          queues.set(table, [{ id, resolve, reject }]);
          void drain(table);
        }
      }),
    search: (table, kind, hash, limit) => reader.search(nameOf(table), { kind, hash }, limit),
    entries: (table, id) => reader.searchOf(nameOf(table), id),
    query: async (table, query) => reader.query(nameOf(table), pageOf(query)),
    count: (table, filters) => reader.count(nameOf(table), filters),
  };
};

/** The lookups of each of these services by its name. */
export const lookupsOver =
  (services: readonly LookedUp[], reader: Parameters<typeof readerLookups>[1]) =>
  (name: string): Lookups =>
    readerLookups(services.find((service) => service.name === name) ?? { name }, reader);

const BY_ID = { column: 'id', descending: false } as const;

/** @throws LIMIT_EXCEEDED */
const pageOf = ({ filters, sort = BY_ID, limit }: TableQuery): Query => {
  if (limit > MAX_TABLE_ROWS)
    throw new TenureError(
      'LIMIT_EXCEEDED',
      'A decision looks at 1,000 rows of a table at most; filter further, or count.',
      { limit: MAX_TABLE_ROWS },
    );
  return { filters, sort, after: null, limit };
};

/** Answers all who asked; never rejects. */
const answer = async (
  reader: Pick<ProjectionReader, 'load'>,
  name: string,
  asked: readonly Waiting[],
): Promise<void> => {
  try {
    const found = await reader.load(name, [...new Set(asked.map(({ id }) => id))]);
    for (const { id, resolve } of asked) resolve(found.get(id));
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
};

// The tables of a service folded anew at every question: what the projection engine would show when it has caught up.
import type { DecodedEvent } from '@tenure/events';
import type { ProjectionDefinition } from '@tenure/projections';
import { lookupName, type Lookups, type ServiceDefinition, type TableFilters } from '@tenure/service-kit';

type Row = {
  readonly id: string;
  readonly body: string;
  readonly columns: Readonly<Record<string, unknown>>;
};

const foldTable = (definition: ProjectionDefinition, events: readonly DecodedEvent[]): readonly Row[] => {
  const documents = new Map<string, Record<string, unknown>>();
  for (const event of events) {
    const slice = definition.slices[event.source];
    const handler = slice?.on[event.type];
    const id = definition.documentId === undefined ? event.key : definition.documentId(event);
    if (slice === undefined || handler === undefined || id === null) continue;
    const before =
      documents.get(id) ??
      Object.fromEntries(Object.entries(definition.slices).map(([source, { init }]) => [source, init()]));
    documents.set(id, { ...before, [event.source]: handler(before[event.source], event, id) });
  }
  return [...documents].map(([id, slices]) => ({
    id,
    body: JSON.stringify({ slices, summary: null }),
    columns: Object.fromEntries(
      definition.columns.map(({ name, value }) => [name, value({ id, slices, summary: null })]),
    ),
  }));
};

const meets = ({ columns }: Row, filters: TableFilters): boolean =>
  filters.every(({ column, op, value }) =>
    op === 'in' ? (value as readonly unknown[]).includes(columns[column]) : columns[column] === value,
  );

export const tables = (
  service: ServiceDefinition,
  events: () => Promise<readonly DecodedEvent[]>,
): Lookups => {
  const definitionOf = (table: string): ProjectionDefinition => {
    const list = service.aggregates.find(({ plural }) => plural === table)?.list;
    const lookup = service.lookups?.find(({ name }) => name === lookupName(service.name, table));
    const found = list ?? lookup;
    if (found === undefined) throw new Error(`there is no table ${table}`);
    return found;
  };
  const rowsOf = async (table: string): Promise<readonly Row[]> =>
    foldTable(definitionOf(table), await events());
  const stored = ({ id, body }: Row) => ({ id, key: id, body, redirect: null });
  return {
    get: async (table, id) => (await rowsOf(table)).filter((row) => row.id === id).map(stored)[0] as never,
    search: async () => [],
    entries: async () => [],
    query: async (table, { filters, limit }) =>
      (await rowsOf(table))
        .filter((row) => meets(row, filters))
        .slice(0, limit)
        .map(stored) as never,
    count: async (table, filters) => (await rowsOf(table)).filter((row) => meets(row, filters)).length,
  };
};

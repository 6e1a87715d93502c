// The tables of services, folded anew from their stores at every question. They may lag: each source is folded as far as
// the world says, and never goes back.
import type { DecodedEvent } from '../../packages/events/src/index.ts';
import type { Document, ProjectionDefinition } from '../../packages/projections/src/index.ts';
import type { Filter, Query, Scalar, StoredDocument } from '../../packages/read-models/src/index.ts';

/** Every event of a source up to where the tables have folded it. */
export type Folded = (source: string) => Promise<readonly DecodedEvent[]>;

type Row = { readonly key: string; readonly slices: Record<string, unknown> };

const rowsOf = async (
  definition: ProjectionDefinition,
  folded: Folded,
): Promise<ReadonlyMap<string, Row>> => {
  const rows = new Map<string, Row>();
  for (const [source, slice] of Object.entries(definition.slices))
    for (const event of await folded(source)) {
      const handler = slice.on[event.type];
      const id = definition.documentId === undefined ? event.key : definition.documentId(event);
      if (handler === undefined || id === null) continue;
      const row = rows.get(id) ?? { key: event.key, slices: {} };
      row.slices[source] = handler(row.slices[source] ?? slice.init(), event, id);
      rows.set(id, row);
    }
  return rows;
};

const stored = (definition: ProjectionDefinition, id: string, { key, slices }: Row): StoredDocument => {
  const document: Document = { id, slices, summary: null };
  return {
    id,
    key,
    body: JSON.stringify({ slices, summary: null }),
    vector: {},
    sealed: null,
    partition: 0,
    stale: false,
    redirect: null,
    wakeAt: null,
    change: 0,
    columns: definition.columns.map(({ value }) => value(document)),
  };
};

const meets = (value: Scalar, { op, value: wanted }: Filter): boolean => {
  if (op === 'in') return (wanted as readonly Scalar[]).includes(value);
  if (value === null || wanted === null || Array.isArray(wanted)) return false;
  const other = wanted as string | number;
  switch (op) {
    case 'eq':
      return value === other;
    case 'gte':
      return value >= other;
    case 'lte':
      return value <= other;
    case 'lt':
      return value < other;
    case 'gt':
      return value > other;
    default:
      return op satisfies never;
  }
};

const byValue = (a: Scalar, b: Scalar): number => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1);

/** What `readerLookups` needs of the projection reader. */
export const foldingReader = (definitions: readonly ProjectionDefinition[], folded: Folded) => {
  const all = async (name: string) => {
    const definition = definitions.find((one) => one.name === name);
    if (definition === undefined) throw new TypeError(`no table ${name} in this world`);
    const documents = [...(await rowsOf(definition, folded))].map(([id, row]) => stored(definition, id, row));
    const valueOf = (document: StoredDocument, column: string): Scalar =>
      column === 'id'
        ? document.id
        : (document.columns[definition.columns.findIndex((one) => one.name === column)] ?? null);
    return { documents, valueOf };
  };
  const matching = async (name: string, filters: readonly Filter[]) => {
    const { documents, valueOf } = await all(name);
    const found = documents.filter((document) =>
      filters.every((filter) => meets(valueOf(document, filter.column), filter)),
    );
    return { found, valueOf };
  };
  return {
    async load(name: string, ids: readonly string[]) {
      const { documents } = await all(name);
      return new Map(documents.filter(({ id }) => ids.includes(id)).map((one) => [one.id, one]));
    },
    search: async () => [],
    searchOf: async () => [],
    async query(name: string, { filters, sort, limit }: Query) {
      const { found, valueOf } = await matching(name, filters);
      const sign = sort.descending ? -1 : 1;
      return found
        .toSorted((a, b) => sign * byValue(valueOf(a, sort.column), valueOf(b, sort.column)))
        .slice(0, limit);
    },
    count: async (name: string, filters: readonly Filter[]) => (await matching(name, filters)).found.length,
  };
};

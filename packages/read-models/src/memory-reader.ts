// The reading half of a generation in memory.
import { TenureError } from '@tenure/core';
import type {
  Filter,
  GenerationInfo,
  ModelShape,
  Query,
  Reader,
  Scalar,
  StoredDocument,
  SearchEntry,
} from './read-models.ts';
import type { MemoryStore } from './memory-store.ts';

/** The order of SQLite: null, numbers, text by its UTF-8 bytes. */
const compare = (a: Scalar, b: Scalar): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
};

const byId = (a: StoredDocument, b: StoredDocument): number => compare(a.id, b.id);

const matches = (value: Scalar, { op, value: wanted }: Filter): boolean => {
  if (op === 'in' && Array.isArray(wanted)) return (wanted as readonly Scalar[]).includes(value);
  if (typeof wanted === 'object' && wanted !== null)
    throw new TenureError('FILTER_INVALID', `The filter ${op} takes one value, not a list.`);
  if (op === 'eq' || op === 'in') return value === wanted;
  if (value === null || wanted === null) return false;
  const order = compare(value, wanted);
  switch (op) {
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    default:
      return op satisfies never;
  }
};

export const memoryReader = (store: MemoryStore, shape: ModelShape, info: GenerationInfo): Reader => {
  // The columns of the shape where the store has them; a store of an older shape may lack some.
  const places = shape.columns.map(({ name }) => store.columns.findIndex((column) => column.name === name));
  const seen = (document: StoredDocument): StoredDocument => ({
    ...document,
    columns: places.map((place) => document.columns[place] ?? null),
  });
  const all = (): readonly StoredDocument[] => [...store.documents.values()].map(seen);
  return {
    info,
    load: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const document = store.documents.get(id);
          return document === undefined ? [] : [[id, seen(document)] as const];
        }),
      ),
    byKey: async (key) =>
      all()
        .filter((document) => document.key === key)
        .toSorted(byId),
    absorbedBy: async (id) =>
      all()
        .filter(({ redirect }) => redirect === id)
        .map((document) => document.id)
        .toSorted(compare),
    scan: async (after, limit) =>
      all()
        .filter(({ id }) => compare(id, after) > 0)
        .toSorted(byId)
        .slice(0, limit),
    query: async (query) => pageOf(all(), shape, query),
    count: async (filters) => passing(all(), shape, filters).length,
    search: async ({ kind, hash }, limit) =>
      [...store.search]
        .filter(([, entries]) => entries.some((entry) => entry.kind === kind && entry.hash === hash))
        .map(([id]) => id)
        .toSorted(compare)
        .slice(0, limit),
    searchOf: async (id) => entriesOf(store.search.get(id) ?? []),
    due: async (partition, instant, limit) =>
      all()
        .filter((one) => one.partition === partition && one.wakeAt !== null && one.wakeAt <= instant)
        .toSorted((a, b) => compare(a.wakeAt, b.wakeAt) || byId(a, b))
        .slice(0, limit)
        .map(({ id }) => id),
    ...progressOf(store, all),
    close: async () => {},
  };
};

const entriesOf = (entries: readonly SearchEntry[]): readonly SearchEntry[] =>
  [...new Map(entries.map((entry) => [`${entry.kind}\n${entry.hash}`, entry])).values()].toSorted(
    (a, b) => compare(a.kind, b.kind) || compare(a.hash, b.hash),
  );

const columnOf = (shape: ModelShape, name: string): ((document: StoredDocument) => Scalar) => {
  if (name === 'id') return ({ id }) => id;
  const place = shape.columns.findIndex((one) => one.name === name);
  if (place < 0) throw new TenureError('COLUMN_UNKNOWN', `${shape.model} has no column ${name}.`);
  return ({ columns }) => columns[place] ?? null;
};

const passing = (
  documents: readonly StoredDocument[],
  shape: ModelShape,
  filters: readonly Filter[],
): readonly StoredDocument[] => {
  const conditions = filters.map((filter) => ({ filter, value: columnOf(shape, filter.column) }));
  return documents
    .filter((document) => document.redirect === null)
    .filter((document) => conditions.every(({ filter, value }) => matches(value(document), filter)));
};

const pageOf = (
  documents: readonly StoredDocument[],
  shape: ModelShape,
  { filters, sort, after, limit }: Query,
): readonly StoredDocument[] => {
  const sortValue = columnOf(shape, sort.column);
  const sign = sort.descending ? -1 : 1;
  const order = (value: Scalar, id: string, other: Scalar, otherId: string): number =>
    sign * (compare(value, other) || compare(id, otherId));
  const last = after !== null && sort.column === 'id' ? { value: after.id, id: after.id } : after;
  return passing(documents, shape, filters)
    .filter((one) => last === null || order(sortValue(one), one.id, last.value, last.id) > 0)
    .toSorted((a, b) => order(sortValue(a), a.id, sortValue(b), b.id))
    .slice(0, limit);
};

const progressOf = (
  store: MemoryStore,
  all: () => readonly StoredDocument[],
): Pick<Reader, 'checkpoints' | 'parked' | 'refolds' | 'changes' | 'stats'> => ({
  changes: async (partition, change, limit) =>
    all()
      .filter((document) => document.partition === partition && document.change > change)
      .toSorted((a, b) => a.change - b.change)
      .slice(0, limit),
  checkpoints: async () =>
    [...store.checkpoints.values()].toSorted(
      (a, b) => compare(a.source, b.source) || a.partition - b.partition,
    ),
  parked: async () => [...store.parked.values()].toSorted((a, b) => compare(a.key, b.key)),
  refolds: async (limit) => [...store.refolds.values()].slice(0, limit),
  stats: async () => {
    const documents = [...store.documents.values()];
    return {
      documents: documents.filter(({ redirect }) => redirect === null).length,
      parked: [...store.parked.values()].filter(({ skipped }) => skipped === null).length,
      bytes: documents.reduce((bytes, document) => bytes + document.body.length, 0),
    };
  },
});

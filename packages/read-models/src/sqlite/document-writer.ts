// Writing documents: one look-up, then an insert or an update that touches only the indexes whose values changed.
import type { ColumnShape, DocumentWrite, Scalar } from '../read-models.ts';
import type { Database, SqlValue } from './database.ts';
import { sqlColumn } from './schema.ts';

// An update names the columns to set, and SQLite rewrites the index of every column that is named. Which indexed
// columns change together repeats from batch to batch; beyond this many combinations all of them are named.
const MAX_UPDATE_SHAPES = 64;

/** Number, search entries and indexed values of the stored document. */
type Stored = readonly [number: number, search: string | null, ...indexed: Scalar[]];

export type DocumentWriter = {
  /** Writes a document under a change number. `keepSearch`: also maintains the search table (not during a build). */
  write(document: DocumentWrite, change: number, keepSearch: boolean): void;
  remove(id: string, keepSearch: boolean): void;
};

const searchText = (document: DocumentWrite): string | null =>
  document.search.length === 0 ? null : JSON.stringify(document.search.map(({ kind, hash }) => [kind, hash]));

export const documentWriter = (database: Database, columns: readonly ColumnShape[]): DocumentWriter => {
  const indexed = columns.flatMap((column, i) =>
    column.indexed ? [{ sql: sqlColumn(column.name), i }] : [],
  );
  const plain = columns.flatMap((column, i) => (column.indexed ? [] : [{ sql: sqlColumn(column.name), i }]));
  // The moving ones among our own indexed columns are told apart like those of the shape.
  const moving = ['key', 'partition', 'redirect', 'wake_at', ...indexed.map(({ sql }) => sql)];
  const still = ['change', 'stale', 'vector', 'search', 'sealed', 'body', ...plain.map(({ sql }) => sql)];
  const names = ['id', ...still, ...moving];
  const INSERT = `INSERT INTO document (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  const FIND = `SELECT number, search, ${moving.join(', ')} FROM document WHERE id = ?`;
  const updates = new Map<string, string>();

  const movingValues = (document: DocumentWrite): readonly SqlValue[] => [
    document.key,
    document.partition,
    document.redirect,
    document.wakeAt,
    ...indexed.map(({ i }) => document.columns[i] ?? null),
  ];
  const stillValues = (
    document: DocumentWrite,
    change: number,
    search: string | null,
  ): readonly SqlValue[] => [
    change,
    document.stale ? 1 : 0,
    JSON.stringify(document.vector),
    search,
    document.sealed,
    document.body,
    ...plain.map(({ i }) => document.columns[i] ?? null),
  ];
  const updateOf = (changed: readonly number[]): string => {
    const shape = changed.join();
    const known = updates.get(shape);
    if (known !== undefined) return known;
    const set = [...still, ...changed.map((i) => moving[i])].map((name) => `${name} = ?`).join(', ');
    const sql = `UPDATE document SET ${set} WHERE number = ?`;
    updates.set(shape, sql);
    return sql;
  };
  const replaceSearch = (id: string, before: string | null, after: string | null): void => {
    if (before === after) return;
    for (const [kind, hash] of entriesOf(before))
      database.run('DELETE FROM search WHERE kind = ? AND hash = ? AND id = ?', kind, hash, id);
    for (const [kind, hash] of entriesOf(after))
      database.run('INSERT OR IGNORE INTO search (kind, hash, id) VALUES (?, ?, ?)', kind, hash, id);
  };

  return {
    write(document, change, keepSearch) {
      const search = searchText(document);
      const values = movingValues(document);
      const [number, before, ...stored] = database.get<Stored>(FIND, document.id) ?? [];
      if (number === undefined)
        database.run(INSERT, document.id, ...stillValues(document, change, search), ...values);
      else {
        let changed = values.flatMap((value, i) => (value === stored[i] ? [] : [i]));
        if (updates.size >= MAX_UPDATE_SHAPES && !updates.has(changed.join())) changed = [...moving.keys()];
        const set = changed.map((i) => values[i] ?? null);
        database.run(updateOf(changed), ...stillValues(document, change, search), ...set, number);
      }
      if (keepSearch) replaceSearch(document.id, before ?? null, search);
    },
    remove(id, keepSearch) {
      const [number, before] = database.get<Stored>(FIND, id) ?? [];
      if (number === undefined) return;
      database.run('DELETE FROM document WHERE number = ?', number);
      if (keepSearch) replaceSearch(id, before ?? null, null);
    },
  };
};

const entriesOf = (search: string | null): readonly (readonly [string, string])[] =>
  search === null ? [] : (JSON.parse(search) as readonly (readonly [string, string])[]);

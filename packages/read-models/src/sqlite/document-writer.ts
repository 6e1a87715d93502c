// Writing documents: one look-up, then an insert or an update that touches only the indexes whose values changed.
import type { DocumentWrite, Scalar } from '../read-models.ts';
import type { Database, SqlValue } from './database.ts';
import { rowLayout, searchText, storedEntries, type RowLayout } from './row-layout.ts';
import type { ColumnShape } from '../read-models.ts';

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

export const documentWriter = (database: Database, columns: readonly ColumnShape[]): DocumentWriter => {
  const layout = rowLayout(columns);
  const names = ['id', ...layout.still, ...layout.moving];
  const INSERT = `INSERT INTO document (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  const FIND = `SELECT number, search, ${layout.moving.join(', ')} FROM document WHERE id = ?`;
  const updateOf = updatesOf(layout);
  return {
    write(document, change, keepSearch) {
      const search = searchText(document);
      const still = layout.stillValues(document, change, search);
      const moving = layout.movingValues(document);
      const [number, before, ...stored] = database.get<Stored>(FIND, document.id) ?? [];
      if (number === undefined) database.run(INSERT, document.id, ...still, ...moving);
      else {
        const { sql, places } = updateOf(moving, stored);
        database.run(sql, ...still, ...places.map((place) => moving[place] ?? null), number);
      }
      if (keepSearch) replaceSearch(database, document.id, before ?? null, search);
    },
    remove(id, keepSearch) {
      const [number, before] = database.get<Stored>(FIND, id) ?? [];
      if (number === undefined) return;
      database.run('DELETE FROM document WHERE number = ?', number);
      if (keepSearch) replaceSearch(database, id, before ?? null, null);
    },
  };
};

type Update = { readonly sql: string; readonly places: readonly number[] };

/** The update for what differs between the new and the stored moving values. */
const updatesOf = (
  layout: RowLayout,
): ((values: readonly SqlValue[], stored: readonly SqlValue[]) => Update) => {
  const updates = new Map<string, Update>();
  return (values, stored) => {
    let places = values.flatMap((value, i) => (value === stored[i] ? [] : [i]));
    if (updates.size >= MAX_UPDATE_SHAPES && !updates.has(places.join())) places = [...values.keys()];
    const known = updates.get(places.join());
    if (known !== undefined) return known;
    const set = [...layout.still, ...places.map((i) => layout.moving[i])].map((name) => `${name} = ?`);
    const update = { sql: `UPDATE document SET ${set.join(', ')} WHERE number = ?`, places };
    updates.set(places.join(), update);
    return update;
  };
};

const replaceSearch = (database: Database, id: string, before: string | null, after: string | null): void => {
  if (before === after) return;
  const entries = storedEntries(before);
  if (entries === null) database.run('DELETE FROM search WHERE id = ?', id); // damaged: look at every entry
  for (const [kind, hash] of entries ?? [])
    database.run('DELETE FROM search WHERE kind = ? AND hash = ? AND id = ?', kind, hash, id);
  for (const [kind, hash] of storedEntries(after) ?? [])
    database.run('INSERT OR IGNORE INTO search (kind, hash, id) VALUES (?, ?, ?)', kind, hash, id);
};

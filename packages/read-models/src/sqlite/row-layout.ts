// The columns of a document's row apart from its id: those without an index, and those whose index must move with them.
import type { ColumnShape, DocumentWrite } from '../read-models.ts';
import type { SqlValue } from './database.ts';
import { sqlColumn } from './schema.ts';

export type RowLayout = {
  readonly still: readonly string[];
  readonly moving: readonly string[];
  stillValues(document: DocumentWrite, change: number, search: string | null): readonly SqlValue[];
  movingValues(document: DocumentWrite): readonly SqlValue[];
};

export const searchText = ({ search }: DocumentWrite): string | null =>
  search.length === 0 ? null : JSON.stringify(search.map(({ kind, hash }) => [kind, hash]));

/** The entries in a stored text, each once; null for a text that is damaged. */
export const storedEntries = (search: string | null): readonly (readonly [string, string])[] | null => {
  if (search === null) return [];
  try {
    const entries = JSON.parse(search) as readonly (readonly [string, string])[];
    return [...new Map(entries.map((entry) => [entry.join('\n'), entry])).values()];
  } catch {
    return null; // the caller knows what to do without it
  }
};

export const rowLayout = (columns: readonly ColumnShape[]): RowLayout => {
  const places = (indexed: boolean): readonly number[] =>
    columns.flatMap((column, i) => (column.indexed === indexed ? [i] : []));
  const indexed = places(true);
  const plain = places(false);
  const namesOf = (which: readonly number[]): readonly string[] =>
    which.map((i) => sqlColumn(columns[i]?.name ?? ''));
  return {
    // `change` has an index, but it moves with every write anyway.
    still: ['change', 'stale', 'vector', 'search', 'sealed', 'body', ...namesOf(plain)],
    moving: ['key', 'partition', 'redirect', 'wake_at', ...namesOf(indexed)],
    stillValues: (document, change, search) => [
      change,
      document.stale ? 1 : 0,
      JSON.stringify(document.vector),
      search,
      document.sealed,
      document.body,
      ...plain.map((i) => document.columns[i] ?? null),
    ],
    movingValues: (document) => [
      document.key,
      document.partition,
      document.redirect,
      document.wakeAt,
      ...indexed.map((i) => document.columns[i] ?? null),
    ],
  };
};

// The tables of one generation, and which columns and indexes a shape brings.
import { TenureError } from '@tenure/core';
import type { ColumnShape, ModelShape } from '../read-models.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Refuses names that could not stand in a file name or in SQL. */
export const checkShape = (shape: ModelShape): void => {
  const names = [shape.model, ...shape.columns.map((column) => column.name)];
  const bad = names.find((name) => !NAME.test(name));
  if (bad !== undefined)
    throw new TenureError('SHAPE_INVALID', `"${bad}" is no name for a model or column (${NAME.source}).`);
  const twice = names.find((name, i) => i > 0 && names.indexOf(name, 1) !== i);
  if (twice !== undefined) throw new TenureError('SHAPE_INVALID', `${shape.model} has two columns ${twice}.`);
};

/** The SQL name of a column of the shape: prefixed, so that it never meets one of ours. */
export const sqlColumn = (name: string): string => `"c_${name}"`;

export const sqlIndex = (column: string): string => `"by_c_${column}"`;

const SQL_TYPE = { text: 'TEXT', integer: 'INTEGER', real: 'REAL' } as const;

// The body stands last: SQLite reads a row up to the last column that is asked for.
export const createTables = (columns: readonly ColumnShape[]): string => `
CREATE TABLE document (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL,
  partition INTEGER NOT NULL,
  change INTEGER NOT NULL,
  stale INTEGER NOT NULL,
  redirect TEXT,
  wake_at INTEGER,
  vector TEXT NOT NULL,
  search TEXT,
  ${columns.map((column) => `${sqlColumn(column.name)} ${SQL_TYPE[column.type]},\n  `).join('')}sealed BLOB,
  body TEXT NOT NULL
);
CREATE TABLE search (kind TEXT, hash TEXT, id TEXT, PRIMARY KEY (kind, hash, id)) WITHOUT ROWID;
CREATE TABLE checkpoint (source TEXT, partition INTEGER, seq INTEGER, position INTEGER, PRIMARY KEY (source, partition)) WITHOUT ROWID;
CREATE TABLE change (partition INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE parked (
  key TEXT PRIMARY KEY, partition INTEGER, class TEXT, message TEXT, source TEXT, code_hash TEXT,
  first_position INTEGER, last_position INTEGER, events INTEGER, attempts INTEGER, since INTEGER, skipped TEXT
) WITHOUT ROWID;
CREATE TABLE refold (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, partition INTEGER, reason TEXT);
CREATE TABLE absorption (key TEXT PRIMARY KEY, absorbed TEXT NOT NULL, own TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
`;

/** Indexes, made after a build. Customer documents (key = id) need no entry by key. */
export const createIndexes = (columns: readonly ColumnShape[]): readonly string[] => [
  'CREATE INDEX IF NOT EXISTS by_key ON document (key) WHERE key <> id',
  'CREATE INDEX IF NOT EXISTS by_change ON document (partition, change)',
  'CREATE INDEX IF NOT EXISTS by_wake ON document (partition, wake_at, id) WHERE wake_at IS NOT NULL',
  'CREATE INDEX IF NOT EXISTS by_redirect ON document (redirect) WHERE redirect IS NOT NULL',
  ...columns
    .filter((column) => column.indexed)
    .map(({ name }) => `CREATE INDEX IF NOT EXISTS ${sqlIndex(name)} ON document (${sqlColumn(name)}, id)`),
];

/** Fills the search table from the documents: sorted, after a build. */
export const FILL_SEARCH = `
INSERT OR IGNORE INTO search (kind, hash, id)
SELECT entry.value ->> 0, entry.value ->> 1, document.id FROM document, json_each(document.search) AS entry
WHERE document.search IS NOT NULL ORDER BY 1, 2, 3`;

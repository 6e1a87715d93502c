// Documents as rows: how they are read, and the SQL that says where.
import { TenureError } from '@tenure/core';
import type { ColumnShape, ModelShape, Scalar, StoredDocument, Vector } from '../read-models.ts';
import { sqlColumn, sqlIndex } from './schema.ts';

export type DocumentRow = readonly [
  id: string,
  key: string,
  partition: number,
  change: number,
  stale: number,
  redirect: string | null,
  wakeAt: number | null,
  vector: string,
  sealed: Uint8Array | null,
  body: string,
  ...columns: Scalar[],
];

/**
 * The columns a reader asks for, found in the file by name: an older generation may lack some, and then they are null.
 */
export type Projection = {
  /** SQL expression of a column of the shape, `id` included. @throws COLUMN_UNKNOWN */
  expression(column: string): string;
  /** The name of the index over (column, id), where the file has one. */
  index(column: string): string | undefined;
  /** The SELECT list of a whole document. */
  readonly list: string;
};

export const projectionOf = (shape: ModelShape, stored: readonly ColumnShape[]): Projection => {
  const kept = new Map(stored.map((column) => [column.name, column]));
  const expressions = new Map(
    shape.columns.map(({ name }) => [name, kept.has(name) ? sqlColumn(name) : 'NULL']),
  );
  const own = 'id, key, partition, change, stale, redirect, wake_at, vector, sealed, body';
  return {
    expression(column) {
      const expression = column === 'id' ? 'id' : expressions.get(column);
      if (expression === undefined)
        throw new TenureError('COLUMN_UNKNOWN', `${shape.model} has no column ${column}.`);
      return expression;
    },
    index: (column) => (kept.get(column)?.indexed === true ? sqlIndex(column) : undefined),
    list: [own, ...expressions.values()].join(', '),
  };
};

/** No JSON, so that nobody takes it for a document. */
const DAMAGED_BODY = '(damaged)';

const vectorOf = (text: string): Vector | null => {
  try {
    return JSON.parse(text) as Vector;
  } catch {
    return null; // the document is shown as damaged
  }
};

/** A document whose vector is damaged has no body either: what it holds cannot be folded on. */
export const documentOf = (row: DocumentRow): StoredDocument => {
  const [id, key, partition, change, stale, redirect, wakeAt, text, sealed, body, ...columns] = row;
  const vector = vectorOf(text);
  return {
    id,
    key,
    body: vector === null ? DAMAGED_BODY : body,
    vector: vector ?? {},
    sealed,
    partition,
    stale: stale === 1,
    redirect,
    wakeAt,
    change,
    columns,
  };
};

// Documents as rows: how they are read, and the SQL that says where.
import type { ModelShape, Scalar, StoredDocument, Vector } from '../read-models.ts';
import { sqlColumn } from './schema.ts';

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
  readonly shape: ModelShape;
  /** SQL expression of a column of the shape, `id` included. */
  expression(column: string): string | undefined;
  /** The SELECT list of a whole document. */
  readonly list: string;
};

export const projectionOf = (shape: ModelShape, stored: readonly string[]): Projection => {
  const expressions = new Map(
    shape.columns.map(({ name }) => [name, stored.includes(name) ? sqlColumn(name) : 'NULL']),
  );
  const own = 'id, key, partition, change, stale, redirect, wake_at, vector, sealed, body';
  return {
    shape,
    expression: (column) => (column === 'id' ? 'id' : expressions.get(column)),
    list: [own, ...expressions.values()].join(', '),
  };
};

export const documentOf = (row: DocumentRow): StoredDocument => {
  const [id, key, partition, change, stale, redirect, wakeAt, vector, sealed, body, ...columns] = row;
  return {
    id,
    key,
    body,
    vector: JSON.parse(vector) as Vector,
    sealed,
    partition,
    stale: stale === 1,
    redirect,
    wakeAt,
    change,
    columns,
  };
};

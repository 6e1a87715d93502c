// Keyset queries as SQL. Nulls sort before every value; a descending order is the ascending one reversed, ids included.
import { TenureError } from '@tenure/core';
import type { Filter, Query, Scalar } from '../read-models.ts';
import type { Projection } from './documents.ts';
import type { SqlValue } from './database.ts';

export type Select = { readonly where: string; readonly values: readonly SqlValue[] };

const COMPARISON = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

const expressionOf = (projection: Projection, column: string): string => {
  const expression = projection.expression(column);
  if (expression === undefined)
    throw new TenureError('COLUMN_UNKNOWN', `${projection.shape.model} has no column ${column}.`);
  return expression;
};

const scalarOf = ({ column, op, value }: Filter): Scalar => {
  if (typeof value === 'object' && value !== null)
    throw new TenureError('FILTER_INVALID', `The filter ${op} on ${column} takes one value, not a list.`);
  return value;
};

const filterOf = (projection: Projection, filter: Filter): Select => {
  const left = expressionOf(projection, filter.column);
  switch (filter.op) {
    case 'eq': {
      const value = scalarOf(filter);
      return value === null
        ? { where: `${left} IS NULL`, values: [] }
        : { where: `${left} = ?`, values: [value] };
    }
    case 'in': {
      const list = Array.isArray(filter.value) ? (filter.value as readonly Scalar[]) : [scalarOf(filter)];
      const inList = `${left} IN (SELECT value FROM json_each(?))`;
      return {
        where: list.includes(null) ? `(${inList} OR ${left} IS NULL)` : inList,
        values: [JSON.stringify(list.filter((value) => value !== null))],
      };
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { where: `${left} ${COMPARISON[filter.op]} ?`, values: [scalarOf(filter)] };
    default:
      return filter.op satisfies never;
  }
};

// Where a page begins, as ranges that an index serves: what sorts beyond `after`, in the order of the page. Nulls and
// values are ranges of their own, because no index serves a condition over both.
const rangesOf = (column: string, { sort, after }: Query): readonly Select[] => {
  if (after === null) return [{ where: 'TRUE', values: [] }];
  const beyond = sort.descending ? '<' : '>';
  if (column === 'id') return [{ where: `id ${beyond} ?`, values: [after.id] }];
  if (after.value === null) {
    const nulls = { where: `${column} IS NULL AND id ${beyond} ?`, values: [after.id] };
    return sort.descending ? [nulls] : [nulls, { where: `${column} IS NOT NULL`, values: [] }];
  }
  const values = { where: `(${column}, id) ${beyond} (?, ?)`, values: [after.value, after.id] };
  return sort.descending ? [values, { where: `${column} IS NULL`, values: [] }] : [values];
};

/** The statements of a page, to be run in this order until `limit` documents are found. */
export const selectsOf = (projection: Projection, query: Query): readonly Select[] => {
  const column = expressionOf(projection, query.sort.column);
  const filters = query.filters.map((filter) => filterOf(projection, filter));
  const direction = query.sort.descending ? 'DESC' : 'ASC';
  return rangesOf(column, query).map((range) => ({
    where:
      ['redirect IS NULL', range.where, ...filters.map((filter) => filter.where)].join(' AND ') +
      (column === 'id' ? ` ORDER BY id ${direction}` : ` ORDER BY ${column} ${direction}, id ${direction}`),
    values: [...range.values, ...filters.flatMap((filter) => filter.values)],
  }));
};

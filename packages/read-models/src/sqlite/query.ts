// Keyset queries. Nulls sort before every value; a descending order is the ascending one reversed, ids included.
import { TenureError } from '@tenure/core';
import type { Filter, Query, Scalar, StoredDocument } from '../read-models.ts';
import type { Database, SqlValue } from './database.ts';
import { documentOf, type DocumentRow, type Projection } from './documents.ts';

// A filter that leaves fewer rows than this is served by its own index and sorted; any other by walking the order of the
// page, where one row in at least (documents / this) matches. Counting stops here too.
const SORTABLE_ROWS = 2_000;

type Condition = { readonly column: string; readonly where: string; readonly values: readonly SqlValue[] };

/** One page. `indexed`: false during a build. */
export const pageOf = (
  database: Database,
  projection: Projection,
  query: Query,
  indexed: boolean,
): readonly StoredDocument[] => {
  const column = projection.expression(query.sort.column);
  const filters = query.filters.map((filter) => conditionOf(projection, filter));
  const table = indexed ? tableOf(database, projection, query.sort.column, filters) : 'document';
  const direction = query.sort.descending ? 'DESC' : 'ASC';
  const order = column === 'id' ? `id ${direction}` : `${column} ${direction}, id ${direction}`;
  return database.snapshot(() => {
    const found: StoredDocument[] = [];
    for (const range of rangesOf(column, query)) {
      if (found.length >= query.limit) break;
      const conditions = [range, ...filters];
      const rows = database.all<DocumentRow>(
        `SELECT ${projection.list} FROM ${table} WHERE redirect IS NULL AND
          ${conditions.map(({ where }) => where).join(' AND ')} ORDER BY ${order} LIMIT ?`,
        ...conditions.flatMap(({ values }) => values),
        query.limit - found.length,
      );
      found.push(...rows.map(documentOf));
    }
    return found;
  });
};

/** How many documents pass the filters. */
export const countOf = (database: Database, projection: Projection, filters: readonly Filter[]): number => {
  const conditions = filters.map((filter) => conditionOf(projection, filter));
  const where = ['redirect IS NULL', ...conditions.map((condition) => condition.where)].join(' AND ');
  const values = conditions.flatMap((condition) => condition.values);
  return database.get<[number]>(`SELECT count(*) FROM document WHERE ${where}`, ...values)?.[0] ?? 0;
};

// SQLite takes the index of a filter also where half of the table matches, and then sorts it all for one page.
const tableOf = (
  database: Database,
  projection: Projection,
  sort: string,
  filters: readonly Condition[],
): string => {
  const index = projection.index(sort);
  if (index === undefined) return 'document';
  const selective = filters.some(({ column, where, values }) => {
    if (column === sort || (projection.index(column) === undefined && column !== 'id')) return false;
    const count = `SELECT count(*) FROM (SELECT 1 FROM document WHERE ${where} LIMIT ${SORTABLE_ROWS})`;
    return (database.get<[number]>(count, ...values)?.[0] ?? 0) < SORTABLE_ROWS;
  });
  return selective ? 'document' : `document INDEXED BY ${index}`;
};

const COMPARISON = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

const scalarOf = ({ column, op, value }: Filter): Scalar => {
  if (typeof value === 'object' && value !== null)
    throw new TenureError('FILTER_INVALID', `The filter ${op} on ${column} takes one value, not a list.`);
  return value;
};

const conditionOf = (projection: Projection, filter: Filter): Condition => {
  const { column, op } = filter;
  const left = projection.expression(column);
  switch (op) {
    case 'eq': {
      const value = scalarOf(filter);
      return value === null
        ? { column, where: `${left} IS NULL`, values: [] }
        : { column, where: `${left} = ?`, values: [value] };
    }
    case 'in': {
      const list = Array.isArray(filter.value) ? (filter.value as readonly Scalar[]) : [scalarOf(filter)];
      const inList = `${left} IN (SELECT value FROM json_each(?))`;
      return {
        column,
        where: list.includes(null) ? `(${inList} OR ${left} IS NULL)` : inList,
        values: [JSON.stringify(list.filter((value) => value !== null))],
      };
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { column, where: `${left} ${COMPARISON[op]} ?`, values: [scalarOf(filter)] };
    default:
      return op satisfies never;
  }
};

// Where a page begins, as ranges that an index serves: what sorts beyond `after`, in the order of the page. Nulls and
// values are ranges of their own, because no index serves a condition over both.
const rangesOf = (column: string, { sort, after }: Query): readonly Condition[] => {
  const range = (where: string, ...values: readonly SqlValue[]): Condition => ({ column, where, values });
  if (after === null) return [range('TRUE')];
  const beyond = sort.descending ? '<' : '>';
  if (column === 'id') return [range(`id ${beyond} ?`, after.id)];
  if (after.value === null) {
    const nulls = range(`${column} IS NULL AND id ${beyond} ?`, after.id);
    return sort.descending ? [nulls] : [nulls, range(`${column} IS NOT NULL`)];
  }
  const values = range(`(${column}, id) ${beyond} (?, ?)`, after.value, after.id);
  return sort.descending ? [values, range(`${column} IS NULL`)] : [values];
};

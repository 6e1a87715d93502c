import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Site } from '../contract.ts';
import type { DocumentWrite, Filter, Query, Reader, Scalar } from '../read-models.ts';
import { commit, document, freshGeneration, row } from './material.ts';

const ascending = (column: string, over: Partial<Query> = {}): Query => ({
  filters: [],
  sort: { column, descending: false },
  after: null,
  limit: 100,
  ...over,
});
const idsOf = async (reader: Reader, query: Query): Promise<readonly string[]> =>
  (await reader.query(query)).map(({ id }) => id);

// The order of the contract, told a second time and as plainly as possible.
const rank = (value: Scalar): number => (value === null ? 0 : typeof value === 'number' ? 1 : 2);
const compare = (a: Scalar, b: Scalar): number =>
  rank(a) - rank(b) || (a === b ? 0 : (a ?? 0) < (b ?? 0) ? -1 : 1);

/** All pages, each from the last row of the one before. */
const pagesOf = async (reader: Reader, query: Query): Promise<readonly string[]> => {
  const seen: string[] = [];
  for (let after = query.after; ;) {
    const page = await reader.query({ ...query, after });
    seen.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined || page.length < query.limit || seen.length > 1_000) return seen;
    const place = { status: 0, net: 1, score: 2 }[query.sort.column] ?? -1;
    after = { value: last.columns[place] ?? null, id: last.id };
  }
};

const scalars = {
  status: fc.option(fc.constantFrom('', 'Lost', 'New', 'Won', 'lost')),
  net: fc.option(fc.integer({ min: -2, max: 2 })),
  score: fc.option(fc.constantFrom(-0.5, 0.25, 1.5)),
};
const rows = fc.array(fc.tuple(scalars.status, scalars.net, scalars.score), { maxLength: 25 });
const queries = fc.record({
  column: fc.constantFrom('status', 'net', 'score', 'id'),
  descending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 7 }),
  filters: fc.array(
    fc.oneof(
      fc.record({ column: fc.constant('status'), op: fc.constant('eq' as const), value: scalars.status }),
      fc.record({ column: fc.constant('net'), op: fc.constant('in' as const), value: fc.array(scalars.net) }),
      fc.record({
        column: fc.constant('net'),
        op: fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
        value: scalars.net,
      }),
    ),
    { maxLength: 2 },
  ),
});

const holds = (value: Scalar, { op, value: wanted }: Filter): boolean => {
  if (Array.isArray(wanted)) return (wanted as readonly Scalar[]).includes(value);
  const one = wanted as Scalar;
  if (op === 'eq') return value === one;
  if (value === null || one === null) return false;
  return { lt: value < one, lte: value <= one, gt: value > one, gte: value >= one, in: false }[op];
};

const valueOf = ({ id, columns }: DocumentWrite, column: string): Scalar =>
  column === 'id' ? id : (columns[{ status: 0, net: 1, score: 2 }[column] ?? -1] ?? null);

const expected = (documents: readonly DocumentWrite[], query: Query): readonly string[] => {
  const sorted = documents
    .filter((one) => query.filters.every((filter) => holds(valueOf(one, filter.column), filter)))
    .toSorted(
      (a, b) => compare(valueOf(a, query.sort.column), valueOf(b, query.sort.column)) || compare(a.id, b.id),
    );
  return (query.sort.descending ? sorted.toReversed() : sorted).map(({ id }) => id);
};

export const queryClauses = (makeSite: () => Promise<Site>): void => {
  describe('query', () => {
    const bench = freshGeneration(makeSite);

    it('filters by every operator', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({ documents: [row('a', 'New', 1, 0.5), row('b', 'Won', 2, null), row('c', null, 3, 1.5)] }),
      );
      const filtered = (column: string, op: Filter['op'], value: Filter['value']) =>
        idsOf(generation, ascending('id', { filters: [{ column, op, value }] }));
      expect(await filtered('status', 'eq', 'Won')).toEqual(['b']);
      expect(await filtered('status', 'eq', null)).toEqual(['c']);
      expect(await filtered('status', 'in', ['Won', 'New', 'Lost'])).toEqual(['a', 'b']);
      expect(await filtered('status', 'in', ['Won', null])).toEqual(['b', 'c']);
      expect(await filtered('status', 'in', [])).toEqual([]);
      expect(await filtered('net', 'lt', 2)).toEqual(['a']);
      expect(await filtered('net', 'lte', 2)).toEqual(['a', 'b']);
      expect(await filtered('net', 'gt', 2)).toEqual(['c']);
      expect(await filtered('net', 'gte', 2)).toEqual(['b', 'c']);
      expect(await filtered('score', 'gte', 0.5)).toEqual(['a', 'c']);
      expect(await filtered('net', 'gt', null)).toEqual([]);
      expect(await filtered('id', 'eq', 'b')).toEqual(['b']);
    });

    it('refuses a column that the shape does not have', async () => {
      const { generation } = bench();
      await expect(generation.query(ascending('nothing'))).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' });
      const filters = [{ column: 'id; DROP TABLE document', op: 'eq', value: 1 }] as const;
      await expect(generation.query(ascending('net', { filters }))).rejects.toMatchObject({
        code: 'COLUMN_UNKNOWN',
      });
    });

    it('leaves redirects out', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({ documents: [document('a'), document('b', { redirect: 'a', body: '' })] }),
      );
      expect(await idsOf(generation, ascending('net'))).toEqual(['a']);
    });

    it('orders nulls before values and ties by id; descending is the reverse', async () => {
      const { generation } = bench();
      const documents = [
        row('d', null, 2, null),
        row('c', null, null, null),
        row('b', null, 2, null),
        row('a', null, 1, null),
        row('e', null, null, null),
      ];
      await generation.commit(commit({ documents }));
      const order = ['c', 'e', 'a', 'b', 'd'];
      expect(await idsOf(generation, ascending('net'))).toEqual(order);
      expect(
        await idsOf(generation, ascending('net', { sort: { column: 'net', descending: true } })),
      ).toEqual(order.toReversed());
    });

    it('goes on after a row that is not there any more', async () => {
      const { generation } = bench();
      await generation.commit(commit({ documents: [row('a', 'New', 1, null), row('c', 'New', 1, null)] }));
      expect(await idsOf(generation, ascending('net', { after: { value: 1, id: 'b' } }))).toEqual(['c']);
    });

    it('pages through any data by any query: every row once, in order', async () => {
      const { generation } = bench();
      const property = fc.asyncProperty(rows, queries, async (values, { column, descending, ...rest }) => {
        const documents = values.map((columns, i) => row(`id-${(i * 7) % 26}`, ...columns));
        const before = (await generation.scan('', 100)).map(({ id }) => id);
        await generation.commit(commit({ remove: before, documents }));
        const query: Query = { ...rest, sort: { column, descending }, after: null };
        expect(await pagesOf(generation, query)).toEqual(expected(documents, query));
      });
      await fc.assert(property, { numRuns: 300 });
    });

    it('stays right when a filter matches many and another few', async () => {
      const { generation } = bench();
      const documents = Array.from({ length: 6_000 }, (_, i) =>
        row(`id-${String(i).padStart(5, '0')}`, i % 1_000 === 7 ? 'Won' : 'New', (i * 7_919) % 6_000, null),
      );
      await generation.commit(commit({ documents }));
      for (const status of ['New', 'Won'])
        for (const descending of [false, true]) {
          const filters = [{ column: 'status', op: 'eq', value: status }] as const;
          const query: Query = { filters, sort: { column: 'net', descending }, after: null, limit: 100 };
          expect(await idsOf(generation, query)).toEqual(expected(documents, query).slice(0, 100));
        }
    });
  });
};

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOfRule, checkRule, pathsOfRule, testRule, type RuleFacts } from './index.ts';

const about = (document: unknown, date = '2026-11-20', zone = 'UTC'): RuleFacts => ({ document, date, zone });

const customer = {
  status: 'LOST',
  recency: 400,
  owner: null,
  churn: { level: 'HIGH', at: '2026-11-10' },
  cases: [
    { id: 'a', priority: 'LOW', clocks: [{ kind: 'FIRST', dueAt: '2026-11-25T09:00:00.000Z' }] },
    {
      id: 'b',
      priority: 'HIGH',
      clocks: [
        { kind: 'RESOLUTION', dueAt: '2026-11-21T09:00:00.000Z' },
        { kind: 'NEXT', dueAt: Date.parse('2026-11-20T23:30:00Z') },
      ],
    },
  ],
  deals: { z: { amount: 5 }, y: { amount: 5 }, 'x/~': { amount: 1 } },
};

describe('a condition', () => {
  it.each([
    [true, true],
    [false, false],
    [{ eq: ['status', 'LOST'] }, true],
    [{ eq: ['status', 'status'] }, false],
    [{ eq: ['status', { path: 'status' }] }, true],
    [{ eq: ['churn', { path: 'churn' }] }, true],
    [{ eq: ['owner', null] }, true],
    [{ eq: ['nowhere.at.all', null] }, true],
    [{ in: ['churn.level', ['HIGH', 'CRITICAL']] }, true],
    [{ in: ['churn.level', ['LOW']] }, false],
    [{ lte: ['recency', 400] }, true],
    [{ lt: ['recency', 400] }, false],
    [{ gte: ['recency', { add: [399, 1] }] }, true],
    [{ gt: ['recency', '2026-11-11'] }, false],
    [{ gt: ['nowhere', 0] }, false],
    [{ not: { gt: ['nowhere', 0] } }, true],
    [{ lt: ['churn.at', '2026-11-11'] }, true],
    [{ exists: 'churn.level' }, true],
    [{ exists: 'owner' }, false],
    [{ exists: 'status.length' }, false],
    [{ exists: 'constructor' }, false],
    [{ all: [{ exists: 'status' }, { exists: 'churn' }] }, true],
    [{ all: [{ exists: 'status' }, { exists: 'owner' }] }, false],
    [{ any: [{ exists: 'owner' }, { exists: 'status' }] }, true],
    [{ any: [{ exists: 'owner' }] }, false],
    [{ gte: [{ daysSince: 'churn.at' }, 10] }, true],
    [{ gt: [{ daysSince: 'churn.at' }, 10] }, false],
    [{ lte: [{ daysUntil: 'nowhere' }, 10] }, false],
  ])('%j: %s', (rule, holds) => {
    expect(testRule(rule, about(customer)).holds).toBe(holds);
    expect(checkRule(rule)).toEqual([]);
  });

  it('points to the item that it found, and to those within it', () => {
    const due = { lte: [{ daysUntil: 'dueAt' }, 1] };
    const rule = {
      some: ['cases', { some: ['clocks', { all: [due, { in: ['kind', ['NEXT', 'FIRST']] }] }] }],
    };
    expect(testRule(rule, about(customer))).toEqual({
      holds: true,
      found: ['/cases/1', '/cases/1/clocks/1'],
    });
  });

  it('finds in objects by the order of their keys, and escapes them', () => {
    expect(testRule({ some: ['deals', { gt: ['amount', 1] }] }, about(customer)).found).toEqual(['/deals/y']);
    expect(testRule({ some: ['deals', { lt: ['amount', 5] }] }, about(customer)).found).toEqual([
      '/deals/x~1~0',
    ]);
  });

  it('reaches the document from within an item', () => {
    const rule = { some: ['cases', { all: [{ eq: ['id', 'b'] }, { eq: ['$.status', 'LOST'] }] }] };
    expect(testRule(rule, about(customer)).found).toEqual(['/cases/1']);
  });

  it('has found nothing where it does not hold, or holds by what is not there', () => {
    const some = { some: ['cases', true] };
    expect(testRule({ all: [some, false] }, about(customer))).toEqual({ holds: false, found: [] });
    expect(testRule({ not: { some: ['cases', false] } }, about(customer))).toEqual({
      holds: true,
      found: [],
    });
    expect(testRule({ any: [{ all: [some, false] }, true] }, about(customer)).found).toEqual([]);
  });

  it('counts days of the zone; what lies ahead is no day since', () => {
    const late = { at: '2026-11-20T23:30:00Z' };
    expect(testRule({ eq: [{ daysUntil: 'at' }, 0] }, about(late)).holds).toBe(true);
    expect(testRule({ eq: [{ daysUntil: 'at' }, 1] }, about(late, '2026-11-20', 'Asia/Shanghai')).holds).toBe(
      true,
    );
    expect(testRule({ eq: [{ daysSince: 'at' }, 0] }, about(late, '2026-11-01')).holds).toBe(true);
  });
});

describe('an amount', () => {
  const base = { floor: { div: ['line.base', 'minorPerPoint'] } };
  const line = (minor: unknown, minorPerPoint: unknown = 100) =>
    about({ line: { base: minor }, minorPerPoint });

  it.each([
    [12_345, 100, 123],
    [99, 100, 0],
    [-1, 100, -1],
    [9_007_199_254_740_991, 1, 9_007_199_254_740_991],
    [9_007_199_254_740_991, 3, 3_002_399_751_580_330],
    [100, 0, null],
    [undefined, 100, null],
    ['100', 100, null],
    [Number.NaN, 100, null],
    [Number.POSITIVE_INFINITY, 100, null],
  ])('of %s at %s is %s', (minor, per, points) => {
    expect(amountOfRule(base, line(minor, per))).toBe(points);
  });

  it.each([
    [{ mul: [0.1, 3] }, 0.3],
    [{ floor: { mul: [0.29, 100] } }, 29],
    [{ floor: { div: [{ mul: [1.1, 1.1] }, 0.01] } }, 121],
    [{ sub: [{ add: [1, 2, 3] }, 10] }, -4],
    [{ floor: -0.5 }, -1],
    [{ min: [3, 2, 5] }, 2],
    [{ max: ['line.base', 2] }, 7],
    [{ div: [1, -4] }, -0.25],
    [{ daysSince: 'nowhere' }, null],
    [{ mul: [1e300, 1e300, 1e300] }, null],
    [{ mul: [9_007_199_254_740_991, 2] }, null],
    [5e-7, 5e-7],
    [12.5, 12.5],
  ])('%j = %s', (rule, amount) => {
    expect(amountOfRule(rule, line(7))).toBe(amount);
    expect(checkRule(rule, 'amount')).toEqual([]);
  });

  it('of whole numbers is what exact division gives, whatever they are', () => {
    const whole = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 1_000_000_000 }), (minor, per) => {
        const [a, b] = [BigInt(minor), BigInt(per)];
        const down = a < 0n && a % b !== 0n ? a / b - 1n : a / b;
        expect(amountOfRule(base, line(minor, per))).toBe(Number(down));
      }),
    );
  });
});

describe('a share of an amount', () => {
  it('is exact although its product is beyond the whole numbers of a double', () => {
    const share = { floor: { div: [{ mul: ['line.base', 'kept'] }, 'qty'] } };
    const minor = fc.integer({ min: 1, max: 10_000_000_000_000 });
    const pieces = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(minor, pieces, pieces, (base, one, other) => {
        const [kept, qty] = [Math.min(one, other), Math.max(one, other)];
        const exact = Number((BigInt(base) * BigInt(kept)) / BigInt(qty));
        expect(amountOfRule(share, about({ line: { base }, kept, qty }))).toBe(exact);
      }),
    );
    // A millionth below a whole number: as a double it is that number.
    const odd = { line: { base: 9_999_999_000_001 }, kept: 999_999, qty: 1_000_000 };
    expect(amountOfRule(share, about(odd))).toBe(9_999_989_000_001);
  });
});

describe('checkRule', () => {
  const reasonsOf = (rule: unknown, kind?: 'amount') => checkRule(rule, kind).map(({ path }) => path);

  it.each([
    [{ between: [1, 2] }, '/between'],
    [null, ''],
    ['status', ''],
    [{ eq: ['a'] }, '/eq'],
    [{ eq: ['a', 1], gt: ['a', 1] }, ''],
    [{ all: [] }, '/all'],
    [{ all: [true, { nor: [] }] }, '/all/1/nor'],
    [{ exists: 'a..b' }, '/exists'],
    [{ exists: 'a b' }, '/exists'],
    [{ some: ['list'] }, '/some'],
    [{ some: ['list', { lt: ['x', 'y'] }] }, '/some/1/lt/1'],
    [{ lt: ['x', null] }, '/lt/1'],
    [{ in: ['x', 'y'] }, '/in/1'],
    [{ in: ['x', [[]]] }, '/in/1/0'],
    [{ gt: [{ daysSince: 3 }, 1] }, '/gt/0/daysSince'],
    [{ gt: ['x', { avg: ['y'] }] }, '/gt/1/avg'],
    [{ exists: 'x'.repeat(201) }, '/exists'],
  ])('refuses %j at %s', (rule, path) => {
    expect(reasonsOf(rule)).toEqual([path]);
  });

  it.each([
    [{ div: ['a', 'b', 'c'] }, '/div'],
    [{ add: ['a'] }, '/add'],
    [true, ''],
    [{ floor: { gt: ['a', 1] } }, '/floor/gt'],
    [Number.NaN, ''],
  ])('refuses the amount %j at %s', (rule, path) => {
    expect(reasonsOf(rule, 'amount')).toEqual([path]);
  });

  it('refuses what is too deep or too large', () => {
    const nested = (depth: number): unknown => (depth === 0 ? true : { not: nested(depth - 1) });
    expect(checkRule(nested(15))).toEqual([]);
    expect(checkRule(nested(16))[0]?.path).toBe('/not'.repeat(16));
    const wide = { all: Array.from({ length: 40 }, () => ({ any: [true, true, true, true] })) };
    expect(checkRule({ any: [wide] })).toEqual([{ path: '', reason: 'has more than 200 nodes' }]);
    expect(checkRule({ all: Array.from({ length: 51 }, () => true) })[0]?.path).toBe('/all');
  });

  it('tells what a rule reads', () => {
    expect(
      pathsOfRule({ all: [{ gt: ['a.b', { path: 'c' }] }, { some: ['list', { exists: 'a.b' }] }] }),
    ).toEqual(['a.b', 'c', 'list']);
    expect(pathsOfRule({ floor: { div: ['line.base', 'minorPerPoint'] } }, 'amount')).toEqual([
      'line.base',
      'minorPerPoint',
    ]);
  });
});

const operators =
  'all any not eq in lt lte gt gte exists some daysSince daysUntil floor div mul add sub min max path';
const nodes = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'list', 'list.0.n', '$.a', 'x'),
    fc.jsonValue(),
    fc.double(),
    fc
      .tuple(
        fc.constantFrom(...operators.split(' ')),
        fc.oneof(fc.array(tie('node'), { maxLength: 3 }), tie('node')),
      )
      .map(([operator, operand]) => ({ [operator]: operand })),
  ),
}));
const documents = fc.oneof(
  fc.anything(),
  fc.record({ a: fc.anything(), list: fc.array(fc.record({ n: fc.anything(), a: fc.double() })) }),
);

describe('any rule over any document', () => {
  it('has an answer, the same each time, whatever it is', () => {
    fc.assert(
      fc.property(nodes.node, documents, (rule, document) => {
        const answer = testRule(rule, about(document));
        expect(typeof answer.holds).toBe('boolean');
        expect(testRule(rule, about(document))).toEqual(answer);
        const amount = amountOfRule(rule, about(document));
        expect(amount === null || Number.isFinite(amount)).toBe(true);
        expect(amountOfRule(rule, about(document))).toBe(amount);
        for (const { path, reason } of checkRule(rule)) expect(`${path}${reason}`).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends: what is undecided when the budget is spent does not hold, its opposite neither', () => {
    const list = Array.from({ length: 2_000 }, () => 0);
    const rule = [1, 2, 3, 4].reduce<unknown>((inner) => ({ some: ['$.list', inner] }), false);
    const facts = about({ list });
    expect(testRule(rule, facts)).toEqual({ holds: false, found: [] });
    expect(testRule({ not: rule }, facts)).toEqual({ holds: false, found: [] });
    expect(testRule({ any: [rule, true] }, facts)).toEqual({ holds: false, found: [] });
  });

  it('that could not be checked is undecided', () => {
    expect(testRule({ not: { nor: [] } }, about({})).holds).toBe(false);
    const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ not: inner }), true);
    expect(testRule(deep, about({})).holds).toBe(false);
  });
});

import { idOf, SCENARIO_NOW } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  at,
  cny,
  DAY,
  enrolled,
  given,
  limits,
  lotOf,
  programOf,
  drafted,
  ladder,
  redeemed,
  reinstated,
  rules,
  suspended,
  type AccountFact,
} from '../test/members.ts';
import type { AccruePoints } from './account-commands.ts';
import { pointsOfAccount } from './account-state.ts';

type Line = {
  readonly base: number;
  readonly qty?: number;
  readonly currency?: string;
  readonly order?: string;
};

const earn = (line: string, { base, qty = 1, currency = 'CNY', order = 'order' }: Line) =>
  ({
    name: 'AccruePoints',
    data: {
      sourceType: 'ORDER',
      sourceId: idOf(order),
      sourceLineId: idOf(line),
      ruleId: 'base',
      base: { minor: base, currency },
      qty,
    } satisfies AccruePoints,
  }) as const;

const onDay = (date: string) => ({ now: at(`${date}T00:00:00Z`), today: date });
const pointsOf = (...facts: readonly AccountFact[]) => {
  const state = given(...facts).state();
  return { ...pointsOfAccount(state), debt: state.debt };
};

describe('AccruePoints for an order', () => {
  it('gives the points of the tour: one lot per line, locked for 30 days, void after the next year', () => {
    const fulfilment = onDay('2026-01-19');
    const [meters] = given(enrolled)
      .when(earn('meters', { base: 80_000, qty: 2 }), fulfilment)
      .facts();
    expect(meters).toEqual({
      type: 'PointsAccrued',
      data: {
        accountId,
        lotId: lotOf('meters'),
        points: 800,
        sourceType: 'ORDER',
        sourceId: idOf('order'),
        sourceLineId: idOf('meters'),
        base: cny(80_000),
        qty: 2,
        ruleId: 'base',
        ruleVersion: 1,
        availableAt: at('2026-02-19T00:00:00Z'),
        expiresOn: '2027-12-31',
      },
    });
    const points = (base: number) =>
      given(enrolled).when(earn('line', { base }), fulfilment).facts()[0]?.data;
    for (const [base, expected] of [
      [38_000, 380],
      [57_000, 570],
      [42_000, 420],
      [45_600, 456],
    ] as const)
      expect(points(base)).toMatchObject({ points: expected });
  });

  it('counts the business date of the deployment', () => {
    const late = { now: at('2026-01-18T17:00:00Z'), today: '2026-01-19', zone: 'Asia/Shanghai' };
    expect(
      given(enrolled)
        .when(earn('meters', { base: 80_000 }), late)
        .facts()[0]?.data,
    ).toMatchObject({
      availableAt: at('2026-02-18T16:00:00Z'),
    });
  });

  it('floors, by the decimals of the currency, and opens no lot below one point', () => {
    const points = (base: number, currency: string) =>
      given(enrolled)
        .when(earn('line', { base, currency }))
        .facts()
        .map(({ data }) => (data as { points: number }).points);
    expect(points(199, 'CNY')).toEqual([1]);
    expect(points(99, 'CNY')).toEqual([]);
    expect(points(0, 'CNY')).toEqual([]);
    expect(points(1_999, 'JPY')).toEqual([19]);
    expect(points(12_345, 'KWD')).toEqual([12]);
  });

  it('gives at most the cap of the rule', () => {
    expect(
      given(enrolled)
        .when(earn('ship', { base: 9_000_000 }))
        .facts()[0]?.data,
    ).toMatchObject({
      points: 20_000,
    });
  });

  it('happens once per source, line and rule', () => {
    const history = [enrolled, accrued('meters', { points: 800 })];
    given(...history)
      .when(earn('meters', { base: 80_000 }))
      .then([]);
    expect(
      given(...history)
        .when(earn('packs', { base: 80_000 }))
        .facts(),
    ).toHaveLength(1);
    expect(
      given(...history)
        .when(earn('meters', { base: 80_000, order: 'another' }))
        .facts(),
    ).toHaveLength(1);
  });

  it('takes the version of the rules that applied when it happened', () => {
    const double = rules(2, SCENARIO_NOW + DAY);
    const program = programOf(drafted, ladder, rules(1, 0), {
      ...double,
      data: {
        ...double.data,
        rules: [
          {
            ruleId: 'base',
            when: 'true',
            points: '{"mul":[2,{"div":["line.base","minorPerPoint"]}]}',
            cap: 20_000,
          },
        ],
      },
    });
    const points = (now: number) =>
      given(enrolled)
        .when(earn('meters', { base: 10_000 }), { program, now })
        .facts()[0]?.data;
    expect(points(SCENARIO_NOW)).toMatchObject({ points: 100, ruleVersion: 1 });
    expect(points(SCENARIO_NOW + DAY)).toMatchObject({ points: 200, ruleVersion: 2 });
  });

  it('earns nothing for what was fulfilled while the membership rested, also when it comes late', () => {
    const from = { ...suspended, occurredAt: SCENARIO_NOW };
    const until = { ...reinstated, occurredAt: SCENARIO_NOW + DAY };
    const earned = (now: number) =>
      given(enrolled, from, until)
        .when(earn('meters', { base: 100_000 }), { now })
        .facts().length;
    expect([-1, 0, DAY - 1, DAY].map((ms) => earned(SCENARIO_NOW + ms))).toEqual([1, 0, 0, 1]);
    given(enrolled, from)
      .when(earn('meters', { base: 100_000 }))
      .refused('ILLEGAL_STATE');
  });

  it('is refused for a rule or a programme that is not there, and beyond the limits', () => {
    const command = earn('meters', { base: 100_000 });
    const unknown = { ...command, data: { ...command.data, ruleId: 'other' } };
    given(enrolled)
      .when(unknown)
      .refused('UNKNOWN_RULE', { rules: ['base'] });
    given(enrolled)
      .when(command, { program: programOf(drafted) })
      .refused('PROGRAM_NOT_LIVE');
    const lots = Array.from({ length: 5_000 }, (_, i) => accrued(`line ${i}`, { points: 1 }));
    given(enrolled, ...lots)
      .when(command)
      .refused('LIMIT_EXCEEDED', { limit: 'liveLots', value: 5_000 });
    const emptied = redeemed('spent', 1, ['line 0', 1]);
    expect(
      given(enrolled, ...lots, emptied)
        .when(command)
        .facts(),
    ).toHaveLength(1);
  });
});

describe('AccruePoints for anything else', () => {
  const remedy = (points: number) =>
    ({
      name: 'AccruePoints',
      data: { sourceType: 'COMPLAINT_REMEDY', sourceId: idOf('complaint'), ruleId: 'remedy', points },
    }) as const;

  it('gives what was promised, to be spent at once', () => {
    const [fact] = given(enrolled).when(remedy(300)).facts();
    expect(fact?.data).toMatchObject({
      points: 300,
      sourceType: 'COMPLAINT_REMEDY',
      sourceLineId: null,
      base: null,
      qty: null,
      ruleId: 'remedy',
      ruleVersion: 1,
      availableAt: SCENARIO_NOW,
      expiresOn: '2027-12-31',
    });
    expect(pointsOf(enrolled, fact as AccountFact)).toEqual({ available: 300, pending: 0, debt: 0 });
  });

  it('knows a largest accrual', () => {
    expect(given(enrolled).when(remedy(limits.account.pointsPerAccrual)).facts()).toHaveLength(1);
    given(enrolled).when(remedy(1_000_001)).refused('LIMIT_EXCEEDED', { value: 1_000_000 });
  });
});

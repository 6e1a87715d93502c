import { idOf, SCENARIO_NOW } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  at,
  club,
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

describe('ReverseAccrual', () => {
  const returns = (qty: number | undefined, name = 'return', line = 'packs') =>
    ({
      name: 'ReverseAccrual',
      data: { lotId: lotOf(line), qty, cause: 'RETURN', causeId: idOf(name) },
    }) as const;
  const packs = accrued('packs', { points: 456, qty: 12, base: 45_600 });
  const reversed = (points: number, shortfall: number, qty: number | null, name = 'return') =>
    ({
      type: 'PointsReversed',
      data: {
        accountId,
        lotId: lotOf('packs'),
        points,
        shortfall,
        qty,
        cause: 'RETURN',
        causeId: idOf(name),
      },
    }) as const satisfies AccountFact;

  it('takes back what the returned pieces had earned: 190 of 456 in the tour', () => {
    given(enrolled, packs)
      .when(returns(5))
      .then(reversed(190, 0, 5));
    expect(pointsOf(enrolled, packs, reversed(190, 0, 5))).toEqual({ available: 266, pending: 0, debt: 0 });
  });

  it('takes exactly what was accrued when everything comes back, however it comes', () => {
    const odd = accrued('packs', { points: 10, qty: 3, base: 1_099 });
    let history: readonly AccountFact[] = [enrolled, odd];
    const parts: number[] = [];
    for (const name of ['first', 'second', 'third']) {
      const facts = given(...history)
        .when(returns(1, name))
        .facts() as readonly AccountFact[];
      parts.push(...facts.map(({ data }) => (data as { points: number }).points));
      history = [...history, ...facts];
    }
    // 10.99 → 7.32 → 3.66 → 0
    expect(parts).toEqual([3, 4, 3]);
    expect(pointsOf(...history)).toEqual({ available: 0, pending: 0, debt: 0 });
  });

  it('records pieces that had earned nothing, so that the next ones are counted right', () => {
    const cheap = accrued('packs', { points: 1, qty: 3, base: 180 });
    const first = given(enrolled, cheap).when(returns(1)).facts();
    expect(first).toEqual([reversed(0, 0, 1)]);
    given(enrolled, cheap, reversed(0, 0, 1))
      .when(returns(1, 'second'))
      .then(reversed(1, 0, 1, 'second'));
  });

  it('follows the cap of the rule', () => {
    const ships = accrued('packs', { points: 20_000, qty: 2, base: 3_000_000 });
    given(enrolled, ships)
      .when(returns(1))
      .then(reversed(5_000, 0, 1));
  });

  it('makes debt of what was spent, which the next lot pays first', () => {
    const spent = redeemed('spent', 300, ['packs', 300]);
    given(enrolled, packs, spent)
      .when(returns(12))
      .then(reversed(456, 300, 12));
    const owing = [enrolled, packs, spent, reversed(456, 300, 12)];
    expect(pointsOf(...owing)).toEqual({ available: 0, pending: 0, debt: 300 });
    expect(pointsOf(...owing, accrued('next', { points: 100 }))).toEqual({
      available: 0,
      pending: 0,
      debt: 200,
    });
    expect(pointsOf(...owing, accrued('next', { points: 380 }))).toEqual({
      available: 80,
      pending: 0,
      debt: 0,
    });
  });

  it('happens once per cause, and never for more pieces than there were', () => {
    given(enrolled, packs, reversed(190, 0, 5))
      .when(returns(5))
      .then([]);
    given(enrolled, packs, reversed(190, 0, 5))
      .when(returns(8, 'other'))
      .refused('QUANTITY_EXCEEDED', { left: 7 });
    given(enrolled, packs)
      .when(returns(1, 'return', 'unknown'))
      .refused('UNKNOWN_LOT');
  });

  it('takes back the rest of a lot as a whole', () => {
    given(enrolled, packs, reversed(190, 0, 5))
      .when(returns(undefined, 'fraud'))
      .then(reversed(266, 0, null, 'fraud'));
    given(enrolled, packs, reversed(456, 0, 12))
      .when(returns(undefined, 'fraud'))
      .then([]);
  });

  it('knows only lots that pieces of a line have earned', () => {
    const gift = {
      type: 'PointsAccrued',
      data: { ...packs.data, lotId: lotOf('gift'), base: null, qty: null, sourceType: 'CAMPAIGN' },
    } as const satisfies AccountFact;
    given(enrolled, gift)
      .when(returns(1, 'return', 'gift'))
      .refused('LOT_WITHOUT_PIECES');
    given(enrolled, packs)
      .when(returns(1), { program: { ...club, earning: [] } })
      .refused('UNKNOWN_RULE');
  });

  it('works while the membership rests', () => {
    given(enrolled, packs, suspended)
      .when(returns(5))
      .then(reversed(190, 0, 5));
  });
});

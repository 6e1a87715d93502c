import { idOf, SCENARIO_NOW } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  at,
  drafted,
  enrolled,
  given,
  ladder,
  lotOf,
  programOf,
  rules,
  tierChanged,
  type AccountFact,
} from '../test/members.ts';
import { reviewYear, valueOf, withEarned } from './tiers.ts';

const onDay = (date: string) => ({ now: at(`${date}T00:00:00Z`), today: date });
const change = { name: 'ChangeTier', data: {} } as const;
const closing = (year: number) => ({ name: 'ChangeTier', data: { closedYear: year } }) as const;
const reversed = (line: string, points: number, on: string) =>
  ({
    type: 'PointsReversed',
    occurredAt: at(`${on}T00:00:00Z`),
    data: {
      accountId,
      lotId: lotOf(line),
      points,
      shortfall: 0,
      qty: null,
      cause: 'RETURN',
      causeId: idOf(on),
    },
  }) as const satisfies AccountFact;

describe('ChangeTier when points move', () => {
  it('rises at once: 1,180 points make silver in the tour', () => {
    given(enrolled, accrued('meters', { points: 800, on: '2026-01-19' }))
      .when(change, onDay('2026-01-19'))
      .then([]);
    given(
      enrolled,
      accrued('meters', { points: 800, on: '2026-01-19' }),
      accrued('packs', { points: 380, on: '2026-01-19' }),
    )
      .when(change, onDay('2026-01-19'))
      .then({
        type: 'TierChanged',
        data: {
          accountId,
          fromTierId: 'BRONZE',
          toTierId: 'SILVER',
          threshold: 1_000,
          direction: 'UP',
          qualifyingValue: '1180',
          period: '2026',
          ladderVersion: 1,
        },
      });
  });

  it('passes over tiers, and counts locked lots', () => {
    const lot = accrued('ship', { points: 20_000, on: '2026-01-10', availableAt: SCENARIO_NOW * 2 });
    expect(given(enrolled, lot).when(change).facts()[0]?.data).toMatchObject({ toTierId: 'PLATINUM' });
  });

  it('counts only what orders earn', () => {
    const order = accrued('meters', { points: 999 });
    const remedy = {
      type: 'PointsAccrued',
      data: { ...accrued('x', { points: 5_000 }).data, sourceType: 'COMPLAINT_REMEDY' },
    } as const satisfies AccountFact;
    given(enrolled, order, remedy).when(change).then([]);
  });

  it('keeps last year’s tier while this year is young', () => {
    const history = [enrolled, accrued('a', { points: 6_000, on: '2025-05-01' })];
    const up = given(...history)
      .when(change, onDay('2026-02-01'))
      .facts()[0]?.data;
    expect(up).toMatchObject({ toTierId: 'GOLD', qualifyingValue: '6000', period: '2025' });
  });

  it('falls at once only as far as this year had risen', () => {
    const rising = [
      enrolled,
      accrued('a', { points: 1_500, on: '2026-01-10' }),
      tierChanged('BRONZE', 'SILVER', 1_000, { on: '2026-01-10' }),
      accrued('b', { points: 4_000, on: '2026-02-10' }),
      tierChanged('SILVER', 'GOLD', 5_000, { on: '2026-02-10' }),
      reversed('b', 4_000, '2026-02-20'),
    ];
    const down = given(...rising)
      .when(change, onDay('2026-02-20'))
      .facts();
    expect(down).toMatchObject([
      {
        data: {
          fromTierId: 'GOLD',
          toTierId: 'SILVER',
          threshold: 1_000,
          direction: 'DOWN',
          qualifyingValue: '1500',
        },
      },
    ]);
    const further = [...rising, ...(down as readonly AccountFact[]), reversed('a', 600, '2026-03-01')];
    expect(
      given(...further)
        .when(change, onDay('2026-03-01'))
        .facts(),
    ).toMatchObject([{ data: { fromTierId: 'SILVER', toTierId: 'BRONZE', qualifyingValue: '900' } }]);
  });

  it('does not fall when a reversal undoes no rise of this year', () => {
    const held = [
      enrolled,
      accrued('a', { points: 6_000, on: '2024-05-01' }),
      tierChanged('BRONZE', 'GOLD', 5_000, { on: '2024-05-01' }),
      accrued('b', { points: 100, on: '2026-01-10' }),
      reversed('b', 100, '2026-01-12'),
    ];
    given(...held)
      .when(change, onDay('2026-01-12'))
      .then([]);
  });

  it('goes by the newest ladder, also for a tier that it does not know any more', () => {
    const program = programOf(drafted, ladder, rules(1, 0), {
      ...ladder,
      data: {
        ...ladder.data,
        version: 2,
        tiers: [
          { tierId: 'BLUE', name: 'Blue', threshold: 0 },
          { tierId: 'RED', name: 'Red', threshold: 500 },
        ],
      },
    });
    expect(
      given(enrolled, accrued('a', { points: 600 }))
        .when(change, { program })
        .facts(),
    ).toMatchObject([{ data: { fromTierId: 'BRONZE', toTierId: 'RED', ladderVersion: 2 } }]);
    given(enrolled)
      .when(change, { program: programOf(drafted, rules(1, 0)) })
      .refused('NO_TIER_LADDER');
  });
});

describe('ChangeTier when a year has closed', () => {
  const silver = [
    enrolled,
    accrued('a', { points: 1_180, on: '2026-01-19' }),
    tierChanged('BRONZE', 'SILVER', 1_000, { on: '2026-01-19' }),
  ];

  it('keeps the tier through the year after', () => {
    given(...silver)
      .when(closing(2026), onDay('2027-01-01'))
      .then([]);
  });

  it('falls to what the closed year came to', () => {
    expect(
      given(...silver, accrued('b', { points: 40, on: '2027-06-01' }))
        .when(closing(2027), onDay('2028-01-01'))
        .facts(),
    ).toMatchObject([
      {
        data: { toTierId: 'BRONZE', threshold: 0, direction: 'DOWN', qualifyingValue: '40', period: '2027' },
      },
    ]);
  });

  it('does not come before the year is over', () => {
    given(...silver)
      .when(closing(2026), onDay('2026-12-31'))
      .refused('YEAR_NOT_CLOSED');
  });
});

describe('the value of a year', () => {
  it('goes by the business date of the zone, to the instant', () => {
    const moments = [
      '2025-12-31T15:59:59.999Z',
      '2025-12-31T16:00:00Z',
      '2026-06-15T00:00:00Z',
      '2026-12-31T15:59:59Z',
    ];
    const earned = moments.reduce((all, moment, i) => withEarned(all, at(moment), 10 ** i), {});
    expect([2025, 2026].map((year) => valueOf(earned, year, 'Asia/Shanghai'))).toEqual([1, 1_110]);
    expect([2025, 2026].map((year) => valueOf(earned, year, 'UTC'))).toEqual([11, 1_100]);
    const kiribati = withEarned({}, at('2025-12-31T10:00:00Z'), 7);
    expect(valueOf(kiribati, 2026, 'Pacific/Kiritimati')).toBe(7);
    const nepal = withEarned(withEarned({}, at('2025-12-31T18:14:59Z'), 1), at('2025-12-31T18:15:00Z'), 2);
    expect([2025, 2026].map((year) => valueOf(nepal, year, 'Asia/Kathmandu'))).toEqual([1, 2]);
  });

  it('keeps a handful of sums however many there are', () => {
    let earned = {};
    for (let day = 0; day < 365; day++)
      earned = withEarned(earned, at('2026-01-02T00:00:00Z') + day * 86_400_000, 1);
    expect(Object.keys(earned).length).toBeLessThan(15);
    expect(valueOf(earned, 2026, 'UTC')).toBe(364);
  });

  it('says at the end of which year a tier falls', () => {
    const earned = withEarned(
      withEarned({}, at('2026-05-01T00:00:00Z'), 1_180),
      at('2028-05-01T00:00:00Z'),
      1_000,
    );
    expect(reviewYear(earned, 1_000, 2026, 'UTC')).toBe(2029);
    expect(reviewYear(earned, 1_001, 2026, 'UTC')).toBe(2027);
    expect(reviewYear({}, 1_000, 2026, 'UTC')).toBe(2026);
  });
});

import { idOf, SCENARIO_CONTEXT, SCENARIO_NOW } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  commands,
  DAY,
  enrolled,
  given,
  limits,
  lotOf,
  programId,
  programOf,
  drafted,
  ladder,
  redeemed,
  reward,
  rules,
  suspended,
  transferredOut,
  type AccountFact,
} from '../test/members.ts';
import { pointsOfAccount } from './account-state.ts';

const pointsOf = (...facts: readonly AccountFact[]) => pointsOfAccount(given(...facts).state());
const redeem = (rewardName: string, name = 'spent') =>
  ({ name: 'RedeemPoints', data: { redemptionId: idOf(name), rewardId: idOf(rewardName) } }) as const;

describe('UnlockPoints', () => {
  it('frees every lot whose time has come, and no other', () => {
    const waiting = (line: string, availableAt: number) =>
      accrued(line, { points: 100, on: '2026-01-01', availableAt });
    const history = [
      enrolled,
      waiting('a', SCENARIO_NOW - 1),
      waiting('b', SCENARIO_NOW),
      waiting('c', SCENARIO_NOW + 1),
      accrued('free', { points: 5 }),
    ];
    const unlocked = (line: string) =>
      ({ type: 'PointsUnlocked', data: { accountId, lotId: lotOf(line) } }) as const;
    given(...history)
      .when(commands.UnlockPoints)
      .then([unlocked('a'), unlocked('b')]);
    expect(pointsOf(...history)).toEqual({ available: 5, pending: 300 });
    expect(pointsOf(...history, unlocked('a'), unlocked('b'))).toEqual({ available: 205, pending: 100 });
    given(...history, unlocked('a'), unlocked('b'))
      .when(commands.UnlockPoints)
      .then([]);
  });

  it('leaves alone what holds nothing any more, and works while the membership rests', () => {
    const lot = accrued('a', { points: 100, on: '2026-01-01', availableAt: SCENARIO_NOW });
    const back = {
      type: 'PointsReversed',
      data: {
        accountId,
        lotId: lotOf('a'),
        points: 100,
        shortfall: 0,
        qty: 1,
        cause: 'RETURN',
        causeId: idOf('r'),
      },
    } as const satisfies AccountFact;
    given(enrolled, lot, back).when(commands.UnlockPoints).then([]);
    expect(given(enrolled, lot, suspended).when(commands.UnlockPoints).facts()).toHaveLength(1);
  });

  it('takes so many lots at once', () => {
    const lots = Array.from({ length: 501 }, (_, i) =>
      accrued(`line ${i}`, { points: 1, on: '2026-01-01', availableAt: SCENARIO_NOW }),
    );
    expect(
      given(enrolled, ...lots)
        .when(commands.UnlockPoints)
        .facts(),
    ).toHaveLength(limits.account.lotsPerCommand);
  });
});

describe('RedeemPoints', () => {
  const history = [
    enrolled,
    accrued('late', { points: 300, expiresOn: '2026-03-31' }),
    accrued('never', { points: 300, expiresOn: null }),
    accrued('soon', { points: 200, expiresOn: '2026-01-31' }),
    accrued('soon too', { points: 200, expiresOn: '2026-01-31' }),
  ];

  it('takes the lots that expire first, of equal ones those that came first', () => {
    given(...history)
      .when(redeem('shipping'))
      .then(redeemed('spent', 300, ['soon', 200], ['soon too', 100]));
    const [fact] = given(...history)
      .when(redeem('cashback'))
      .facts();
    expect(fact?.data).toMatchObject({
      points: 1_000,
      allocations: [
        { lotId: lotOf('soon'), points: 200 },
        { lotId: lotOf('soon too'), points: 200 },
        { lotId: lotOf('late'), points: 300 },
        { lotId: lotOf('never'), points: 300 },
      ],
    });
  });

  it('spends no points that wait, and none whose last day is over', () => {
    const wait = accrued('wait', { points: 500, availableAt: SCENARIO_NOW + DAY });
    given(enrolled, wait).when(redeem('shipping')).refused('POINTS_NOT_THERE', { available: 0 });
    const lot = accrued('soon', { points: 500, expiresOn: '2026-01-15' });
    expect(given(enrolled, lot).when(redeem('shipping')).facts()).toHaveLength(1);
    given(enrolled, lot)
      .when(redeem('shipping'), { now: SCENARIO_NOW + DAY, today: '2026-01-16' })
      .refused('POINTS_NOT_THERE', { available: 0 });
  });

  it('needs a reward that is offered, and enough points', () => {
    given(...history)
      .when(redeem('unknown'))
      .refused('UNKNOWN_REWARD');
    const retired = programOf(drafted, ladder, rules(1, 0), reward('shipping', 300), {
      type: 'RewardRetired',
      data: { programId, rewardId: idOf('shipping') },
    });
    given(...history)
      .when(redeem('shipping'), { program: retired })
      .refused('UNKNOWN_REWARD');
    given(enrolled, accrued('few', { points: 299 }))
      .when(redeem('shipping'))
      .refused('POINTS_NOT_THERE', { available: 299 });
  });

  it('counts a redemption once', () => {
    given(...history, redeemed('spent', 300, ['late', 300]))
      .when(redeem('shipping'))
      .refused('DUPLICATE_REDEMPTION');
  });
});

describe('ReverseRedemption', () => {
  const spent = [
    enrolled,
    accrued('a', { points: 200 }),
    accrued('b', { points: 200 }),
    redeemed('spent', 300, ['a', 200], ['b', 100]),
  ];
  const reversed = {
    type: 'RedemptionReversed',
    data: { accountId, redemptionId: idOf('spent'), reason: 'out of stock' },
  } as const;

  it('restores the same lots', () => {
    given(...spent)
      .when(commands.ReverseRedemption)
      .then(reversed);
    const after = given(...spent, reversed as unknown as AccountFact).state();
    expect(after.lots.map(({ lotId, left }) => [lotId, left])).toEqual([
      [lotOf('a'), 200],
      [lotOf('b'), 200],
    ]);
    given(...spent, reversed as unknown as AccountFact)
      .when(commands.ReverseRedemption)
      .then([]);
  });

  it('knows its redemptions', () => {
    given(enrolled).when(commands.ReverseRedemption).refused('UNKNOWN_REDEMPTION');
  });
});

describe('ExpirePoints', () => {
  it('voids what is left of each lot when its last day has closed', () => {
    const history = [
      enrolled,
      accrued('a', { points: 200, expiresOn: '2026-01-14' }),
      accrued('b', { points: 200, expiresOn: '2026-01-15' }),
      accrued('c', { points: 200, expiresOn: '2026-01-13', availableAt: SCENARIO_NOW + DAY }),
      accrued('d', { points: 100, expiresOn: null }),
      redeemed('spent', 150, ['a', 150]),
    ];
    const expired = (line: string, points: number) =>
      ({ type: 'PointsExpired', data: { accountId, lotId: lotOf(line), points } }) as const;
    given(...history)
      .when(commands.ExpirePoints)
      .then([expired('a', 50), expired('c', 200)]);
    const after = [...history, expired('a', 50), expired('c', 200)];
    given(...after)
      .when(commands.ExpirePoints)
      .then([]);
    expect(pointsOf(...after)).toEqual({ available: 300, pending: 0 });
  });
});

describe('AdjustPoints', () => {
  const adjust = (points: number) =>
    ({ name: 'AdjustPoints', data: { points, reason: 'a correction' } }) as const;
  const about = { accountId, transferId: null, reason: 'a correction', approvedBy: SCENARIO_CONTEXT.actor };

  it('opens a lot that may be spent at once and expires like an earned one', () => {
    const data = { ...adjust(50).data, lotId: idOf('gift') };
    given(enrolled)
      .when({ name: 'AdjustPoints', data })
      .then({
        type: 'PointsAdjusted',
        data: {
          ...about,
          points: 50,
          lot: { lotId: idOf('gift'), points: 50, expiresOn: '2027-12-31' },
          allocations: [],
        },
      });
    given(enrolled, accrued('a', { points: 1 }))
      .when({ name: 'AdjustPoints', data: { ...data, lotId: lotOf('a') } })
      .refused('DUPLICATE_LOT');
  });

  it('takes from lots that expire first, waiting ones as well', () => {
    given(
      enrolled,
      accrued('late', { points: 100, expiresOn: '2026-03-31' }),
      accrued('soon', { points: 60, expiresOn: '2026-01-31', availableAt: SCENARIO_NOW + DAY }),
    )
      .when(adjust(-100))
      .then({
        type: 'PointsAdjusted',
        data: {
          ...about,
          points: -100,
          lot: null,
          allocations: [
            { lotId: lotOf('soon'), points: 60 },
            { lotId: lotOf('late'), points: 40 },
          ],
        },
      });
    given(enrolled).when(adjust(-1)).refused('POINTS_NOT_THERE', { available: 0 });
  });

  it('needs a second person beyond 1,000 points either way, and ends at 10,000', () => {
    const history = [enrolled, accrued('a', { points: 20_000 })];
    for (const points of [1_000, -1_000])
      expect(
        given(...history)
          .when(adjust(points))
          .facts(),
      ).toHaveLength(1);
    for (const points of [1_001, -1_001, 10_000])
      given(...history)
        .when(adjust(points), { roles: ['supervisor'] })
        .refused('FOUR_EYES_REQUIRED', { limit: 1_000 });
    for (const points of [10_001, -10_001])
      given(...history)
        .when(adjust(points))
        .refused('LIMIT_EXCEEDED', { value: 10_000 });
  });

  it('brings nobody a transfer back but the process of transfers', () => {
    const data = { transferId: idOf('present'), reason: 'please' };
    given(enrolled, accrued('a', { points: 500 }), transferredOut('present', 200, 'a'))
      .when({ name: 'AdjustPoints', data })
      .refused('PROCESS_ONLY');
  });

  it('needs the rules of a programme for the day on which a new lot expires', () => {
    given(enrolled)
      .when(adjust(5), { program: programOf(drafted) })
      .refused('PROGRAM_NOT_LIVE');
  });
});

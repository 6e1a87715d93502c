import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  club,
  enrolled,
  given,
  lotOf,
  redeemed,
  suspended,
  type AccountFact,
} from '../test/members.ts';
import { pointsOfAccount } from './account-state.ts';

const pointsOf = (...facts: readonly AccountFact[]) => {
  const state = given(...facts).state();
  return { ...pointsOfAccount(state), debt: state.debt };
};

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

import { describe, expect, it } from 'vitest';
import { bought, day, folded, placed, recorded, rules, usd, type Told } from '../test/stories.ts';
import { orderSlice } from './order-slice.ts';
import { rfmOf } from './rfm.ts';

const TODAY = 500;
const rfm = (told: readonly Told[], currency = 'USD', today = TODAY) =>
  rfmOf(folded(orderSlice('UTC'), recorded('order', told)), currency, day(today), rules);
const many = (count: number, on: number, total = usd(0)): readonly Told[] =>
  Array.from({ length: count }, (_, i) => bought(`order ${i}`, day(on), total)).flat();

describe('recency', () => {
  it.each([
    [0, 5],
    [30, 5],
    [31, 4],
    [90, 4],
    [91, 3],
    [180, 3],
    [181, 2],
    [365, 2],
    [366, 1],
  ])('of %i days scores %i', (age, score) => {
    expect(rfm(many(1, TODAY - age)).r).toBe(score);
  });

  it('of an order on the open day counts as none', () => {
    expect(rfm(many(1, TODAY + 1)).r).toBe(5);
  });

  it('looks at orders that stand, fulfilled or not', () => {
    expect(rfm([...many(1, TODAY - 100), placed('new', day(TODAY - 10))])).toMatchObject({ r: 5, f: 1 });
  });
});

describe('frequency', () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
    [5, 4],
    [8, 4],
    [9, 5],
  ])('of %i fulfilled orders in a year scores %i', (count, score) => {
    // An older one, so that somebody who did not order this year has a score at all.
    expect(rfm([...many(1, TODAY - 400), ...many(count, TODAY - 10)]).f).toBe(score);
  });

  it('counts the 365 days that end with the closed one, and the open day', () => {
    expect(rfm([...many(2, TODAY - 364), ...many(1, TODAY + 1)]).f).toBe(3);
    expect(rfm([...many(2, TODAY - 365), ...many(1, TODAY + 1)]).f).toBe(1);
  });
});

describe('monetary value', () => {
  it.each([
    [0, 1],
    [2_500, 1],
    [2_501, 2],
    [6_000, 2],
    [6_001, 3],
    [12_000, 3],
    [12_001, 4],
    [30_000, 4],
    [30_001, 5],
  ])('of %i cents scores %i', (minor, score) => {
    expect(rfm(many(1, TODAY - 10, usd(minor))).m).toBe(score);
  });

  it('is that of the home currency alone', () => {
    expect(rfm(many(1, TODAY - 10, { minor: 1_000_000, currency: 'EUR' })).m).toBe(1);
  });

  it('has edges of its own per currency, and no score without edges', () => {
    const yen = many(1, TODAY - 10, { minor: 4_001, currency: 'JPY' });
    expect(rfm(yen, 'JPY').m).toBe(2);
    expect(rfm(many(1, TODAY - 10, { minor: 1, currency: 'CHF' }), 'CHF')).toEqual({ r: 5, f: 1, m: null });
  });

  it('forgets what is older than a year', () => {
    expect(rfm([...many(1, TODAY - 364, usd(2_501))]).m).toBe(2);
    expect(rfm([...many(1, TODAY - 365, usd(2_501))]).m).toBe(1);
  });
});

describe('a customer who never ordered', () => {
  it('has no scores', () => {
    expect(rfm([])).toEqual({ r: null, f: null, m: null });
  });
});

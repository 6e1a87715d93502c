import { describe, expect, it } from 'vitest';
import { day, placed, seen, severity } from '../../test/story.ts';
import { atMostByChance, freqDecline } from './freq-decline.ts';

const orders = (...offsets: readonly number[]) => offsets.map((offset) => placed(day(offset)));
const today = day(179); // recent: 90…, before: 0…89

describe('FREQ_DECLINE', () => {
  it('needs a drop that is no chance: 1 of 8 is medium, 0 of 7 high', () => {
    expect(severity(freqDecline, today, ...orders(1, 2, 3, 4, 5, 6, 7, 100))).toBe(2); // p = 9/256
    expect(severity(freqDecline, today, ...orders(1, 2, 3, 4, 5, 6, 7))).toBe(3); // p = 1/128
  });

  it('lets an irregular buyer be: a drop of one half that may be chance', () => {
    expect(severity(freqDecline, today, ...orders(1, 2, 3, 4, 100, 101))).toBe(0);
  });

  it('needs three order days to compare with', () => {
    expect(severity(freqDecline, today, ...orders(1, 2))).toBe(0);
  });

  it('says both counts and cites the orders', () => {
    const found = seen(freqDecline, today, ...orders(1, 2, 3, 4, 5, 6, 7, 100));
    expect(found?.observed).toEqual({ orderDays: 1, orderDaysBefore: 7, p: 0.035156 });
    expect(found?.events).toHaveLength(8);
  });
});

describe('the binomial test', () => {
  it('is P(X ≤ k) of n fair coins', () => {
    expect(atMostByChance(0, 5)).toBe(1 / 32);
    expect(atMostByChance(2, 4)).toBe(11 / 16);
    expect(atMostByChance(7, 7)).toBeCloseTo(1, 12);
  });
});

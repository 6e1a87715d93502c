import { describe, expect, it } from 'vitest';
import { day, fulfilled, seen, severity } from '../../test/story.ts';
import { breadthNarrowing } from './breadth-narrowing.ts';

const today = day(359);
const bought = (offset: number, ...categories: readonly string[]) =>
  fulfilled(day(offset), 100, { categories });

describe('BREADTH_NARROWING', () => {
  it('rises when half of three categories or more are gone', () => {
    expect(
      severity(breadthNarrowing, today, bought(10, 'a', 'b', 'c', 'd'), bought(300, 'a', 'b', 'a')),
    ).toBe(2);
    expect(severity(breadthNarrowing, today, bought(10, 'a', 'b', 'c'), bought(300, 'a', 'b'))).toBe(0);
  });

  it('needs a baseline of three', () => {
    expect(severity(breadthNarrowing, today, bought(10, 'a', 'b'))).toBe(0);
  });

  it('cites the deliveries, and leaves lines without a category alone', () => {
    const found = seen(breadthNarrowing, today, bought(10, 'a', 'b', 'c'), fulfilled(day(300), 100));
    expect(found?.observed).toEqual({ categories: 0, categoriesBefore: 3 });
    expect(found?.events).toHaveLength(1);
  });
});

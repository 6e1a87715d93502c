import { dayNumber } from '@tenure/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day } from '../test/story.ts';
import { momentOf, type Moment } from './moment.ts';

type Question = (at: Moment) => boolean | number;

const question = fc
  .record({ kind: fc.nat(4), on: fc.integer({ min: 0, max: 200 }), days: fc.integer({ min: 1, max: 90 }) })
  .map(({ kind, on, days }): Question => {
    const date = day(on);
    const all: readonly Question[] = [
      (at) => at.within(date, days),
      (at) => at.before(date, days),
      (at) => at.over(date, days + 0.5),
      (at) => at.reached(date, days),
      (at) => at.age(date),
    ];
    return all[kind] ?? ((at) => at.age(date));
  });

describe('a moment', () => {
  it('counts the open day to the newest window', () => {
    const at = momentOf(day(10));
    expect([at.within(day(11), 5), at.within(day(6), 5), at.within(day(5), 5)]).toEqual([true, true, false]);
    expect([at.before(day(6), 5), at.before(day(5), 5), at.before(day(1), 5), at.before(day(0), 5)]).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it('compares whole days with any limit', () => {
    expect(momentOf(day(48)).over(day(0), 48.974)).toBe(false);
    expect(momentOf(day(49)).over(day(0), 48.974)).toBe(true);
    expect(momentOf(day(14)).over(day(0), 14)).toBe(false);
    expect(momentOf(day(14)).reached(day(0), 14)).toBe(true);
    expect(momentOf(day(3)).age(day(5))).toBe(0);
  });

  it('knows the first day on which one of its answers is another', () => {
    fc.assert(
      fc.property(
        fc.array(question, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 300 }),
        (asked, t) => {
          const at = momentOf(day(t));
          const answers = (moment: Moment): string => JSON.stringify(asked.map((ask) => ask(moment)));
          const now = answers(at);
          const next = at.next();
          for (let offset = t + 1; offset < t + 400; offset++) {
            if (next !== null && dayNumber(day(offset)) >= next) break;
            expect(answers(momentOf(day(offset)))).toBe(now);
          }
        },
      ),
    );
  });

  it('is never woken where time alone changes nothing', () => {
    expect(momentOf(day(500)).next()).toBeNull();
    const at = momentOf(day(500));
    at.within(day(0), 30);
    at.over(day(0), 30);
    expect(at.next()).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shipped } from '../test/story.ts';
import { LEVELS } from './rules.ts';
import { decay, levelOf, publishedLevel, scoreOf, type Counted } from './score.ts';

const high = (share: number): Counted => ({ share, severity: 3 });

describe('the score', () => {
  it('is nothing without signals, whatever protects', () => {
    expect(scoreOf([], [0.8], 85)).toBe(0);
  });

  it('is at least 85 while a critical signal holds, after what protects', () => {
    expect(scoreOf([{ share: 0.9, severity: 4 }], [0.8, 0.85], 85)).toBe(85);
    expect(scoreOf([{ share: 0.95, severity: 4 }], [], 85)).toBe(95);
  });

  it('rounds half up, and binary noise decides nothing', () => {
    expect(scoreOf([high(0.15)], [0.9], 85)).toBe(14); // 13.5
    expect(scoreOf([high(0.35)], [0.9], 85)).toBe(32); // 31.5
    expect(scoreOf([high(0.145)], [], 85)).toBe(15); // 14.5, in binary a little less
  });

  const signals = fc.array(
    fc.record({
      share: fc.double({ min: 0, max: 0.95, noNaN: true }),
      severity: fc.constantFrom(1, 2, 3, 4),
    }),
    { maxLength: 10 },
  ) as fc.Arbitrary<Counted[]>;
  const factors = fc.array(fc.constantFrom(0.7, 0.8, 0.85, 0.9), { maxLength: 3 });

  it('never falls with a further signal, never rises with a further protection', () => {
    fc.assert(
      fc.property(signals, factors, (counted, protecting) => {
        const score = scoreOf(counted, protecting, 85);
        expect(scoreOf(counted.slice(1), protecting, 85)).toBeLessThanOrEqual(score);
        expect(scoreOf(counted, [...protecting, 0.9], 85)).toBeLessThanOrEqual(score);
      }),
    );
  });

  it('halves a weight with every half-life', () => {
    expect([0, 30, 60, 90].map((age) => decay(age, 30))).toEqual([1, 0.5, 0.25, 0.125]);
  });
});

describe('levels', () => {
  it('begin at 25, 55 and 85', () => {
    expect([0, 24, 25, 54, 55, 84, 85, 100].map((score) => levelOf(score, shipped))).toEqual([
      ...['LOW', 'LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'HIGH', 'CRITICAL', 'CRITICAL'],
    ]);
  });

  it('are published upwards at once, downwards 5 points below their edge', () => {
    expect(publishedLevel('LOW', 90, shipped)).toBe('CRITICAL');
    expect(publishedLevel('HIGH', 51, shipped)).toBe('HIGH');
    expect(publishedLevel('HIGH', 50, shipped)).toBe('MEDIUM');
    expect(publishedLevel('HIGH', 21, shipped)).toBe('MEDIUM');
    expect(publishedLevel('CRITICAL', 20, shipped)).toBe('LOW');
    expect(publishedLevel('MEDIUM', 52, shipped)).toBe('MEDIUM'); // HIGH would be kept, but it was not reached
  });

  it('never flap while the score stays within 5 points', () => {
    const scores = fc
      .integer({ min: 0, max: 96 })
      .chain((low) => fc.array(fc.integer({ min: low, max: low + 4 }), { minLength: 2, maxLength: 20 }));
    fc.assert(
      fc.property(scores, fc.constantFrom(...LEVELS), (all, before) => {
        const levels = all.map(
          (
            (published) => (score: number) =>
              (published = publishedLevel(published, score, shipped))
          )(before),
        );
        const left = levels.filter((level, i) => i === 0 || level !== levels[i - 1]);
        expect(new Set(left).size).toBe(left.length); // no level that was left comes back
      }),
    );
  });
});

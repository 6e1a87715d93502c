import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, club, cny } from '../test/members.ts';
import { availableAt, expiresOn, keptOf, minorPerPoint, pointsOf } from './earning.ts';

const rule = club.earning[0]?.rules[0];
if (rule === undefined) throw new Error('the club has a rule');

describe('the points of a line', () => {
  it('are those of its base, whatever its pieces', () => {
    expect(pointsOf(rule, { base: cny(45_600), qty: 12 })).toBe(456);
    expect(pointsOf(rule, keptOf({ base: cny(45_600), qty: 12 }, 7))).toBe(266);
  });

  it('go by the decimals of the currency', () => {
    expect(['CNY', 'USD', 'JPY', 'KWD'].map(minorPerPoint)).toEqual([100, 100, 100, 1_000]);
  });

  it('never grow when pieces come back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (base, qty) => {
          const line = { base: cny(base), qty };
          let before = pointsOf(rule, line);
          for (const kept of [qty - 1, Math.floor(qty / 2), 1, 0].filter(
            (pieces) => pieces >= 0 && pieces < qty,
          )) {
            const points = pointsOf(rule, keptOf(line, kept));
            expect(points).toBeLessThanOrEqual(before);
            before = points;
          }
        },
      ),
    );
  });
});

describe('when a lot may be spent', () => {
  const policy = { availableAfterDays: 30, expiry: 'END_OF_YEAR', expiryAfter: 1 } as const;

  it('is when the last day of the return window has closed, in the zone', () => {
    expect(availableAt(policy, at('2026-01-19T23:59:59Z'), 'UTC')).toBe(at('2026-02-19T00:00:00Z'));
    expect(availableAt(policy, at('2026-01-19T23:59:59Z'), 'Asia/Shanghai')).toBe(at('2026-02-19T16:00:00Z'));
    expect(availableAt({ ...policy, availableAfterDays: 0 }, 42, 'UTC')).toBe(42);
  });

  it.each([
    ['NEVER', 1, '2026-01-19', null],
    ['AFTER_DAYS', 90, '2026-01-19', '2026-04-19'],
    ['END_OF_MONTH', 0, '2026-01-31', '2026-01-31'],
    ['END_OF_MONTH', 1, '2026-01-31', '2026-02-28'],
    ['END_OF_MONTH', 25, '2026-01-31', '2028-02-29'],
    ['END_OF_YEAR', 0, '2026-12-31', '2026-12-31'],
    ['END_OF_YEAR', 1, '2026-01-19', '2027-12-31'],
    ['END_OF_YEAR', 2, '2028-02-29', '2030-12-31'],
  ] as const)('ends %s + %i after %s on %s', (expiry, expiryAfter, today, last) => {
    expect(expiresOn({ availableAfterDays: 30, expiry, expiryAfter }, today)).toBe(last);
  });
});

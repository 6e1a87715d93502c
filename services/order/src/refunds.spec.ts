import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { line, pieces } from '../test/orders.ts';
import { worthOf } from './refunds.ts';

describe('what returned pieces are worth', () => {
  it('is the share of the line, with tax and discount in it', () => {
    const packs = line('packs', 12, 3_800, { tax: 5_928 });
    expect(packs.total.minor).toBe(51_528);
    expect(worthOf([packs], [pieces('packs', 5)], [])).toBe(21_470);
  });

  it('adds up over lines, and counts a line that is named twice once', () => {
    const ordered = [line('a', 3, 100), line('b', 2, 50)];
    expect(worthOf(ordered, [pieces('a', 1), pieces('b', 2), pieces('a', 1)], [])).toBe(300);
  });

  it('is exact where numbers are not', () => {
    const big = {
      ...line('big', 1, 1),
      qty: 1_000_000,
      total: { minor: 9_999_999_999_999, currency: 'EUR' },
    };
    expect(worthOf([big], [pieces('big', 999_999)], [])).toBe(9_999_989_999_999);
  });

  it('is over all returns exactly what was paid, however the pieces come back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 12 }),
        (total, parts) => {
          const qty = parts.reduce((sum, part) => sum + part, 0);
          const sold = { ...line('a', qty, 0), total: { minor: total, currency: 'EUR' } };
          const before: ReturnType<typeof pieces>[][] = [];
          let paid = 0;
          for (const part of parts) {
            const worth = worthOf([sold], [pieces('a', part)], before);
            expect(worth).toBeGreaterThanOrEqual(Math.floor((total * part) / qty));
            paid += worth;
            expect(paid).toBeLessThanOrEqual(total);
            before.push([pieces('a', part)]);
          }
          expect(paid).toBe(total);
        },
      ),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalDecimal, compareDecimals, decimalOf, isDecimal, scaledDecimal } from './decimal.ts';

const units = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const places = fc.nat(12);

describe('a decimal', () => {
  it.each([
    ['0.35', '0.35'],
    ['007.50', '7.5'],
    ['-0.0', '0'],
    ['-00.10', '-0.1'],
    ['100', '100'],
    ['1.000', '1'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical);
  });

  it.each(['', '.5', '5.', '+1', '1e3', ' 1', '1 ', '1,5', 'NaN', '0x1', '١', '1'.repeat(31)])(
    'is not %j',
    (text) => {
      expect(isDecimal(text)).toBe(false);
      expect(() => canonicalDecimal(text)).toThrow(expect.objectContaining({ code: 'DECIMAL_INVALID' }));
    },
  );

  it('is exact in units and back', () => {
    fc.assert(
      fc.property(units, places, (whole, count) => {
        const text = decimalOf(whole, count);
        expect(canonicalDecimal(text)).toBe(text);
        expect(scaledDecimal(text, count)).toBe(whole);
        expect(scaledDecimal(text, count + 2)).toBe(whole * 100n);
      }),
    );
    expect(decimalOf(-5, 2)).toBe('-0.05');
  });

  it('has no units where it has more places', () => {
    expect(scaledDecimal('1.005', 2)).toBeNull();
    expect(scaledDecimal('1.0050', 3)).toBe(1_005n);
  });

  it('is ordered by value', () => {
    fc.assert(
      fc.property(units, units, places, (a, b, count) => {
        expect(compareDecimals(decimalOf(a, count), decimalOf(b, count))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
    expect(compareDecimals('1.10', '1.1')).toBe(0);
    expect(compareDecimals('-2', '1.5')).toBe(-1);
  });
});

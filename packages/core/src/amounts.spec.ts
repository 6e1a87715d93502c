import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAmount, amountIn, subtractAmount, sumAmounts } from './amounts.ts';
import { money, type Money } from './money.ts';

const amounts = fc.array(
  fc.record<Money>({
    minor: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
    currency: fc.constantFrom('EUR', 'USD', 'JPY', 'CNY'),
  }),
);

describe('amounts per currency', () => {
  it('keep one exact sum for each, sorted, whatever the order they came in', () => {
    fc.assert(
      fc.property(amounts, (list) => {
        const sums = sumAmounts(list);
        expect(sums.map(({ currency }) => currency)).toEqual(
          [...new Set(list.map(({ currency }) => currency))].toSorted(),
        );
        for (const { currency, minor } of sums)
          expect(minor).toBe(
            list.filter((one) => one.currency === currency).reduce((sum, one) => sum + one.minor, 0),
          );
        expect(sumAmounts(list.toReversed())).toEqual(sums);
      }),
    );
  });

  it('keep a currency whose sum came to nothing', () => {
    const paid = addAmount([], money(500, 'USD'));
    const back = subtractAmount(paid, money(500, 'USD'));
    expect(back).toEqual([{ minor: 0, currency: 'USD' }]);
    expect(Object.is(subtractAmount([], money(0, 'USD'))[0]?.minor, 0)).toBe(true);
    expect(paid).toEqual([{ minor: 500, currency: 'USD' }]);
    expect([amountIn(paid, 'USD'), amountIn(paid, 'EUR')]).toEqual([500, 0]);
  });

  it('are refused where a sum would no longer be exact', () => {
    const most = [{ minor: Number.MAX_SAFE_INTEGER, currency: 'USD' }];
    expect(() => addAmount(most, money(1, 'USD'))).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });
});

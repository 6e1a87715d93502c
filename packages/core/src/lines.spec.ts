import { describe, expect, it } from 'vitest';
import { checkLines, LINE_LIMITS, type TotalledLine } from './lines.ts';
import type { Money } from './money.ts';

const cny = (minor: number): Money => ({ minor, currency: 'CNY' });
const line = (lineId: string, qty = 2, price = 100): TotalledLine => ({
  lineId,
  qty,
  unitPrice: cny(price),
  discount: cny(10),
  tax: cny(13),
  total: cny(qty * price - 10 + 13),
});
const refusal = (lines: readonly TotalledLine[], total: Money): unknown => {
  try {
    checkLines(lines, total, 'deal');
  } catch (error) {
    return error;
  }
  return null;
};

// The arithmetic is specified with the lines of an order (services/order); here: what depends on whose lines they are.
describe('the lines of a deal', () => {
  it('add up like those of an order', () => {
    expect(refusal([line('a'), line('b')], cny(406))).toBeNull();
    expect(refusal([], cny(0))).toBeNull();
  });

  it('are refused under the name of a deal', () => {
    expect(refusal([line('a')], cny(204))).toMatchObject({
      code: 'DEAL_TOTAL_WRONG',
      message: expect.stringContaining('deal total') as string,
      data: { expected: cny(203) },
    });
    expect(refusal([line('a'), line('a')], cny(406))).toMatchObject({
      code: 'DUPLICATE_LINE',
      message: expect.stringContaining('of the deal') as string,
    });
    expect(refusal([line('a')], { minor: 203, currency: 'EUR' })).toMatchObject({
      code: 'CURRENCY_MISMATCH',
      message: expect.stringContaining('of a deal') as string,
    });
    const many = Array.from({ length: LINE_LIMITS.lines + 1 }, (_, i) => line(`${i}`));
    expect(refusal(many, cny(203 * many.length))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('another deal') as string,
      data: { limit: 'lines', value: 200 },
    });
  });
});

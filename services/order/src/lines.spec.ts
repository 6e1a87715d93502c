import { checkLines, MAX_MINOR } from '@tenure/core';
import fc from 'fast-check';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { eur, line, pieces, sum } from '../test/orders.ts';
import { addQuantities, checkQuantities, sameQuantities, type Line } from './lines.ts';

const refusal = (check: () => void): unknown => {
  try {
    check();
  } catch (error) {
    return error;
  }
  return null;
};
const check = (lines: readonly Line[], total = sum(lines)) =>
  refusal(() => checkLines(lines, total, 'order'));

describe('the lines of an order', () => {
  it('add up to the minor unit', () => {
    const lines = [line('a', 3, 333, { discount: 1, tax: 190 }), line('b', 1, 0)];
    expect(check(lines)).toBeNull();
    expect(check(lines, eur(sum(lines).minor - 1))).toMatchObject({
      code: 'ORDER_TOTAL_WRONG',
      data: { expected: sum(lines) },
    });
    const wrong = { ...line('a', 3, 333), total: eur(1_000) };
    expect(check([wrong])).toMatchObject({
      code: 'LINE_TOTAL_WRONG',
      data: { line: 0, expected: eur(999) },
    });
  });

  it('may cost nothing', () => {
    expect(check([line('free', 1, 0)])).toBeNull();
  });

  it('are in one currency, every amount of them', () => {
    const euro = line('a', 1, 100);
    for (const field of ['unitPrice', 'discount', 'tax', 'total'] as const) {
      const mixed = { ...euro, [field]: { ...euro[field], currency: 'USD' } };
      expect(check([line('b', 1, 1), mixed], eur(101))).toMatchObject({
        code: 'CURRENCY_MISMATCH',
        data: { line: 1 },
      });
    }
  });

  it('have ids of their own', () => {
    expect(check([line('a', 1, 1), line('b', 1, 1), line('a', 2, 1)])).toMatchObject({
      code: 'DUPLICATE_LINE',
      data: { line: 2 },
    });
  });

  it('keep to the limits', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => line(`line ${i}`, 1, 1));
    expect(check(many(200))).toBeNull();
    expect(check(many(201))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      data: { limit: 'lines', value: 200 },
    });
    expect(check([line('a', 1_000_000, 1)])).toBeNull();
    expect(check([line('a', 1_000_001, 1)])).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      data: { limit: 'qty', value: 1_000_000 },
    });
    expect(check([line('a', 1, MAX_MINOR)])).toBeNull();
    for (const tooMuch of [
      line('a', 1, MAX_MINOR + 1),
      line('a', 1, MAX_MINOR, { discount: MAX_MINOR + 1, tax: 1 }),
      line('a', 2, MAX_MINOR),
    ])
      expect(check([tooMuch])).toMatchObject({
        code: 'LIMIT_EXCEEDED',
        data: { limit: 'minorUnits', value: MAX_MINOR },
      });
    // Each line keeps to the limit, their sum does not.
    expect(check([line('a', 1, MAX_MINOR), line('b', 1, 1)])).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('are exact for any amounts', () => {
    const anyLine = fc.record({
      qty: fc.integer({ min: 1, max: 1_000_000 }),
      price: fc.integer({ min: 0, max: 1_000_000 }),
      discount: fc.integer({ min: 0, max: 1_000 }),
      tax: fc.integer({ min: 1_000, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1 }), (some, off) => {
        const lines = some.map(({ qty, price, ...more }, i) => line(`line ${i}`, qty, price, more));
        const exact = lines.reduce((total, { total: { minor } }) => total + BigInt(minor), 0n);
        expect(BigInt(sum(lines).minor)).toBe(exact);
        expect(check(lines)).toBeNull();
        expect(check(lines, eur(sum(lines).minor + off))).toMatchObject({ code: 'ORDER_TOTAL_WRONG' });
      }),
    );
  });
});

describe('taking pieces of lines', () => {
  const available = { [idOf('a')]: 3, [idOf('b')]: 1 };
  const take = (...lines: readonly ReturnType<typeof pieces>[]) =>
    refusal(() => checkQuantities(lines, { [idOf('a')]: 2 }, available));

  it('is possible up to what is left', () => {
    expect(take(pieces('a', 1), pieces('b', 1))).toBeNull();
    expect(take(pieces('a', 2))).toMatchObject({ code: 'QUANTITY_EXCEEDED', data: { left: 1 } });
    expect(take(pieces('b', 1), pieces('b', 1))).toMatchObject({ code: 'QUANTITY_EXCEEDED' });
    expect(take(pieces('c', 1))).toMatchObject({ code: 'UNKNOWN_LINE', data: { lineId: idOf('c') } });
  });

  it('names no more lines than an order has', () => {
    expect(take(...Array.from({ length: 201 }, () => pieces('a', 1)))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      data: { limit: 'lines', value: 200 },
    });
  });

  it('adds up without changing what was there', () => {
    const before = { [idOf('a')]: 1 };
    expect(addQuantities(before, [pieces('a', 2), pieces('b', 1)])).toEqual({
      [idOf('a')]: 3,
      [idOf('b')]: 1,
    });
    expect(before).toEqual({ [idOf('a')]: 1 });
  });

  it('is the same in whatever order and portions it is named', () => {
    expect(
      sameQuantities([pieces('a', 2), pieces('b', 1)], [pieces('b', 1), pieces('a', 1), pieces('a', 1)]),
    ).toBe(true);
    expect(sameQuantities([pieces('a', 2)], [pieces('a', 2), pieces('b', 1)])).toBe(false);
    expect(sameQuantities([pieces('a', 2)], [pieces('b', 2)])).toBe(false);
  });
});

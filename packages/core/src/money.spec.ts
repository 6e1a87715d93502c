import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, decimalsOf, isCurrency } from './currencies.ts';
import {
  add,
  compareMoney,
  lineTotal,
  majorUnits,
  MAX_MINOR,
  money,
  negate,
  parseMoney,
  share,
  subtract,
  total,
  zero,
} from './money.ts';

const code = (value: string): unknown =>
  expect.objectContaining({ code: value, data: expect.objectContaining({ rule: true }) });
const usd = (minor: number) => money(minor, 'USD');
const minors = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });

describe('money', () => {
  it('is whole minor units of a known currency', () => {
    expect(usd(1_177)).toEqual({ minor: 1_177, currency: 'USD' });
    expect(Object.is(usd(-0).minor, 0)).toBe(true);
    for (const minor of [0.5, Number.NaN, Infinity]) expect(() => usd(minor)).toThrow(code('AMOUNT_INVALID'));
    for (const currency of ['', 'usd', 'XXX', 'US', 'toString'])
      expect(() => money(1, currency)).toThrow(code('CURRENCY_UNKNOWN'));
  });

  it('is at most 10^13 minor units either way', () => {
    expect(usd(MAX_MINOR).minor).toBe(10 ** 13);
    expect(() => usd(MAX_MINOR + 1)).toThrow(code('LIMIT_EXCEEDED'));
    expect(() => usd(-MAX_MINOR - 1)).toThrow(code('LIMIT_EXCEEDED'));
    expect(() => add(usd(MAX_MINOR), usd(1))).toThrow(code('LIMIT_EXCEEDED'));
  });

  it('adds and subtracts exactly within one currency', () => {
    fc.assert(
      fc.property(minors, minors, (a, b) => {
        expect(add(usd(a), usd(b)).minor).toBe(a + b);
        expect(subtract(add(usd(a), usd(b)), usd(b))).toEqual(usd(a));
        expect(add(usd(a), negate(usd(a)))).toEqual(zero('USD'));
        expect(Math.sign(compareMoney(usd(a), usd(b)))).toBe(Math.sign(a - b));
      }),
    );
  });

  it('never mixes currencies', () => {
    for (const mix of [add, subtract, compareMoney])
      expect(() => mix(usd(1), money(1, 'EUR'))).toThrow(code('CURRENCY_MISMATCH'));
    expect(() => total([usd(1), money(1, 'EUR')], 'USD')).toThrow(code('CURRENCY_MISMATCH'));
    expect(total([], 'JPY')).toEqual(money(0, 'JPY'));
    expect(total([usd(3), usd(-5)], 'USD')).toEqual(usd(-2));
  });
});

describe('share', () => {
  it.each([
    [100, 1, 3, 33, 33],
    [200, 1, 3, 66, 67],
    [5, 1, 2, 2, 3],
    [-5, 1, 2, -3, -3],
    [-100, 1, 3, -34, -33],
    [5, -1, 2, -3, -3],
    [7, 2, 1, 14, 14],
    [10_000_000_000_000, 999_999, 1_000_000, 9_999_990_000_000, 9_999_990_000_000],
  ])('%d · %d ÷ %d is %d floored and %d half up', (minor, numerator, denominator, floored, halfUp) => {
    expect(share(usd(minor), numerator, denominator, 'floor')).toEqual(usd(floored));
    expect(share(usd(minor), numerator, denominator, 'halfUp')).toEqual(usd(halfUp));
  });

  it('is within one of the true value, and the parts of a whole never exceed it', () => {
    fc.assert(
      fc.property(
        minors,
        fc.integer({ min: 0, max: 1_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (minor, n, d) => {
          const exact = (minor * n) / d;
          expect(Math.abs(share(usd(minor), n, d, 'halfUp').minor - exact)).toBeLessThanOrEqual(0.5 + 1e-6);
          const floored = share(usd(minor), n, d, 'floor').minor;
          expect(floored <= exact + 1e-6 && floored > exact - 1 - 1e-6).toBe(true);
          expect(share(negate(usd(minor)), n, d, 'halfUp')).toEqual(
            negate(share(usd(minor), n, d, 'halfUp')),
          );
        },
      ),
    );
  });
});

describe('lineTotal', () => {
  it('is qty · unitPrice − discount + tax', () => {
    const line = { qty: 3, unitPrice: usd(1_495), discount: usd(485), tax: usd(760) };
    expect(lineTotal(line)).toEqual(usd(4_760));
    expect(lineTotal({ ...line, qty: 0, discount: zero('USD'), tax: zero('USD') })).toEqual(zero('USD'));
  });

  it('refuses a mix of currencies and a line beyond the limit', () => {
    const line = { qty: 1_000_000, unitPrice: usd(10_000_001), discount: zero('USD'), tax: zero('USD') };
    expect(() => lineTotal(line)).toThrow(code('LIMIT_EXCEEDED'));
    expect(() => lineTotal({ ...line, qty: 1, tax: zero('EUR') })).toThrow(code('CURRENCY_MISMATCH'));
  });
});

describe('money as text', () => {
  it.each([
    ['11.77', 'USD', 1_177],
    ['0', 'USD', 0],
    ['-0.05', 'USD', -5],
    ['12.500', 'USD', 1_250],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1_234],
    ['100000000000', 'EUR', 10 ** 13],
  ])('%s %s is %d minor units', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toEqual(money(minor, currency));
  });

  it('comes back from major units for every currency', () => {
    fc.assert(
      fc.property(minors, fc.constantFrom(...CURRENCIES), (minor, currency) => {
        expect(parseMoney(majorUnits(money(minor, currency)), currency)).toEqual(money(minor, currency));
      }),
    );
  });

  it.each(['11.777', '1,000', '', ' 1', '1e3', '0x10', '--1', '1.'])('refuses %j in USD', (text) => {
    expect(() => parseMoney(text, 'USD')).toThrow(code('AMOUNT_INVALID'));
  });

  it('refuses an amount beyond the limit, however long', () => {
    expect(() => parseMoney('9'.repeat(30), 'USD')).toThrow(code('LIMIT_EXCEEDED'));
  });
});

describe('the currencies of ISO 4217', () => {
  it('know their decimals', () => {
    expect(['USD', 'CNY', 'JPY', 'KRW', 'KWD', 'TND', 'CLF', 'ISK', 'HUF'].map(decimalsOf)).toEqual([
      2, 2, 0, 0, 3, 3, 4, 0, 2,
    ]);
    expect(isCurrency('EUR') && !isCurrency('EURO') && !isCurrency('XAU')).toBe(true);
  });

  it('are the ones the runtime knows to be in use, each once', () => {
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
    expect(CURRENCIES.every((known) => /^[A-Z]{3}$/.test(known))).toBe(true);
    for (const currency of [
      'AED',
      'BRL',
      'CHF',
      'GBP',
      'HKD',
      'INR',
      'MXN',
      'SEK',
      'SGD',
      'TWD',
      'VND',
      'ZAR',
    ])
      expect(isCurrency(currency)).toBe(true);
  });
});

// Money in minor units with its currency. Whole numbers only, so sums are exact; amounts of two currencies never mix.
import { decimalsOf, isCurrency } from './currencies.ts';
import { decimalOf, isDecimal, scaledDecimal } from './decimal.ts';
import { ruleViolated } from './errors.ts';

/** An amount in minor units (cents of USD, yen of JPY): a whole number, |minor| ≤ 10^13. */
export type Money = { readonly minor: number; readonly currency: string };

/** The most that one amount may be (DEFAULTS §12): sums of 900 such amounts are still exact. */
export const MAX_MINOR = 10_000_000_000_000;

/** @throws CURRENCY_UNKNOWN, AMOUNT_INVALID (not whole), LIMIT_EXCEEDED */
export const money = (minor: number, currency: string): Money => {
  if (!isCurrency(currency)) decimalsOf(currency); // throws
  if (!Number.isInteger(minor))
    throw ruleViolated('AMOUNT_INVALID', 'An amount is a whole number of minor units (cents).');
  if (Math.abs(minor) > MAX_MINOR) throw limitExceeded();
  return { minor: minor + 0, currency }; // + 0: there is no minus zero
};

export const zero = (currency: string): Money => money(0, currency);

/** @throws CURRENCY_MISMATCH, LIMIT_EXCEEDED */
export const add = (a: Money, b: Money): Money => money(a.minor + sameCurrency(a, b).minor, a.currency);

/** @throws CURRENCY_MISMATCH, LIMIT_EXCEEDED */
export const subtract = (a: Money, b: Money): Money => money(a.minor - sameCurrency(a, b).minor, a.currency);

export const negate = (amount: Money): Money => money(0 - amount.minor, amount.currency);

/** Negative, zero or positive. @throws CURRENCY_MISMATCH */
export const compareMoney = (a: Money, b: Money): number => a.minor - sameCurrency(a, b).minor;

/** Sum of amounts of one currency; zero for none. @throws CURRENCY_MISMATCH, LIMIT_EXCEEDED */
export const total = (amounts: readonly Money[], currency: string): Money => {
  let sum = zero(currency);
  for (const amount of amounts) sum = add(sum, amount);
  return sum;
};

/**
 * amount · numerator ÷ denominator, exact in between. `floor` rounds towards −∞, `halfUp` to the nearest with ties
 * away from zero (so a refund rounds like its sale).
 * @throws LIMIT_EXCEEDED
 */
export const share = (
  amount: Money,
  numerator: number,
  denominator: number,
  rounding: 'floor' | 'halfUp',
): Money => {
  const divide = rounding === 'floor' ? floorDivide : halfUpDivide;
  const minor = divide(BigInt(amount.minor) * BigInt(numerator), BigInt(denominator));
  return money(Number(minor), amount.currency);
};

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};

const halfUpDivide = (a: bigint, b: bigint): bigint => {
  const [dividend, divisor] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const nearest = (2n * dividend + divisor) / (2n * divisor);
  return a < 0n !== b < 0n ? -nearest : nearest;
};

/** A line of an order or deal: amounts for the whole line, `unitPrice` for one piece. */
export type PricedLine = {
  readonly qty: number;
  readonly unitPrice: Money;
  readonly discount: Money;
  readonly tax: Money;
};

/** qty · unitPrice − discount + tax. @throws CURRENCY_MISMATCH, LIMIT_EXCEEDED */
export const lineTotal = (line: PricedLine): Money =>
  add(subtract(share(line.unitPrice, line.qty, 1, 'floor'), line.discount), line.tax);

/** "11.77" USD → 1177 minor units. @throws CURRENCY_UNKNOWN, AMOUNT_INVALID (no decimal, too many places), LIMIT_EXCEEDED */
export const parseMoney = (text: string, currency: string): Money => {
  const decimals = decimalsOf(currency);
  const minor = isDecimal(text) ? scaledDecimal(text, decimals) : null;
  if (minor === null)
    throw ruleViolated(
      'AMOUNT_INVALID',
      `An amount of ${currency} is a decimal with at most ${decimals} places.`,
    );
  return money(Number(minor), currency);
};

/** The amount in major units as a canonical decimal: 1177 USD → "11.77", 500 JPY → "500". */
export const majorUnits = (amount: Money): string => decimalOf(amount.minor, decimalsOf(amount.currency));

const sameCurrency = (a: Money, b: Money): Money => {
  if (a.currency !== b.currency)
    throw ruleViolated(
      'CURRENCY_MISMATCH',
      `Amounts of ${a.currency} and ${b.currency} cannot be put together without a dated exchange rate.`,
      { currencies: [a.currency, b.currency] },
    );
  return b;
};

const limitExceeded = (): Error =>
  ruleViolated('LIMIT_EXCEEDED', `An amount is at most ${MAX_MINOR} minor units.`, {
    limit: 'minorUnits',
    value: MAX_MINOR,
  });

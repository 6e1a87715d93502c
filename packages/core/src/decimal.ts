// Exact decimals as text ("0.35"): doubles lose digits, and an event keeps what was meant.
import { TenureError } from './errors.ts';

const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/** True for decimal text: digits with an optional sign and fraction, no exponent, at most 30 digits on either side. */
export const isDecimal = (text: string): boolean => DECIMAL.test(text);

/**
 * The one text of a decimal: no plus, no leading or trailing zeros, no "-0" ("007.50" → "7.5").
 * @throws DECIMAL_INVALID
 */
export const canonicalDecimal = (text: string): string => {
  const { negative, whole, fraction } = partsOf(text);
  const digits = whole.replace(/^0+(?=\d)/, '');
  const rest = fraction.replace(/0+$/, '');
  const amount = rest === '' ? digits : `${digits}.${rest}`;
  return negative && amount !== '0' ? `-${amount}` : amount;
};

/**
 * The decimal as a whole number of 10^-places units ("11.77", 2 → 1177n); null when it has more places than that.
 * @throws DECIMAL_INVALID
 */
export const scaledDecimal = (text: string, places: number): bigint | null => {
  const { negative, whole, fraction } = partsOf(text);
  if (/[^0]/.test(fraction.slice(places))) return null;
  const units = BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
  return negative ? -units : units;
};

/** The canonical text of a whole number of 10^-places units (1177n, 2 → "11.77"). */
export const decimalOf = (units: bigint | number, places: number): string => {
  const whole = BigInt(units);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(places + 1, '0');
  const at = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
  return canonicalDecimal(whole < 0n ? `-${text}` : text);
};

/** Order by value: negative, zero or positive, whatever way the two are written. @throws DECIMAL_INVALID */
export const compareDecimals = (a: string, b: string): number => {
  const places = Math.max(partsOf(a).fraction.length, partsOf(b).fraction.length);
  const difference = (scaledDecimal(a, places) ?? 0n) - (scaledDecimal(b, places) ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const partsOf = (
  text: string,
): { readonly negative: boolean; readonly whole: string; readonly fraction: string } => {
  const match = DECIMAL.exec(text);
  if (match === null)
    throw new TenureError(
      'DECIMAL_INVALID',
      'A decimal is digits with an optional minus and fraction, such as -12.50; no exponent, no thousands separators.',
    );
  return { negative: match[1] === '-', whole: match[2] ?? '', fraction: match[3] ?? '' };
};

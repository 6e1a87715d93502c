// Parts of a document whose shape grows: read with care, whatever a server knows.
import { decimalsOf, majorUnits, type Money } from '@tenure/core';
import { number } from '../format.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Texts and numbers as they are shown; null for anything else. */
export const text = (given: unknown): string | null =>
  typeof given === 'string' ? given : typeof given === 'number' ? number(given) : null;
export const fields = (given: unknown): Fields =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Fields) : {};
export const list = (given: unknown): readonly Fields[] => (Array.isArray(given) ? given.map(fields) : []);
export const amounts = (given: unknown): string | null => {
  const found = (Array.isArray(given) ? given : [given]).filter(isMoney).map(money);
  return found.length === 0 ? null : found.join(' + ');
};
export const joined = (parts: readonly (string | null)[], by: string): string =>
  parts.filter((part) => part !== null && part !== '').join(by);

const isMoney = (value: unknown): value is Money =>
  typeof value === 'object' &&
  value !== null &&
  'minor' in value &&
  typeof value.minor === 'number' &&
  'currency' in value &&
  typeof value.currency === 'string';

/** `EUR 1,234.50`: with all the decimals of the currency. */
const money = (amount: Money): string => {
  const digits = decimalsOf(amount.currency);
  const major = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits });
  return `${amount.currency} ${major.format(Number(majorUnits(amount)))}`;
};

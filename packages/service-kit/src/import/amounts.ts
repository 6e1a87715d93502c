// Amounts as files write them.
import { isTenureError, parseMoney, type Money } from '@tenure/core';

/** How an amount is written. */
export type AmountForm = {
  readonly currency: string;
  readonly decimal: '.' | ',';
  readonly thousands?: string | undefined;
};

/** The exact amount, or why it is none. */
export const amountIn = (text: string, { currency, decimal, thousands }: AmountForm): Money | string => {
  const [whole = '', ...rest] = text.split(decimal);
  const groups = thousands === undefined ? [whole] : whole.split(thousands);
  const wellGrouped = groups.slice(1).every(({ length }) => length === 3) && (groups[0] ?? '').length <= 3;
  if (groups.length > 1 && !wellGrouped) return 'has thousands that are not grouped by three';
  const exact = [groups.join(''), ...rest].join('.');
  if (!/^\d+(\.\d+)?$/.test(exact)) return 'is no amount of zero or more';
  try {
    return parseMoney(exact, currency);
  } catch (error) {
    if (isTenureError(error)) return `is no amount in ${currency} (${error.code})`;
    throw error;
  }
};

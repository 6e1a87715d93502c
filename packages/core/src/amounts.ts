// Amounts per currency: what a customer bought in euros and in yen stays two sums.
import { ruleViolated } from './errors.ts';
import type { Money } from './money.ts';

/** One amount per currency, sorted by currency code. An amount that came to zero stays: the currency was used. */
export type Amounts = readonly Money[];

/** Adds an amount to the sum of its currency. @throws LIMIT_EXCEEDED when a sum can no longer be exact (2^53). */
export const addAmount = (amounts: Amounts, amount: Money): Amounts => {
  const at = amounts.findIndex((sum) => sum.currency >= amount.currency);
  const present = amounts[at];
  if (present === undefined) return [...amounts, amount];
  if (present.currency !== amount.currency) return amounts.toSpliced(at, 0, amount);
  return amounts.with(at, { minor: exact(present.minor + amount.minor), currency: amount.currency });
};

/** Takes an amount (a refund) from the sum of its currency. @throws LIMIT_EXCEEDED */
export const subtractAmount = (amounts: Amounts, amount: Money): Amounts =>
  addAmount(amounts, { minor: 0 - amount.minor, currency: amount.currency });

/** The sums of any amounts. @throws LIMIT_EXCEEDED */
export const sumAmounts = (all: Iterable<Money>): Amounts => {
  let sums: Amounts = [];
  for (const amount of all) sums = addAmount(sums, amount);
  return sums;
};

/** Minor units in one currency; 0 when there is none of it. */
export const amountIn = (amounts: Amounts, currency: string): number =>
  amounts.find((sum) => sum.currency === currency)?.minor ?? 0;

const exact = (minor: number): number => {
  if (!Number.isSafeInteger(minor))
    throw ruleViolated('LIMIT_EXCEEDED', 'A sum of amounts is beyond what can be kept exactly (2^53).', {
      limit: 'sum',
      value: Number.MAX_SAFE_INTEGER,
    });
  return minor;
};

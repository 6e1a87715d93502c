// The lines of an order or a deal: exact to the minor unit, one currency, ids of their own.
import { ruleViolated } from './errors.ts';
import { lineTotal, money, total as totalOf, type Money, type PricedLine } from './money.ts';

export type TotalledLine = PricedLine & { readonly lineId: string; readonly total: Money };

/** Limits of one order or deal (DEFAULTS §12). */
export const LINE_LIMITS = { lines: 200, qty: 1_000_000 } as const;

/** What has the lines. */
export type LineOwner = 'order' | 'deal';

/**
 * Checks lines against the total of their order or deal.
 * @throws LIMIT_EXCEEDED, DUPLICATE_LINE, CURRENCY_MISMATCH, LINE_TOTAL_WRONG, ORDER_TOTAL_WRONG or DEAL_TOTAL_WRONG
 */
export const checkLines = (lines: readonly TotalledLine[], total: Money, owner: LineOwner): void => {
  checkLineLimit('lines', lines.length, owner);
  const ids = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (ids.has(line.lineId))
      throw ruleViolated(
        'DUPLICATE_LINE',
        `Two lines of the ${owner} have the same lineId; give each its own.`,
        { line: index },
      );
    ids.add(line.lineId);
    checkLine(line, index, total.currency, owner);
  }
  const expected = totalOf(
    lines.map((line) => line.total),
    total.currency,
  );
  if (!same(expected, total))
    throw ruleViolated(
      `${owner.toUpperCase()}_TOTAL_WRONG`,
      `The ${owner} total must be the sum of the line totals, to the minor unit.`,
      { expected },
    );
};

const checkLine = (line: TotalledLine, index: number, currency: string, owner: LineOwner): void => {
  checkLineLimit('qty', line.qty, owner);
  for (const amount of [line.unitPrice, line.discount, line.tax, line.total]) {
    money(amount.minor, amount.currency);
    if (amount.currency !== currency)
      throw ruleViolated(
        'CURRENCY_MISMATCH',
        `All amounts of ${owner === 'order' ? 'an order' : 'a deal'} are in one currency, here ${currency}.`,
        { line: index },
      );
  }
  const expected = lineTotal(line);
  if (!same(expected, line.total))
    throw ruleViolated(
      'LINE_TOTAL_WRONG',
      'A line total must be qty · unitPrice − discount + tax, to the minor unit.',
      { line: index, expected },
    );
};

const same = (a: Money, b: Money): boolean => a.minor === b.minor && a.currency === b.currency;

/** @throws LIMIT_EXCEEDED */
export const checkLineLimit = (limit: keyof typeof LINE_LIMITS, value: number, owner: LineOwner): void => {
  if (value <= LINE_LIMITS[limit]) return;
  const one = owner === 'order' ? 'An order' : 'A deal';
  throw ruleViolated(
    'LIMIT_EXCEEDED',
    limit === 'lines'
      ? `${one} has at most ${LINE_LIMITS.lines} lines; put the rest into another ${owner}.`
      : `A line has at most ${LINE_LIMITS.qty} pieces; put the rest on another line.`,
    { limit, value: LINE_LIMITS[limit] },
  );
};

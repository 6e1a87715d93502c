// The arithmetic of order lines: exact to the minor unit, one currency per order, quantities that add up.
import { lineTotal, money, ruleViolated, total as totalOf, type Money } from '@tenure/core';
import type { NewOrderPlaced } from '@tenure/events/generated/order';

export type Line = NewOrderPlaced['lines'][number];
export type LineQty = { readonly lineId: string; readonly qty: number };
/** Pieces by line. */
export type Quantities = Readonly<Record<string, number>>;

/** Limits of one order (DEFAULTS §12). */
const LIMITS = { lines: 200, qty: 1_000_000 } as const;

/**
 * Checks the lines of an order against its total.
 * @throws LIMIT_EXCEEDED, DUPLICATE_LINE, CURRENCY_MISMATCH, LINE_TOTAL_WRONG, ORDER_TOTAL_WRONG
 */
export const checkLines = (lines: readonly Line[], total: Money): void => {
  checkLimit('lines', lines.length);
  const ids = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (ids.has(line.lineId))
      throw ruleViolated(
        'DUPLICATE_LINE',
        'Two lines of the order have the same lineId; give each its own.',
        { line: index },
      );
    ids.add(line.lineId);
    checkLine(line, index, total.currency);
  }
  const expected = totalOf(
    lines.map((line) => line.total),
    total.currency,
  );
  if (!same(expected, total))
    throw ruleViolated(
      'ORDER_TOTAL_WRONG',
      'The order total must be the sum of the line totals, to the minor unit.',
      { expected },
    );
};

const checkLine = (line: Line, index: number, currency: string): void => {
  checkLimit('qty', line.qty);
  for (const amount of [line.unitPrice, line.discount, line.tax, line.total]) {
    money(amount.minor, amount.currency);
    if (amount.currency !== currency)
      throw ruleViolated(
        'CURRENCY_MISMATCH',
        `All amounts of an order are in one currency, here ${currency}.`,
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
const checkLimit = (limit: keyof typeof LIMITS, value: number): void => {
  if (value > LIMITS[limit])
    throw ruleViolated(
      'LIMIT_EXCEEDED',
      limit === 'lines'
        ? `An order has at most ${LIMITS.lines} lines; place the rest as another order.`
        : `A line has at most ${LIMITS.qty} pieces; put the rest on another line.`,
      { limit, value: LIMITS[limit] },
    );
};

/** Pieces by line, added up. */
export const addQuantities = (quantities: Quantities, lines: readonly LineQty[]): Quantities => {
  const sums = { ...quantities };
  for (const { lineId, qty } of lines) sums[lineId] = (sums[lineId] ?? 0) + qty;
  return sums;
};

/**
 * Checks that taking `lines` on top of what is `taken` stays within what is `available`, line by line.
 * @throws LIMIT_EXCEEDED, UNKNOWN_LINE, QUANTITY_EXCEEDED with the line and what is left
 */
export const checkQuantities = (
  lines: readonly LineQty[],
  taken: Quantities,
  available: Quantities,
): void => {
  checkLimit('lines', lines.length);
  const sums = addQuantities(taken, lines);
  for (const { lineId } of lines) {
    const most = available[lineId];
    if (most === undefined) throw ruleViolated('UNKNOWN_LINE', 'The order has no such line.', { lineId });
    if ((sums[lineId] ?? 0) > most)
      throw ruleViolated('QUANTITY_EXCEEDED', 'More than is left of this line.', {
        lineId,
        left: most - (taken[lineId] ?? 0),
      });
  }
};

/** True when both name the same pieces, in whatever order. */
export const sameQuantities = (a: readonly LineQty[], b: readonly LineQty[]): boolean => {
  const [left, right] = [addQuantities({}, a), addQuantities({}, b)];
  const lines = Object.keys(left);
  return (
    lines.length === Object.keys(right).length && lines.every((lineId) => left[lineId] === right[lineId])
  );
};

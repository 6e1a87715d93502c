// The arithmetic of order lines: exact to the minor unit, one currency per order, quantities that add up.
import { lineTotal, ruleViolated, total as totalOf, type Money } from '@tenure/core';
import type { NewOrderPlaced } from '@tenure/events/generated/order';

export type Line = NewOrderPlaced['lines'][number];
export type LineQty = { readonly lineId: string; readonly qty: number };

export const MAX_LINES = 200;

const same = (a: Money, b: Money): boolean => a.minor === b.minor && a.currency === b.currency;

/**
 * Checks the lines of an order against its total.
 * @throws LIMIT_EXCEEDED, DUPLICATE_LINE, CURRENCY_MISMATCH, LINE_TOTAL_WRONG, ORDER_TOTAL_WRONG
 */
export const checkLines = (lines: readonly Line[], total: Money): void => {
  if (lines.length > MAX_LINES)
    throw ruleViolated('LIMIT_EXCEEDED', `An order has at most ${MAX_LINES} lines.`, {
      limit: 'lines',
      value: MAX_LINES,
    });
  const ids = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (ids.has(line.lineId))
      throw ruleViolated(
        'DUPLICATE_LINE',
        'Two lines of the order have the same lineId; give each its own.',
        { line: index },
      );
    ids.add(line.lineId);
    for (const money of [line.unitPrice, line.discount, line.tax, line.total])
      if (money.currency !== total.currency)
        throw ruleViolated(
          'CURRENCY_MISMATCH',
          `All amounts of an order are in one currency, here ${total.currency}.`,
          { line: index },
        );
    const expected = lineTotal(line);
    if (!same(expected, line.total))
      throw ruleViolated(
        'LINE_TOTAL_WRONG',
        'A line total must be qty · unitPrice − discount + tax, to the minor unit.',
        { line: index, expected },
      );
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

/** Quantities by line, added up. */
export const addQuantities = (
  quantities: Readonly<Record<string, number>>,
  lines: readonly LineQty[],
): Readonly<Record<string, number>> => {
  const sums = { ...quantities };
  for (const { lineId, qty } of lines) sums[lineId] = (sums[lineId] ?? 0) + qty;
  return sums;
};

/**
 * Checks that taking `lines` on top of what is `taken` stays within what is `available`, line by line.
 * @throws UNKNOWN_LINE, QUANTITY_EXCEEDED with the line and what is left
 */
export const checkQuantities = (
  lines: readonly LineQty[],
  taken: Readonly<Record<string, number>>,
  available: Readonly<Record<string, number>>,
): void => {
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

// The pieces of order lines: quantities that add up. Their amounts are checked by the rules of core.
import { checkLineLimit, ruleViolated } from '@tenure/core';
import type { NewOrderPlaced } from '@tenure/events/generated/order';

export type Line = NewOrderPlaced['lines'][number];
export type LineQty = { readonly lineId: string; readonly qty: number };
/** Pieces by line. */
export type Quantities = Readonly<Record<string, number>>;

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
  checkLineLimit('lines', lines.length, 'order');
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

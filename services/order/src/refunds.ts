// What may be paid back: exact to the minor unit, and over all returns of an order never more than was paid.
import { ruleViolated, share, type Money } from '@tenure/core';
import { addQuantities, type Line, type LineQty } from './lines.ts';

/** Pieces that one return has brought back, or wants to. */
export type Returned = readonly LineQty[];

/** Each line once. */
export const onceEach = (lines: Returned): Returned =>
  Object.entries(addQuantities({}, lines)).map(([lineId, qty]) => ({ lineId, qty }));

/**
 * The most that pieces are worth: total · pieces ÷ qty of each line, floored; who takes the last piece of a line takes
 * what flooring has left. `before`: what was paid back for already, by return.
 */
export const worthOf = (ordered: readonly Line[], lines: Returned, before: readonly Returned[]): number => {
  const earlier = before.map((returned) => addQuantities({}, returned));
  return onceEach(lines).reduce((sum, { lineId, qty }) => {
    const line = ordered.find((known) => known.lineId === lineId);
    if (line === undefined) return sum;
    const taken = earlier.map((pieces) => pieces[lineId] ?? 0);
    const all = taken.reduce((pieces, one) => pieces + one, qty);
    if (all < line.qty) return sum + share(line.total, qty, line.qty, 'floor').minor;
    const paid = taken.reduce((amount, one) => amount + share(line.total, one, line.qty, 'floor').minor, 0);
    return sum + line.total.minor - paid;
  }, 0);
};

/** @throws CURRENCY_MISMATCH, REFUND_EXCEEDED with the most that may be paid back */
export const checkRefund = (amount: Money, most: Money): void => {
  if (amount.currency !== most.currency)
    throw ruleViolated('CURRENCY_MISMATCH', `The order was paid in ${most.currency}, and so is the refund.`);
  if (amount.minor > most.minor)
    throw ruleViolated('REFUND_EXCEEDED', 'A refund is at most what was paid for the returned pieces.', {
      most,
    });
};

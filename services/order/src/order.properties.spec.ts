// Whatever is sent in whatever order: the order never leaves the domain.
import { allowedCommands, isTenureError } from '@tenure/core';
import fc from 'fast-check';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { given, histories, line, pieces, sum, type OrderCommand, type OrderFact } from '../test/orders.ts';
import type { LineQty } from './lines.ts';
import { order } from './order.ts';
import type { OrderState } from './order-parts.ts';

const names = fc.constantFrom('a', 'b', 'c');
const someLines = fc
  .uniqueArray(
    fc.record({
      name: names,
      qty: fc.integer({ min: 1, max: 5 }),
      price: fc.integer({ min: 0, max: 1_000 }),
      currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
  )
  .map((some) => some.map(({ name, qty, price, currency }) => line(name, qty, price, { currency })));
const somePieces = fc.array(
  fc.tuple(names, fc.integer({ min: 1, max: 4 })).map(([name, qty]) => pieces(name, qty)),
  { minLength: 1, maxLength: 3 },
);
const somePart = fc.constantFrom('first', 'second', 'third').map(idOf);
const totalOff = fc.constantFrom(0, 0, 0, 1);

const priced = fc
  .tuple(someLines, totalOff)
  .map(([lines, off]) => ({ lines, total: sum(lines, lines[0]?.total.currency ?? 'EUR'), off }))
  .map(({ lines, total, off }) => ({ lines, total: { ...total, minor: total.minor + off } }));

const command: fc.Arbitrary<OrderCommand> = fc.oneof(
  priced.map((data): OrderCommand => ({ name: 'PlaceOrder', data: { ...data, channel: 'DIRECT' } })),
  priced.map((data): OrderCommand => ({ name: 'AmendOrder', data: { ...data, reason: 'changed' } })),
  fc.constantFrom<OrderCommand>(
    { name: 'ConfirmOrder', data: {} },
    { name: 'HoldOrder', data: { reason: 'STOCK', evidence: [] } },
    { name: 'ReleaseOrder', data: {} },
    { name: 'CompleteFulfilment', data: {} },
    { name: 'CloseOrder', data: {} },
    { name: 'RejectOrder', data: { reasonCode: 'STOCK' } },
    { name: 'CancelOrder', data: { reasonCode: 'CHANGED_MIND', by: 'COMPANY' } },
  ),
  fc.tuple(somePart, somePieces).map(([fulfilmentId, lines]): OrderCommand => ({
    name: 'RecordFulfilment',
    data: { fulfilmentId, lines },
  })),
  fc
    .tuple(somePart, somePieces)
    .map(([returnId, lines]): OrderCommand => ({ name: 'ReserveReturn', data: { returnId, lines } })),
  somePart.map((returnId): OrderCommand => ({ name: 'ReleaseReturn', data: { returnId } })),
);

const quantityOf = (lines: readonly LineQty[], lineId: string): number =>
  lines.reduce((total, one) => (one.lineId === lineId ? total + one.qty : total), 0);

const checkInvariants = (state: OrderState): void => {
  expect(Object.keys(histories)).toContain(state.status);
  const reserved = Object.values(state.reserved).flat();
  for (const lineId of new Set([...Object.keys(state.fulfilled), ...reserved.map((one) => one.lineId)])) {
    const fulfilled = state.fulfilled[lineId] ?? 0;
    expect(fulfilled).toBeLessThanOrEqual(quantityOf(state.lines, lineId));
    expect(quantityOf(reserved, lineId)).toBeLessThanOrEqual(fulfilled);
  }
  if (state.total === null) return;
  const { currency } = state.total;
  let total = 0;
  for (const { qty, unitPrice, discount, tax, total: lineTotal } of state.lines) {
    expect([unitPrice, discount, tax, lineTotal].map((amount) => amount.currency)).toEqual(
      Array.from({ length: 4 }, () => currency),
    );
    expect(lineTotal.minor).toBe(qty * unitPrice.minor - discount.minor + tax.minor);
    total += lineTotal.minor;
  }
  expect(state.total.minor).toBe(total);
};

/** The code of a refusal, null for none. Anything that is no refusal is a bug and goes through. */
const refusalOf = (act: () => void): string | null => {
  try {
    act();
  } catch (error) {
    if (isTenureError(error)) return error.code;
    throw error;
  }
  return null;
};

describe('any commands in any order', () => {
  it('never lead out of the domain', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const history: OrderFact[] = [];
        let currency: string | undefined;
        for (const one of commands) {
          const scenario = given(...history);
          const legal = allowedCommands(order, scenario.state()).includes(one.name);
          const code = refusalOf(() => {
            history.push(...(scenario.when(one).facts() as readonly OrderFact[]));
          });
          expect(code === 'ILLEGAL_STATE').toBe(!legal);
          const after = given(...history).state();
          checkInvariants(after);
          currency ??= after.total?.currency;
          expect(after.total?.currency).toBe(currency);
        }
      }),
      { numRuns: 300 },
    );
  });
});

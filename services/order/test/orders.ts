// Orders for specifications: facts by short names, a history for every status, the context that deciders need.
import type { Money } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT, scenarios, type Command, type Given } from '@tenure/testing';
import type { Line, LineQty } from '../src/lines.ts';
import { order } from '../src/order.ts';
import type { OrderContext, OrderParts, OrderStatus } from '../src/order-parts.ts';

export const orderId = SCENARIO_CONTEXT.id;
export const eur = (minor: number): Money => ({ minor, currency: 'EUR' });

/** A line without discount and tax unless said otherwise; its total is right. */
export const line = (
  name: string,
  qty: number,
  price: number,
  more: { readonly discount?: number; readonly tax?: number; readonly currency?: string } = {},
) => {
  const { discount = 0, tax = 0, currency = 'EUR' } = more;
  const amount = (minor: number): Money => ({ minor, currency });
  return {
    lineId: idOf(name),
    productId: idOf(`product of ${name}`),
    category: null,
    attributes: null,
    qty,
    unitPrice: amount(price),
    discount: amount(discount),
    tax: amount(tax),
    total: amount(qty * price - discount + tax),
  } satisfies Line;
};

export const sum = (lines: readonly Line[], currency = 'EUR'): Money => ({
  minor: lines.reduce((total, { total: one }) => total + one.minor, 0),
  currency,
});

export const pieces = (name: string, qty: number): LineQty => ({ lineId: idOf(name), qty });

/** Two lines: three pens at 2.00 and one desk at 100.00 with tax. */
export const lines = [line('pens', 3, 200), line('desk', 1, 10_000, { tax: 1_900 })];
export const total = sum(lines);

export const policy = {
  returnDays: 30,
  reasons: { STOCK: {}, CHANGED_MIND: {} },
} satisfies OrderContext['policy'];

export const context: OrderContext = {
  policy,
  defaultPromise: '2026-01-22',
  zone: 'UTC',
  returnWaits: true,
  returnsUnderWay: [],
};
export const given = scenarios<OrderParts>(order, context);

export type OrderFact = Given<OrderParts>;
export type OrderCommand = Command<OrderParts>;

export const placed = {
  type: 'OrderPlaced',
  data: {
    orderId,
    opportunityId: null,
    quoteId: null,
    channel: 'WEB_SHOP',
    externalRef: 'shop-1',
    lines,
    total,
    promisedOn: '2026-01-22',
  },
} as const satisfies OrderFact;

const actor = SCENARIO_CONTEXT.actor;
export const confirmed = {
  type: 'OrderConfirmed',
  data: { orderId, confirmedBy: actor },
} as const satisfies OrderFact;
export const onHold = {
  type: 'OrderPutOnHold',
  data: { orderId, reason: 'CREDIT', evidence: [] },
} as const satisfies OrderFact;
export const released = {
  type: 'OrderReleased',
  data: { orderId, releasedBy: actor },
} as const satisfies OrderFact;
export const delivered = (name: string, ...lineQuantities: readonly LineQty[]) =>
  ({
    type: 'OrderLinesFulfilled',
    data: { orderId, fulfilmentId: idOf(name), lines: lineQuantities, carrierRef: null },
  }) as const satisfies OrderFact;
export const fulfilled = {
  type: 'OrderFulfilled',
  data: { orderId, lines, total, onTime: true },
} as const satisfies OrderFact;
export const reserved = (name: string, ...lineQuantities: readonly LineQty[]) =>
  ({
    type: 'ReturnReserved',
    data: { orderId, returnId: idOf(name), lines: lineQuantities },
  }) as const satisfies OrderFact;
export const returnReleased = (name: string) =>
  ({ type: 'ReturnReleased', data: { orderId, returnId: idOf(name) } }) as const satisfies OrderFact;

/** A history that ends in each status. */
export const histories: Readonly<Record<OrderStatus, readonly OrderFact[]>> = {
  '∅': [],
  Placed: [placed],
  OnHold: [placed, onHold],
  Confirmed: [placed, confirmed],
  PartiallyFulfilled: [placed, confirmed, delivered('first', pieces('pens', 2))],
  Fulfilled: [placed, confirmed, fulfilled],
  Closed: [placed, confirmed, fulfilled, { type: 'OrderClosed', data: { orderId } }],
  Cancelled: [
    placed,
    {
      type: 'OrderCancelled',
      data: { orderId, opportunityId: null, reasonCode: 'CHANGED_MIND', by: 'CUSTOMER' },
    },
  ],
  Rejected: [placed, { type: 'OrderRejected', data: { orderId, opportunityId: null, reasonCode: 'STOCK' } }],
};

/** A command of each name that no rule but the state could refuse. */
export const commands: { readonly [C in OrderCommand['name']]: Extract<OrderCommand, { name: C }> } = {
  PlaceOrder: { name: 'PlaceOrder', data: { channel: 'WEB_SHOP', externalRef: 'shop-1', lines, total } },
  ConfirmOrder: { name: 'ConfirmOrder', data: {} },
  RejectOrder: { name: 'RejectOrder', data: { reasonCode: 'STOCK' } },
  HoldOrder: { name: 'HoldOrder', data: { reason: 'CREDIT', evidence: [] } },
  ReleaseOrder: { name: 'ReleaseOrder', data: {} },
  AmendOrder: { name: 'AmendOrder', data: { lines, total, reason: 'a typing mistake' } },
  RecordFulfilment: { name: 'RecordFulfilment', data: { lines: [pieces('pens', 1)] } },
  CompleteFulfilment: { name: 'CompleteFulfilment', data: {} },
  ReserveReturn: { name: 'ReserveReturn', data: { returnId: idOf('return'), lines: [pieces('pens', 1)] } },
  ReleaseReturn: { name: 'ReleaseReturn', data: { returnId: idOf('return') } },
  CancelOrder: { name: 'CancelOrder', data: { reasonCode: 'CHANGED_MIND', by: 'CUSTOMER' } },
  CloseOrder: { name: 'CloseOrder', data: {} },
};

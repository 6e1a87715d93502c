// A row of a file of purchases as an order.
import { tenureNamespace, uuid5, type Money } from '@tenure/core';
import { amountIn } from './amounts.ts';
import { importedProductId } from './body.ts';
import type { OrderMapping } from './mapping.ts';
import { importedCustomerId, type Placed, THEN, type BatchLine } from './planned.ts';
import type { RowProblem } from './rows.ts';

const ORDERS = tenureNamespace('import/order');
const MAX_ATTRIBUTE = 200;

/** The line that places the order, or why it cannot be. */
export const planOrder = (mapping: OrderMapping, placed: Placed): BatchLine | RowProblem => {
  const { row, values } = placed.identity;
  const { amount, attributes } = mapping.order;
  const price = amountIn(values.get(amount.column) ?? '', amount);
  if (typeof price === 'string') return { row, column: amount.column, reason: price };
  const facts: Record<string, string> = {};
  for (const [name, column] of Object.entries(attributes)) {
    const value = values.get(column) ?? '';
    if (value.length > MAX_ATTRIBUTE)
      return { row, column, reason: `is longer than ${MAX_ATTRIBUTE} characters` };
    if (value !== '') facts[name] = value;
  }
  return orderLine(mapping, placed, price, facts);
};

const orderLine = (
  { system, order }: OrderMapping,
  { identity, reference, key, occurredAt }: Placed,
  price: Money,
  facts: Readonly<Record<string, string>>,
): BatchLine => {
  const customerId = importedCustomerId(system, identity.externalId ?? '');
  const orderId = uuid5(ORDERS, system, ...reference);
  const nothing = { minor: 0, currency: price.currency };
  const line = {
    lineId: uuid5(orderId, 'line', '1'),
    productId: importedProductId(system, order.product),
    ...(Object.keys(facts).length > 0 && { attributes: facts }),
    qty: 1,
    unitPrice: price,
    discount: nothing,
    tax: nothing,
    total: price,
  };
  return {
    route: '/api/orders',
    key,
    customerId,
    body: {
      orderId,
      customerId,
      channel: order.channel,
      externalRef: key,
      lines: [line],
      total: price,
      occurredAt,
    },
    ...(order.afterwards.length > 0 && {
      [THEN]: order.afterwards.map((command) => ({ command, body: {} })),
    }),
  };
};

// A company's log of any size: customers who register, are linked to another system, and buy. Ten events for each customer,
// of the shape and size that an import writes, in the order in which they would have come.
import { createSecretKey } from 'node:crypto';
import { uuid5, URL_NAMESPACE } from '../../packages/core/src/index.ts';
import { createCodec } from '../../packages/events/src/index.ts';
import type { ClockFacts } from '../../packages/events/src/generated/clock.ts';
import type { CustomerFacts } from '../../packages/events/src/generated/customer.ts';
import type { OrderFacts } from '../../packages/events/src/generated/order.ts';
import type { DataKey } from '../../packages/keys/src/index.ts';

export type BenchEvent = {
  readonly source: 'customer' | 'order' | 'clock';
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly key: string;
  readonly id: string;
  readonly body: Uint8Array;
};

export const EVENTS_PER_CUSTOMER = 10;
/** Of the ten: registered and linked, then 2⅔ orders of three events each. */
const ORDER_EVENTS = ['OrderPlaced', 'OrderConfirmed', 'OrderFulfilled'] as const;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** One key for all: sealing and opening cost the same, and nothing has to be kept beside the log. */
export const benchKey: DataKey = { kid: 'bench', key: createSecretKey(Buffer.alloc(32, 7)) };

const codec = createCodec();
const money = (minor: number) => ({ minor, currency: 'USD' });
const idOf = (kind: string, n: number, part = ''): string =>
  uuid5(URL_NAMESPACE, 'bench', kind, String(n), part);

export const customerIdOf = (n: number): string => idOf('customer', n);

type Told = {
  readonly source: 'customer' | 'order';
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly occurredAt: number;
  readonly customer: number;
  readonly data: object;
};

const encoded = (told: Told, dataKey: DataKey | undefined): BenchEvent => {
  const { source, type, stream, revision, occurredAt, customer, data } = told;
  const key = customerIdOf(customer);
  const id = uuid5(URL_NAMESPACE, 'bench', stream, String(revision));
  const body = codec.encode(
    {
      id,
      type,
      source,
      occurredAt,
      recordedAt: occurredAt,
      meta: {
        commandId: idOf('command', customer, stream),
        correlationId: idOf('import', 0),
        actor: { kind: 'import', id: 'bench' },
        bodyHash: 'AAAAAAAAAAAAAAAAAAAAAA',
        backfill: true,
      },
      customerId: key,
      data,
    },
    codec.hasPersonalFields(type) ? dataKey : undefined,
  );
  return { source, type, stream, revision, key, id, body };
};

const registered = (customer: number): CustomerFacts['CustomerRegistered'] => ({
  kind: 'PERSON',
  displayName: `Customer number ${customer}`,
  source: 'IMPORT',
  locale: 'en-US',
  timeZone: 'UTC',
  homeCurrency: 'USD',
});

const linked = (customer: number): CustomerFacts['ExternalIdentityLinked'] => ({
  system: 'bench',
  externalId: String(customer),
  confidence: 100,
});

const lineOf = (order: number) => {
  const price = money(500 + ((order * 37) % 9_000));
  return {
    lineId: idOf('line', order),
    productId: idOf('product', order % 500),
    qty: 1,
    attributes: { cds: String(1 + (order % 5)) },
    unitPrice: price,
    discount: money(0),
    tax: money(0),
    total: price,
  };
};

const orderFact = (order: number, customer: number, step: number): OrderFacts[keyof OrderFacts] => {
  const orderId = idOf('order', order);
  const line = lineOf(order);
  if (step === 1) return { orderId, confirmedBy: { kind: 'import', id: 'bench' } };
  if (step === 2) return { orderId, lines: [line], total: line.total, onTime: true };
  return {
    orderId,
    channel: 'WEB_SHOP',
    externalRef: `${customer}/${order}`,
    lines: [line],
    total: line.total,
    promisedOn: '2024-03-01',
  };
};

/** Event number n of a log in which `customers` take turns: first all register, then they buy, a day after the other. */
const told = (n: number, customers: number): Told => {
  if (n < 2 * customers) {
    const customer = n >> 1;
    const first = n % 2 === 0;
    return {
      source: 'customer',
      type: first ? 'CustomerRegistered' : 'ExternalIdentityLinked',
      stream: `customer-${customerIdOf(customer)}`,
      revision: n % 2,
      occurredAt: FIRST_DAY,
      customer,
      data: first ? registered(customer) : linked(customer),
    };
  }
  const order = Math.floor((n - 2 * customers) / ORDER_EVENTS.length);
  const step = (n - 2 * customers) % ORDER_EVENTS.length;
  const customer = (order * 7_919) % customers; // a prime: neighbours in the log are not neighbours in the models
  return {
    source: 'order',
    type: ORDER_EVENTS[step] ?? 'OrderPlaced',
    stream: `order-${idOf('order', order)}`,
    revision: step,
    occurredAt: FIRST_DAY + (1 + (order % 700)) * DAY_MS,
    customer,
    data: orderFact(order, customer, step),
  };
};

/** The events `from`…`to` (exclusive) of a log of `total` events. `dataKey`: what personal fields are sealed with. */
export function* eventsOf(
  total: number,
  from: number,
  to: number,
  dataKey: (customerId: string) => DataKey | undefined = () => benchKey,
): Generator<BenchEvent> {
  const customers = Math.ceil(total / EVENTS_PER_CUSTOMER);
  for (let n = from; n < to; n++) {
    const one = told(n, customers);
    yield encoded(one, one.source === 'customer' ? dataKey(customerIdOf(one.customer)) : undefined);
  }
}

const LAST_DAY = FIRST_DAY + 800 * DAY_MS;

/** The business day that closes after all of it: without one no document has a summary. */
export const dayClosed = (): BenchEvent => {
  const id = idOf('day', 0);
  const at = LAST_DAY + DAY_MS;
  const data: ClockFacts['BusinessDayClosed'] = {
    businessDate: new Date(LAST_DAY).toISOString().slice(0, 10),
    timeZone: 'UTC',
    closedAt: at,
  };
  const body = codec.encode(
    {
      ...{ id, type: 'BusinessDayClosed', source: 'clock', occurredAt: at, recordedAt: at },
      meta: { commandId: id, correlationId: id, actor: { kind: 'clock', id: 'bench' } },
      customerId: null,
      data,
    },
    undefined,
  );
  return { source: 'clock', type: 'BusinessDayClosed', stream: 'day-UTC', revision: 0, key: id, id, body };
};

// Histories of a customer for specifications: events as the slices read them, and arbitrary ones for properties.
import { addDays, dateOfDay, dayNumber, startOfDate, uuid5, tenureNamespace, type Money } from '@tenure/core';
import type { DecodedEvent, Sealable } from '@tenure/events';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import type { ChurnEvents } from '@tenure/events/generated/churn';
import type { LeadEvents } from '@tenure/events/generated/lead';
import type { LoyaltyEvents } from '@tenure/events/generated/loyalty';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import type { OrderEvents } from '@tenure/events/generated/order';
import type { ServiceEvents } from '@tenure/events/generated/service';
import type { Slice } from '@tenure/projections';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { NextActionRules } from '../src/next-action-rules.ts';
import { DataQualityRules, LifecycleRules, type CustomerRules } from '../src/rules.ts';
import { noChurn } from '../src/churn-slice.ts';
import { unknownCustomer } from '../src/customer-slice.ts';
import { noLeads } from '../src/lead-slice.ts';
import { noLoyalty } from '../src/loyalty-slice.ts';
import { noDeals } from '../src/opportunity-slice.ts';
import { noOrders } from '../src/order-slice.ts';
import { noService } from '../src/service-slice.ts';
import type { CustomerSlices, SummaryRules } from '../src/summary.ts';

const NAMESPACE = tenureNamespace('stories');
/** The id that a name stands for: the same name, the same id. */
export const idOf = (name: string): string => uuid5(NAMESPACE, name);

export const usd = (minor: number): Money => ({ minor, currency: 'USD' });

const policy = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../policies/${name}.v1.json`, import.meta.url), 'utf8'));

export const rules: CustomerRules = {
  ...LifecycleRules.parse(policy('rules')),
  dataQuality: DataQualityRules.parse(policy('data-quality')),
  nextActions: NextActionRules.parse(policy('next-actions')),
};
/** The shipped rules for ever, home currency USD. */
export const shipped: SummaryRules = { rules: () => rules, nextRules: () => null, homeCurrency: 'USD' };

/** The slices of somebody nothing is known of. */
export const nothing: CustomerSlices = {
  churn: noChurn,
  customer: unknownCustomer,
  lead: noLeads,
  loyalty: noLoyalty,
  opportunity: noDeals,
  order: noOrders,
  service: noService,
};

type EventsBySource = {
  readonly churn: ChurnEvents;
  readonly customer: CustomerEvents;
  readonly lead: LeadEvents;
  readonly loyalty: LoyaltyEvents;
  readonly opportunity: OpportunityEvents;
  readonly order: OrderEvents;
  readonly service: ServiceEvents;
};
export type Origin = keyof EventsBySource;
type AnyEvents = CustomerEvents &
  OrderEvents &
  LeadEvents &
  OpportunityEvents &
  ServiceEvents &
  LoyaltyEvents &
  ChurnEvents;
/** An event before it has its place in a history. `on`: business date, at `hour` o'clock UTC. */
export type Told<T extends keyof AnyEvents = keyof AnyEvents> = {
  readonly type: T;
  readonly on: string;
  readonly hour?: number;
  readonly data: Partial<AnyEvents[T]>;
};

/** Events of one customer in the order in which they came; ids follow from their place. */
export const recorded = (
  source: Origin,
  told: readonly Told[],
  key = idOf('customer'),
): readonly DecodedEvent[] =>
  told.map(({ type, on, hour = 0, data }, index) => ({
    id: idOf(`${source} event ${index}`),
    type,
    stream: `${source}-${(data as { orderId?: string }).orderId ?? idOf('customer')}`,
    revision: index,
    source,
    position: index + 1,
    key,
    occurredAt: startOfDate(on, 'UTC') + hour * 3_600_000,
    recordedAt: 0,
    schemaId: 1,
    meta: {
      commandId: idOf('command'),
      correlationId: idOf('command'),
      actor: { kind: 'user', id: 'agent-1' },
    },
    data,
    sealed: null,
  }));

/** The state that a slice makes of events, from a state (its own beginning by default). */
export const folded = <S>(slice: Slice<S>, events: readonly DecodedEvent[], from: S = slice.init()): S =>
  events.reduce((state, event) => slice.on[event.type]?.(state, event, idOf('customer')) ?? state, from);

/** Any event by its type. */
export const happened = <T extends keyof AnyEvents>(
  type: T,
  on: string,
  data: Partial<AnyEvents[T]>,
  hour = 0,
): Told => ({ type, on, hour, data });

export const placed = (name: string, on: string, total: Money = usd(1_000), hour = 0): Told => ({
  type: 'OrderPlaced',
  on,
  hour,
  data: { orderId: idOf(name), channel: 'WEB_SHOP', total, lines: [] },
});
export const fulfilled = (name: string, on: string, total: Money = usd(1_000)): Told => ({
  type: 'OrderFulfilled',
  on,
  data: { orderId: idOf(name), total, lines: [], onTime: true },
});
export const cancelled = (name: string, on: string): Told => ({
  type: 'OrderCancelled',
  on,
  data: { orderId: idOf(name), reasonCode: 'STOCK', by: 'COMPANY' },
});
/** Any other event of an order. */
export const ordered = (type: keyof OrderEvents, name: string, on: string, data: object = {}): Told => ({
  type,
  on,
  data: { orderId: idOf(name), ...data },
});
/** Placed and fulfilled on one day. */
export const bought = (name: string, on: string, total: Money = usd(1_000)): readonly Told[] => [
  placed(name, on, total),
  fulfilled(name, on, total),
];

export const sealed = <T = string>(name: string, field: string): Sealable<T> => ({
  $sealed: idOf(name),
  field,
});

export const START = '1997-01-01';
export const day = (offset: number): string => addDays(START, offset);
export const dateOf = (offset: number): string => dateOfDay(dayNumber(START) + offset);

const money = fc.record(
  {
    minor: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000 })),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
  },
  { noNullPrototype: true },
);

/** What becomes of an order: the days after its placing at which it goes on, and how. */
const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<readonly string[]>(['OrderConfirmed', 'OrderFulfilled']) },
  {
    weight: 1,
    arbitrary: fc.constant<readonly string[]>(['OrderConfirmed', 'OrderFulfilled', 'OrderClosed']),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<readonly string[]>(
      [],
      ['OrderCancelled'],
      ['OrderRejected'],
      ['OrderConfirmed', 'OrderPutOnHold', 'OrderReleased', 'OrderAmended', 'OrderCancelled'],
      ['OrderConfirmed', 'OrderLinesFulfilled', 'OrderFulfilled'],
    ),
  },
);

/**
 * Orders over some years, as their events came in. `late`: how many days at most an event comes after others that
 * happened later; 0: all in order of time.
 */
export const orderStory = (late: number): fc.Arbitrary<readonly Told[]> =>
  fc
    .array(
      fc.record({
        from: fc.integer({ min: 0, max: 900 }),
        total: money,
        amended: money,
        fate,
        wait: fc.integer({ min: 0, max: 40 }),
        late: fc.integer({ min: 0, max: late }),
      }),
      { maxLength: 25 },
    )
    .map((orders) =>
      orders
        .flatMap((order, index) =>
          ['OrderPlaced', ...order.fate].map((type, step) => {
            const on = order.from + step * order.wait;
            const total =
              order.fate.indexOf('OrderAmended') + 1 > 0 && step >= 4 ? order.amended : order.total;
            const data = { orderId: idOf(`order ${index}`), channel: 'WEB_SHOP', total, lines: [] };
            return { told: { type, on: day(on), data } as Told, arrives: on + order.late, step, index };
          }),
        )
        .toSorted((a, b) => a.arrives - b.arrives || a.index - b.index || a.step - b.step)
        .map(({ told }) => told),
    );

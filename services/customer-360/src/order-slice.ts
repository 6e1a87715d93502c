// The order part of the document: standing orders, their value, the days they fell on.
import { addAmount, dateAt, type Money } from '@tenure/core';
import type { OrderEvents } from '@tenure/events/generated/order';
import { slice, type Slice } from '@tenure/projections';
import { noOrderDays, onDay, type OrderDays } from './order-days.ts';
import { withNewest } from './newest.ts';
import { rhythmOf } from './rhythm.ts';

/** An order as the document lists it; `eventId` names the event that brought its present status. */
export type ListedOrder = {
  readonly orderId: string;
  readonly eventId: string;
  readonly status: string;
  readonly channel: string;
  readonly placedOn: string;
  readonly total: Money;
};

export type OrderSlice = {
  /** Orders that stand: placed and neither cancelled nor rejected. */
  readonly count: number;
  readonly fulfilled: number;
  /** Fulfilled less refunded, per currency, by currency. */
  readonly net: readonly Money[];
  /** First and last order day. */
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  /** Business dates of the first and last fulfilment. */
  readonly firstFulfilledOn: string | null;
  readonly lastFulfilledOn: string | null;
  readonly lastFulfilledEvent: string | null;
  /** The 20 newest orders by day, newest first. */
  readonly recent: readonly ListedOrder[];
  /** Orders under way, oldest first: what a later cancellation has to take back. */
  readonly open: readonly ListedOrder[];
  readonly history: OrderDays;
  readonly updatedAt: number;
};

const RECENT = 20; // a page of the customer's screen
const OPEN = 200; // nobody has more under way; beyond it the oldest counts as standing

export const noOrders: OrderSlice = {
  count: 0,
  fulfilled: 0,
  net: [],
  firstOn: null,
  lastOn: null,
  firstFulfilledOn: null,
  lastFulfilledOn: null,
  lastFulfilledEvent: null,
  recent: [],
  open: [],
  history: noOrderDays,
  updatedAt: 0,
};

/** Newest first, by day, then by id: neither arrival order nor age makes two documents differ. */
const withRecent = (orders: readonly ListedOrder[], order: ListedOrder): readonly ListedOrder[] => {
  const others = orders.filter((other) => other.orderId !== order.orderId);
  const before = (other: ListedOrder): boolean =>
    other.placedOn === order.placedOn ? other.orderId > order.orderId : other.placedOn > order.placedOn;
  let at = 0;
  for (const other of others) {
    if (!before(other)) break;
    at++;
  }
  return at >= RECENT ? others : [...others.slice(0, at), order, ...others.slice(at)].slice(0, RECENT);
};

const withStatus = (state: OrderSlice, orderId: string, change: Partial<ListedOrder>): OrderSlice => {
  const update = (order: ListedOrder): ListedOrder =>
    order.orderId === orderId ? { ...order, ...change } : order;
  return { ...state, recent: state.recent.map(update), open: state.open.map(update) };
};

const withDays = (state: OrderSlice, history: OrderDays): OrderSlice => {
  const { firstOn, lastOn } = rhythmOf(history);
  return { ...state, history, firstOn, lastOn };
};

const closed = (state: OrderSlice, orderId: string): OrderSlice => ({
  ...state,
  open: state.open.filter((order) => order.orderId !== orderId),
});

/** A cancelled or rejected order never was an order day. */
const withdrawn = (state: OrderSlice, orderId: string, eventId: string, status: string): OrderSlice => {
  const order = state.open.find((open) => open.orderId === orderId);
  const next = closed(withStatus(state, orderId, { status, eventId }), orderId);
  return order === undefined
    ? next
    : withDays({ ...next, count: next.count - 1 }, onDay(next.history, order.placedOn, { orders: -1 }));
};

/** The slice of source `order`; business dates are those of the deployment's zone. */
export const orderSlice = (zone: string): Slice<OrderSlice> =>
  withNewest(
    slice<OrderSlice, OrderEvents>({
      init: () => noOrders,
      on: {
        OrderPlaced(state, event) {
          const { orderId, channel, total } = event.data;
          const placedOn = dateAt(event.occurredAt, zone);
          const order: ListedOrder = {
            orderId,
            eventId: event.id,
            status: 'Placed',
            channel,
            placedOn,
            total,
          };
          const next = {
            ...state,
            count: state.count + 1,
            recent: withRecent(state.recent, order),
            open: [...state.open, order].slice(-OPEN),
          };
          return withDays(next, onDay(state.history, placedOn, { orders: 1 }));
        },
        OrderConfirmed: (state, event) =>
          withStatus(state, event.data.orderId, { status: 'Confirmed', eventId: event.id }),
        OrderPutOnHold: (state, event) =>
          withStatus(state, event.data.orderId, { status: 'OnHold', eventId: event.id }),
        OrderReleased: (state, event) =>
          withStatus(state, event.data.orderId, { status: 'Confirmed', eventId: event.id }),
        OrderAmended: (state, event) =>
          withStatus(state, event.data.orderId, { total: event.data.total, eventId: event.id }),
        OrderLinesFulfilled: (state, event) =>
          withStatus(state, event.data.orderId, { status: 'PartiallyFulfilled', eventId: event.id }),
        OrderFulfilled(state, event) {
          const { orderId, total } = event.data;
          const on = dateAt(event.occurredAt, zone);
          const next = closed(
            withStatus(state, orderId, { status: 'Fulfilled', eventId: event.id, total }),
            orderId,
          );
          const last = next.lastFulfilledOn === null || on >= next.lastFulfilledOn;
          return {
            ...next,
            fulfilled: next.fulfilled + 1,
            net: addAmount(next.net, total),
            firstFulfilledOn:
              next.firstFulfilledOn === null || on < next.firstFulfilledOn ? on : next.firstFulfilledOn,
            lastFulfilledOn: last ? on : next.lastFulfilledOn,
            lastFulfilledEvent: last ? event.id : next.lastFulfilledEvent,
            history: onDay(next.history, on, { fulfilled: 1, value: total }),
          };
        },
        OrderRejected: (state, event) => withdrawn(state, event.data.orderId, event.id, 'Rejected'),
        OrderCancelled: (state, event) => withdrawn(state, event.data.orderId, event.id, 'Cancelled'),
        OrderClosed: (state, event) =>
          withStatus(state, event.data.orderId, { status: 'Closed', eventId: event.id }),
      },
    }),
  );

// The order part of the document: standing orders, their value, the days they fell on.
import { addAmount, dateAt, formatInstant, parseInstant, subtractAmount, type Money } from '@tenure/core';
import type { OrderEvents } from '@tenure/events/generated/order';
import { slice, type Slice } from '@tenure/projections';
import { changeFirst, withNewest } from './lists.ts';
import { noOrderDays, onDay, spanOf, type OrderDays } from './order-days.ts';
import { isSettled, type ListedReturn } from './returns.ts';
import { withTimes, type Times } from './times.ts';

/** An order as the document lists it; `eventId` names the event that changed it last. */
export type ListedOrder = {
  readonly orderId: string;
  readonly eventId: string;
  readonly status: string;
  readonly channel: string;
  /** ISO 8601, UTC. */
  readonly placedAt: string;
  readonly total: Money;
};

export type OrderSlice = Times & {
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
  /** The 20 newest orders by the time they were placed, newest first. */
  readonly recent: readonly ListedOrder[];
  /** Orders under way, in the order they came: what a later cancellation has to take back. */
  readonly open: readonly ListedOrder[];
  readonly history: OrderDays;
  /** Returns under way, and the newest of the others, by the day they were asked for. */
  readonly returns: readonly ListedReturn[];
};

const RECENT = 20; // a page of the customer's screen
const RETURNS = 40; // twenty may be open at once
const OPEN = 200; // nobody has more under way; beyond it the oldest counts as standing

// Keys stand in the order of canonical JSON, here and wherever a part of the document is made: writing it then copies
// nothing.
export const noOrders: OrderSlice = {
  count: 0,
  createdAt: null,
  firstFulfilledOn: null,
  firstOn: null,
  fulfilled: 0,
  history: noOrderDays,
  lastFulfilledEvent: null,
  lastFulfilledOn: null,
  lastOn: null,
  net: [],
  open: [],
  recent: [],
  returns: [],
  updatedAt: null,
};

const place = ({ placedAt, orderId }: ListedOrder) => ({ at: placedAt, id: orderId });

const changedIn = (
  orders: readonly ListedOrder[],
  orderId: string,
  change: Partial<ListedOrder>,
): readonly ListedOrder[] => changeFirst(orders, (order) => order.orderId === orderId, change);

const changed = (state: OrderSlice, orderId: string, change: Partial<ListedOrder>): OrderSlice => ({
  ...state,
  recent: changedIn(state.recent, orderId, change),
  open: changedIn(state.open, orderId, change),
});

const without = (orders: readonly ListedOrder[], orderId: string): readonly ListedOrder[] =>
  orders.filter((order) => order.orderId !== orderId);

/** A cancelled or rejected order never was an order day. */
const withdrawn = (
  state: OrderSlice,
  orderId: string,
  change: Partial<ListedOrder>,
  zone: string,
): OrderSlice => {
  const order = state.open.find((open) => open.orderId === orderId);
  const recent = changedIn(state.recent, orderId, change);
  if (order === undefined) return { ...state, recent };
  const history = onDay(state.history, dateAt(parseInstant(order.placedAt) ?? 0, zone), { orders: -1 });
  return {
    ...state,
    ...spanOf(history),
    recent,
    open: without(state.open, orderId),
    count: state.count - 1,
    history,
  };
};

type Fulfilment = {
  readonly on: string;
  readonly eventId: string;
  readonly orderId: string;
  readonly total: Money;
};

const fulfilled = (state: OrderSlice, { on, eventId, orderId, total }: Fulfilment): OrderSlice => {
  const { firstFulfilledOn: first, lastFulfilledOn: last } = state;
  const isLast = last === null || on >= last;
  return {
    ...state,
    recent: changedIn(state.recent, orderId, { status: 'Fulfilled', eventId, total }),
    open: without(state.open, orderId),
    fulfilled: state.fulfilled + 1,
    net: addAmount(state.net, total),
    firstFulfilledOn: first === null || on < first ? on : first,
    lastFulfilledOn: isLast ? on : last,
    lastFulfilledEvent: isLast ? eventId : state.lastFulfilledEvent,
    history: onDay(state.history, on, { fulfilled: 1, value: total }),
  };
};

type ReturnFact = { readonly id: string; readonly data: { readonly returnId: string } };

const changedReturn = (
  state: OrderSlice,
  { id: eventId, data: { returnId } }: ReturnFact,
  change: Partial<ListedReturn>,
): OrderSlice => ({
  ...state,
  returns: changeFirst(state.returns, (listed) => listed.returnId === returnId, { ...change, eventId }),
});

/** A return under way is never pushed out: the oldest that is settled goes first. */
const withReturn = (returns: readonly ListedReturn[], listed: ListedReturn): readonly ListedReturn[] => {
  const oldest = returns.length < RETURNS ? -1 : returns.findLastIndex(isSettled);
  const room = oldest < 0 ? returns : returns.toSpliced(oldest, 1);
  return withNewest(
    room,
    listed,
    ({ requestedOn, returnId }) => ({ at: requestedOn, id: returnId }),
    RETURNS,
  );
};

type Handlers = Parameters<typeof slice<OrderSlice, OrderEvents>>[0]['on'];

const onReturns = (zone: string): Handlers => ({
  ReturnRequested(state, { id: eventId, occurredAt, data: { orderId, reasonCode, returnId } }) {
    const requestedOn = dateAt(occurredAt, zone);
    const listed = {
      eventId,
      orderId,
      reasonCode,
      refunded: null,
      requestedOn,
      returnId,
      status: 'Requested',
    };
    return { ...state, returns: withReturn(state.returns, listed) };
  },
  ReturnApproved: (state, event) => changedReturn(state, event, { status: 'Approved' }),
  ReturnRejected: (state, event) => changedReturn(state, event, { status: 'Rejected' }),
  ReturnReceived: (state, event) => changedReturn(state, event, { status: 'Received' }),
  RefundIssued(state, event) {
    const { amount } = event.data;
    const value = { currency: amount.currency, minor: 0 - amount.minor };
    return {
      ...changedReturn(state, event, { refunded: amount, status: 'Refunded' }),
      history: onDay(state.history, dateAt(event.occurredAt, zone), { value }),
      net: subtractAmount(state.net, amount),
    };
  },
});

const onOrders = (zone: string): Handlers => ({
  OrderPlaced(state, { id: eventId, occurredAt, data: { orderId, channel, total } }) {
    const placedAt = formatInstant(occurredAt);
    const order: ListedOrder = { channel, eventId, orderId, placedAt, status: 'Placed', total };
    const history = onDay(state.history, dateAt(occurredAt, zone), { orders: 1 });
    return {
      ...state,
      ...spanOf(history),
      count: state.count + 1,
      recent: withNewest(state.recent, order, place, RECENT),
      open: [...state.open.slice(1 - OPEN), order],
      history,
    };
  },
  OrderConfirmed: (state, { id: eventId, data }) =>
    changed(state, data.orderId, { status: 'Confirmed', eventId }),
  OrderPutOnHold: (state, { id: eventId, data }) =>
    changed(state, data.orderId, { status: 'OnHold', eventId }),
  OrderReleased: (state, { id: eventId, data }) =>
    changed(state, data.orderId, { status: 'Confirmed', eventId }),
  OrderAmended: (state, { id: eventId, data: { orderId, total } }) =>
    changed(state, orderId, { total, eventId }),
  OrderLinesFulfilled: (state, { id: eventId, data }) =>
    changed(state, data.orderId, { status: 'PartiallyFulfilled', eventId }),
  OrderFulfilled: (state, { id: eventId, occurredAt, data: { orderId, total } }) =>
    fulfilled(state, { on: dateAt(occurredAt, zone), eventId, orderId, total }),
  OrderRejected: (state, { id: eventId, data }) =>
    withdrawn(state, data.orderId, { status: 'Rejected', eventId }, zone),
  OrderCancelled: (state, { id: eventId, data }) =>
    withdrawn(state, data.orderId, { status: 'Cancelled', eventId }, zone),
  OrderClosed: (state, { id: eventId, data }) => changed(state, data.orderId, { status: 'Closed', eventId }),
});

/** The slice of source `order`; business dates are those of the deployment's zone. */
export const orderSlice = (zone: string): Slice<OrderSlice> =>
  withTimes(
    slice<OrderSlice, OrderEvents>({ init: () => noOrders, on: { ...onOrders(zone), ...onReturns(zone) } }),
  );

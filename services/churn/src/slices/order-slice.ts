// What churn asks of orders: on which days something was ordered, fulfilled, late, sent back or refunded.
import {
  addAmount,
  changeDay,
  dateAt,
  noEarlierDays,
  type Money,
  type OrderDay,
  type OrderDaysOf,
} from '@tenure/core';
import type { OrderEvents } from '@tenure/events/generated/order';
import { slice, type Slice } from '@tenure/projections';
import { withFact, type Fact } from './facts.ts';

/** One business date. Events are those that happened on it, the newest 20 of a kind; returns and categories each once. */
export type OrderedDay = OrderDay & {
  /** OrderPlaced of orders that stand. */
  readonly placed: readonly string[];
  readonly fulfilled: readonly Money[];
  /** OrderFulfilled. */
  readonly spent: readonly string[];
  /** OrderFulfilled after the promise. */
  readonly late: readonly string[];
  /** OrderFulfilled with a category on some line. */
  readonly bought: readonly string[];
  readonly categories: readonly string[];
  readonly refunded: readonly Money[];
  /** Ids of returns that were received or refunded. */
  readonly returns: readonly string[];
  readonly returned: readonly string[];
};

type OpenOrder = Fact & { readonly orderId: string };
export type Termination = Fact & { readonly contractId: string };

export type OrderSlice = {
  readonly history: OrderDaysOf<OrderedDay>;
  /** The newest OrderPlaced of orders that stand: who has not ordered for long has no such day among the others. */
  readonly newest: readonly Fact[];
  /** Orders that can still be cancelled, in the order they came: what a cancellation has to take back. */
  readonly open: readonly OpenOrder[];
  /** Terminations that were asked for and not withdrawn. */
  readonly terminations: readonly Termination[];
};

const EVENTS_PER_DAY = 20; // the evidence of a signal
const CATEGORIES_PER_DAY = 50;
const OPEN = 200; // nobody has more under way; beyond it the oldest counts as standing
const TERMINATIONS = 50;

export const noOrders: OrderSlice = {
  history: { days: [], earlier: noEarlierDays },
  newest: [],
  open: [],
  terminations: [],
};

const emptyDay = (on: string): OrderedDay => ({
  bought: [],
  categories: [],
  fulfilled: [],
  late: [],
  on,
  orders: 0,
  placed: [],
  refunded: [],
  returned: [],
  returns: [],
  spent: [],
});

const onDay = (
  state: OrderSlice,
  on: string,
  change: (day: OrderedDay) => Partial<OrderedDay>,
): OrderSlice => ({
  ...state,
  history: changeDay(state.history, on, (day = emptyDay(on)) => ({ ...day, ...change(day) })),
});

const withNewest = (events: readonly string[], eventId: string): readonly string[] =>
  [...events, eventId].slice(-EVENTS_PER_DAY);

const withOnce = (values: readonly string[], more: readonly string[], limit: number): readonly string[] =>
  [...new Set([...values, ...more])].toSorted().slice(0, limit);

const closed = (state: OrderSlice, orderId: string): OrderSlice => ({
  ...state,
  open: state.open.filter((open) => open.orderId !== orderId),
});

/** A cancelled or rejected order never was an order day. */
const withdrawn = (state: OrderSlice, orderId: string): OrderSlice => {
  const order = state.open.find((open) => open.orderId === orderId);
  if (order === undefined) return state;
  const newest = state.newest.filter(({ eventId }) => eventId !== order.eventId);
  return onDay({ ...closed(state, orderId), newest }, order.on, ({ orders, placed }) => ({
    orders: orders - 1,
    placed: placed.filter((eventId) => eventId !== order.eventId),
  }));
};

type Handlers = Parameters<typeof slice<OrderSlice, OrderEvents>>[0]['on'];

const handlers = (zone: string): Handlers => ({
  OrderPlaced(state, { id: eventId, occurredAt, data: { orderId } }) {
    const on = dateAt(occurredAt, zone);
    const open = [...state.open.slice(1 - OPEN), { eventId, on, orderId }];
    const newest = withFact(state.newest, { eventId, on }, EVENTS_PER_DAY);
    return onDay({ ...state, newest, open }, on, ({ orders, placed }) => ({
      orders: orders + 1,
      placed: withNewest(placed, eventId),
    }));
  },
  OrderRejected: (state, { data }) => withdrawn(state, data.orderId),
  OrderCancelled: (state, { data }) => withdrawn(state, data.orderId),
  OrderFulfilled(state, { id, occurredAt, data: { orderId, lines, total, onTime } }) {
    const categories = lines.flatMap(({ category }) => category ?? []);
    return onDay(closed(state, orderId), dateAt(occurredAt, zone), (day) => ({
      fulfilled: addAmount(day.fulfilled, total),
      spent: withNewest(day.spent, id),
      ...(!onTime && { late: withNewest(day.late, id) }),
      ...(categories.length > 0 && {
        bought: withNewest(day.bought, id),
        categories: withOnce(day.categories, categories, CATEGORIES_PER_DAY),
      }),
    }));
  },
  ReturnReceived: (state, { id, occurredAt, data: { returnId } }) =>
    onDay(state, dateAt(occurredAt, zone), (day) => ({
      returned: withNewest(day.returned, id),
      returns: withOnce(day.returns, [returnId], EVENTS_PER_DAY),
    })),
  RefundIssued: (state, { id, occurredAt, data: { returnId, amount } }) =>
    onDay(state, dateAt(occurredAt, zone), (day) => ({
      refunded: addAmount(day.refunded, amount),
      returned: withNewest(day.returned, id),
      returns: withOnce(day.returns, [returnId], EVENTS_PER_DAY),
    })),
  ContractTerminationRequested: (state, { id: eventId, occurredAt, data: { contractId } }) => ({
    ...state,
    terminations: [
      ...state.terminations.filter((other) => other.contractId !== contractId),
      { contractId, eventId, on: dateAt(occurredAt, zone) },
    ].slice(-TERMINATIONS),
  }),
  ContractTerminationWithdrawn: (state, { data: { contractId } }) => ({
    ...state,
    terminations: state.terminations.filter((other) => other.contractId !== contractId),
  }),
});

/** The slice of source `order`; business dates are those of the deployment's zone. */
export const orderSlice = (zone: string): Slice<OrderSlice> =>
  slice<OrderSlice, OrderEvents>({ init: () => noOrders, on: handlers(zone) });

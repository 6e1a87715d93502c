import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bought,
  cancelled,
  day,
  folded,
  fulfilled,
  idOf,
  ordered,
  orderStory,
  placed,
  recorded,
  usd,
  type Told,
} from '../test/stories.ts';
import { noOrders, orderSlice, type OrderSlice } from './order-slice.ts';

const slice = orderSlice('UTC');
const after = (...told: readonly Told[]): OrderSlice => folded(slice, recorded('order', told));
const names = (orders: OrderSlice['recent']): readonly string[] => orders.map(({ orderId }) => orderId);

describe('orders in the document', () => {
  it('are counted, valued per currency and dated when they are fulfilled', () => {
    const eur = { minor: 300, currency: 'EUR' };
    const state = after(...bought('a', day(5), usd(700)), ...bought('b', day(2), eur), placed('c', day(9)));
    expect(state).toMatchObject({
      count: 3,
      fulfilled: 2,
      net: [eur, usd(700)],
      firstOn: day(2),
      lastOn: day(9),
      firstFulfilledOn: day(2),
      lastFulfilledOn: day(5),
      lastFulfilledEvent: idOf('order event 1'),
    });
    expect(names(state.open)).toEqual([idOf('c')]);
  });

  it('fall on business dates of the zone', () => {
    const events = recorded('order', [placed('a', day(5), usd(1), 16)]);
    expect(folded(orderSlice('Asia/Shanghai'), events)).toMatchObject({ firstOn: day(6) });
    expect(folded(orderSlice('UTC'), events)).toMatchObject({ firstOn: day(5) });
  });

  it('take the total of the fulfilment, whatever was placed', () => {
    const state = after(placed('a', day(1), usd(700)), fulfilled('a', day(2), usd(500)));
    expect(state.net).toEqual([usd(500)]);
    expect(state.recent[0]).toMatchObject({ status: 'Fulfilled', total: usd(500) });
  });

  it('show the status of each and the event that brought it', () => {
    const steps: readonly (readonly [Parameters<typeof ordered>[0], string])[] = [
      ['OrderConfirmed', 'Confirmed'],
      ['OrderPutOnHold', 'OnHold'],
      ['OrderReleased', 'Confirmed'],
      ['OrderLinesFulfilled', 'PartiallyFulfilled'],
      ['OrderClosed', 'Closed'],
    ];
    for (const [type, status] of steps) {
      const [order] = after(placed('a', day(1)), ordered(type, 'a', day(2))).recent;
      expect(order).toMatchObject({
        status,
        eventId: idOf('order event 1'),
        placedAt: `${day(1)}T00:00:00.000Z`,
      });
    }
    const amended = after(placed('a', day(1)), ordered('OrderAmended', 'a', day(2), { total: usd(7) }));
    expect(amended.recent[0]).toMatchObject({ status: 'Placed', total: usd(7) });
    expect(amended.open[0]).toMatchObject({ status: 'Placed', total: usd(7) });
  });
});

describe.each(['OrderCancelled', 'OrderRejected'] as const)('%s', (type) => {
  it('takes the order and its order day back', () => {
    const state = after(...bought('a', day(1)), placed('b', day(5)), ordered(type, 'b', day(7)));
    expect(state).toMatchObject({ count: 1, firstOn: day(1), lastOn: day(1), open: [] });
    expect(state.recent[0]).toMatchObject({ orderId: idOf('b'), status: type.slice(5) });
    expect(after(placed('b', day(5)), ordered(type, 'b', day(7)))).toMatchObject({
      count: 0,
      firstOn: null,
      lastOn: null,
    });
  });

  it('leaves a day on which another order stands', () => {
    const state = after(placed('a', day(5)), placed('b', day(5)), ordered(type, 'b', day(7)));
    expect(state).toMatchObject({ count: 1, firstOn: day(5), lastOn: day(5) });
  });

  it('finds the day in the zone in which it was placed', () => {
    const events = recorded('order', [placed('a', day(5), usd(1), 16), ordered(type, 'a', day(7))]);
    expect(folded(orderSlice('Asia/Shanghai'), events)).toMatchObject({ count: 0, firstOn: null });
  });

  it('is not undone by an order that nobody remembers as open', () => {
    const many = Array.from({ length: 201 }, (_, i) => placed(`order ${i}`, day(i)));
    const state = after(...many, ordered(type, 'order 0', day(300)));
    expect(state).toMatchObject({ count: 201, firstOn: day(0) });
    expect(state.open).toHaveLength(200);
  });
});

describe('the list of recent orders', () => {
  it('holds the 20 newest by the time they were placed, whatever order they came in', () => {
    const order = fc.record({ on: fc.integer({ min: 0, max: 30 }), hour: fc.integer({ min: 0, max: 23 }) });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
        const told = orders.map(({ on, hour }, i) => placed(`order ${i}`, day(on), usd(1), hour));
        const newest = orders
          .map(({ on, hour }, i) => ({ at: on * 24 + hour, id: idOf(`order ${i}`) }))
          .toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
          .slice(0, 20)
          .map(({ id }) => id);
        expect(names(after(...told).recent)).toEqual(newest);
        const content = ({ recent }: OrderSlice) =>
          recent.map(({ orderId, placedAt, total }) => ({ orderId, placedAt, total }));
        expect(content(after(...told.toReversed()))).toEqual(content(after(...told)));
      }),
    );
  });

  it('keeps what was cancelled, so that people see it', () => {
    expect(after(placed('a', day(1)), cancelled('a', day(1))).recent).toMatchObject([
      { status: 'Cancelled' },
    ]);
  });
});

describe('the times of the orders', () => {
  it('are those of the first and the newest event, late facts included', () => {
    const state = after(placed('a', day(5)), placed('b', day(9)), placed('c', day(2)));
    expect(state).toMatchObject({
      createdAt: `${day(2)}T00:00:00.000Z`,
      updatedAt: `${day(9)}T00:00:00.000Z`,
    });
    expect(noOrders).toMatchObject({ createdAt: null, updatedAt: null });
  });
});

describe('any history of orders', () => {
  it('counts as a recount does', () => {
    fc.assert(
      fc.property(orderStory(30), (told) => {
        const state = after(...told);
        const by = (type: string) => told.filter((event) => event.type === type);
        const gone = by('OrderCancelled').length + by('OrderRejected').length;
        expect(state.count).toBe(by('OrderPlaced').length - gone);
        expect(state.fulfilled).toBe(by('OrderFulfilled').length);
        const value = (currency: string) =>
          by('OrderFulfilled')
            .map(({ data }) => (data as { total: { minor: number; currency: string } }).total)
            .reduce((sum, total) => (total.currency === currency ? sum + total.minor : sum), 0);
        for (const { minor, currency } of state.net) expect(minor).toBe(value(currency));
        expect(state.open.length).toBe(state.count - state.fulfilled);
        const dates = by('OrderFulfilled')
          .map(({ on }) => on)
          .toSorted();
        expect([state.firstFulfilledOn, state.lastFulfilledOn]).toEqual([
          dates[0] ?? null,
          dates.at(-1) ?? null,
        ]);
      }),
    );
  });
});

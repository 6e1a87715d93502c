import { uuid5 } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  commands,
  confirmed,
  context,
  delivered,
  eur,
  fulfilled,
  given,
  histories,
  line,
  lines,
  onHold,
  orderId,
  pieces,
  placed,
  released,
  reserved,
  sum,
  total,
  type OrderCommand,
} from '../test/orders.ts';
import { order } from './order.ts';
import type { OrderStatus } from './order-parts.ts';

/** The table of the domain: where a command is legal and where it leads; null: the status stays. */
const TABLE: { readonly [C in OrderCommand['name']]: readonly [readonly OrderStatus[], OrderStatus | null] } =
  {
    PlaceOrder: [['∅'], 'Placed'],
    ConfirmOrder: [['Placed'], 'Confirmed'],
    RejectOrder: [['Placed', 'OnHold'], 'Rejected'],
    HoldOrder: [['Placed', 'Confirmed'], 'OnHold'],
    ReleaseOrder: [['OnHold'], 'Confirmed'],
    AmendOrder: [['Placed', 'Confirmed'], null],
    RecordFulfilment: [['Confirmed', 'PartiallyFulfilled'], 'PartiallyFulfilled'],
    CompleteFulfilment: [['Confirmed', 'PartiallyFulfilled'], 'Fulfilled'],
    ReserveReturn: [['Fulfilled', 'Closed'], null],
    ReleaseReturn: [['Fulfilled', 'Closed'], null],
    CancelOrder: [['Placed', 'OnHold', 'Confirmed'], 'Cancelled'],
    CloseOrder: [['Fulfilled'], 'Closed'],
  };
const statuses = Object.keys(histories) as readonly OrderStatus[];
const names = Object.keys(TABLE) as readonly OrderCommand['name'][];

describe('the states of an order', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('has the commands of the domain, in its order', () => {
    expect(Object.keys(order.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      // A reservation is there to be released; beside that the history says it all.
      const history = [
        ...histories[status],
        ...(name === 'ReleaseReturn' && from.includes(status) ? [reserved('return', pieces('pens', 1))] : []),
      ];
      const outcome = given(...history).when(commands[name]);
      if (!from.includes(status)) {
        const allowedCommands = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands });
        continue;
      }
      const facts = outcome.facts();
      expect(facts).toHaveLength(1);
      expect(given(...history, ...(facts as never[])).state().status).toBe(to ?? status);
    }
  });

  it('end where no command leads on', () => {
    for (const status of ['Cancelled', 'Rejected'] as const)
      expect(names.filter((name) => TABLE[name][0].includes(status))).toEqual([]);
    // A closed order only lets go of what returns still hold.
    expect(names.filter((name) => TABLE[name][0].includes('Closed'))).toEqual([
      'ReserveReturn',
      'ReleaseReturn',
    ]);
  });
});

describe('PlaceOrder', () => {
  it('records what was ordered, promised for five business days later when nobody said', () => {
    given()
      .when(commands.PlaceOrder)
      .then({
        type: 'OrderPlaced',
        data: { ...commands.PlaceOrder.data, orderId, promisedOn: context.defaultPromise },
      });
  });

  it('keeps the promise that was given', () => {
    const data = { ...commands.PlaceOrder.data, promisedOn: '2026-03-01' };
    expect(given().when({ name: 'PlaceOrder', data }).facts()[0]?.data).toMatchObject({
      promisedOn: '2026-03-01',
    });
  });

  it('takes the lines only when they add up', () => {
    const place = (changed: object) =>
      given().when({ name: 'PlaceOrder', data: { ...commands.PlaceOrder.data, ...changed } });
    place({ total: eur(total.minor + 1) }).refused('ORDER_TOTAL_WRONG', { expected: total });
    place({ total: { ...total, currency: 'USD' } }).refused('CURRENCY_MISMATCH');
    place({ lines: [...lines, lines[0]] }).refused('DUPLICATE_LINE', { line: 2 });
  });
});

describe('ConfirmOrder', () => {
  it('names who confirmed it', () => {
    given(placed).when(commands.ConfirmOrder).then(confirmed);
  });
});

describe('HoldOrder', () => {
  it('stops an order before and after its confirmation, with the reason', () => {
    given(placed).when(commands.HoldOrder).then(onHold);
    given(placed, confirmed).when(commands.HoldOrder).then(onHold);
  });

  it('comes too late after the first delivery', () => {
    given(...histories.PartiallyFulfilled)
      .when(commands.HoldOrder)
      .refused('ILLEGAL_STATE');
  });
});

describe('ReleaseOrder', () => {
  it('confirms the order, whatever it was before the hold', () => {
    given(placed, onHold).when(commands.ReleaseOrder).then(released);
    expect(given(placed, onHold, released).state().status).toBe('Confirmed');
    expect(given(placed, confirmed, onHold, released).state().status).toBe('Confirmed');
  });
});

describe.each(['RejectOrder', 'CancelOrder'] as const)('%s', (name) => {
  it('takes a reason of the policy', () => {
    const command = { name, data: { ...commands[name].data, reasonCode: 'BORED' } } as OrderCommand;
    given(placed)
      .when(command)
      .refused('UNKNOWN_REASON', { allowed: ['STOCK', 'CHANGED_MIND'] });
  });

  it('is no property of every object', () => {
    const command = { name, data: { ...commands[name].data, reasonCode: 'constructor' } } as OrderCommand;
    given(placed).when(command).refused('UNKNOWN_REASON');
  });

  it('names the opportunity that the order came from', () => {
    const opportunityId = idOf('opportunity');
    const won = { ...placed, data: { ...placed.data, opportunityId } };
    expect(given(won).when(commands[name]).facts()[0]?.data).toMatchObject({ orderId, opportunityId });
  });
});

describe('AmendOrder', () => {
  const changed = [line('pens', 5, 200)];
  const amend = {
    name: 'AmendOrder',
    data: { lines: changed, total: sum(changed), reason: 'two more' },
  } as const;
  const amended = { type: 'OrderAmended', data: { orderId, ...amend.data } } as const;

  it('replaces the lines', () => {
    given(placed, confirmed).when(amend).then(amended);
    expect(given(placed, confirmed, amended as never).state()).toMatchObject({
      status: 'Confirmed',
      lines: changed,
      total: sum(changed),
    });
  });

  it('decides what may be delivered from then on', () => {
    const given2 = given(placed, confirmed, amended as never);
    given2.when({ name: 'RecordFulfilment', data: { lines: [pieces('desk', 1)] } }).refused('UNKNOWN_LINE');
    given2
      .when({ name: 'RecordFulfilment', data: { lines: [pieces('pens', 6)] } })
      .refused('QUANTITY_EXCEEDED', { left: 5 });
    expect(given2.when(commands.CompleteFulfilment).facts()[0]?.data).toMatchObject({
      lines: changed,
      total: sum(changed),
    });
  });

  it('keeps the currency', () => {
    const dollars = [line('pens', 3, 200, { currency: 'USD' })];
    given(placed)
      .when({ name: 'AmendOrder', data: { lines: dollars, total: sum(dollars, 'USD'), reason: 'moved' } })
      .refused('CURRENCY_MISMATCH');
  });

  it('checks its lines like those of a new order', () => {
    given(placed)
      .when({ name: 'AmendOrder', data: { lines: changed, total, reason: 'two more' } })
      .refused('ORDER_TOTAL_WRONG', { expected: sum(changed) });
  });
});

describe('RecordFulfilment', () => {
  const record = (...lineQuantities: readonly ReturnType<typeof pieces>[]) =>
    ({ name: 'RecordFulfilment', data: { fulfilmentId: idOf('next'), lines: lineQuantities } }) as const;

  it('records what was delivered', () => {
    given(placed, confirmed)
      .when(record(pieces('pens', 2)))
      .then(delivered('next', pieces('pens', 2)));
  });

  it('makes an id of its own where none is given', () => {
    const command = { name: 'RecordFulfilment', data: { lines: [pieces('pens', 1)] } } as const;
    expect(given(placed, confirmed).when(command).facts()[0]?.data).toMatchObject({
      fulfilmentId: uuid5(SCENARIO_CONTEXT.commandId, 'fulfilmentId'),
    });
  });

  it('takes up to what was ordered, over all deliveries', () => {
    const partly = given(placed, confirmed, delivered('first', pieces('pens', 2)));
    partly.when(record(pieces('pens', 1))).then(delivered('next', pieces('pens', 1)));
    partly.when(record(pieces('pens', 2))).refused('QUANTITY_EXCEEDED', { lineId: idOf('pens'), left: 1 });
  });

  it('adds up a line that is named twice', () => {
    given(placed, confirmed)
      .when(record(pieces('pens', 2), pieces('pens', 2)))
      .refused('QUANTITY_EXCEEDED', { left: 3 });
  });

  it('knows the lines of the order', () => {
    given(placed, confirmed)
      .when(record(pieces('lamp', 1)))
      .refused('UNKNOWN_LINE', { lineId: idOf('lamp') });
  });

  it('counts a delivery once', () => {
    given(placed, confirmed, delivered('next', pieces('pens', 1)))
      .when(record(pieces('pens', 1)))
      .refused('DUPLICATE_FULFILMENT', { fulfilmentId: idOf('next') });
  });
});

describe('CompleteFulfilment', () => {
  it('delivers all of the order at once', () => {
    given(placed, confirmed).when(commands.CompleteFulfilment).then(fulfilled);
  });

  it('delivers the rest of what was delivered in part', () => {
    given(...histories.PartiallyFulfilled)
      .when(commands.CompleteFulfilment)
      .then(fulfilled);
    expect(given(...histories.PartiallyFulfilled, fulfilled).state().fulfilled).toEqual({
      [idOf('pens')]: 3,
      [idOf('desk')]: 1,
    });
  });

  it('is on time up to and including the promised day', () => {
    const onTime = (today: string) =>
      given(placed, confirmed).when(commands.CompleteFulfilment, { today }).facts()[0]?.data;
    expect(onTime('2026-01-22')).toMatchObject({ onTime: true });
    expect(onTime('2026-01-23')).toMatchObject({ onTime: false });
  });
});

describe('CloseOrder', () => {
  it('closes a fulfilled order', () => {
    given(placed, confirmed, fulfilled)
      .when(commands.CloseOrder)
      .then({ type: 'OrderClosed', data: { orderId } });
  });
});

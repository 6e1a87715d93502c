import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { eur, orderId, pieces, placed, given as givenOrder } from '../test/orders.ts';
import {
  approved,
  commands,
  daysLater,
  given,
  histories,
  orderHolding,
  policy,
  received,
  refunded,
  rejected,
  requested,
  type ReturnCommand,
} from '../test/returns.ts';
import { returns, type ReturnContext, type ReturnStatus } from './return.ts';

/** The table of the domain: where a command is legal and where it leads. */
const TABLE: { readonly [C in ReturnCommand['name']]: readonly [readonly ReturnStatus[], ReturnStatus] } = {
  RequestReturn: [['∅'], 'Requested'],
  ApproveReturn: [['Requested'], 'Approved'],
  RejectReturn: [['Requested'], 'Rejected'],
  ReceiveReturn: [['Approved'], 'Received'],
  IssueRefund: [['Approved', 'Received'], 'Refunded'],
};
const names = Object.keys(TABLE) as readonly ReturnCommand['name'][];
const statuses = Object.keys(histories) as readonly ReturnStatus[];
const supervisor = { roles: ['supervisor'] };
const process = { actor: { kind: 'process', id: 'ReturnReservation' } } as const;

describe('the states of a return', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('has the commands of the domain, in its order', () => {
    expect(Object.keys(returns.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      const outcome = given(...histories[status]).when(commands[name]);
      if (!from.includes(status)) {
        const allowedCommands = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands });
        continue;
      }
      const facts = outcome.facts();
      expect(facts).toHaveLength(1);
      expect(given(...histories[status], ...(facts as never[])).state().status).toBe(to);
    }
  });
});

describe('RequestReturn', () => {
  const ask = (over: Partial<ReturnContext> & { today?: string } = {}, data: object = {}) =>
    given().when({ name: 'RequestReturn', data: { ...commands.RequestReturn.data, ...data } }, over);

  it('records the policy that decided, and each line once', () => {
    ask({ order: orderHolding() }, { lines: [pieces('pens', 1), pieces('desk', 1), pieces('pens', 2)] }).then(
      {
        ...requested,
        data: { ...requested.data, lines: [pieces('pens', 3), pieces('desk', 1)] },
      },
    );
  });

  it('needs an order that is there and fulfilled', () => {
    ask({ order: null }).refused('UNKNOWN_ORDER');
    ask({ order: givenOrder(placed).state() }).refused('ORDER_NOT_FULFILLED', { status: 'Placed' });
    const closed = { ...orderHolding(), status: 'Closed' as const };
    expect(ask({ order: closed }).facts()).toHaveLength(1);
  });

  it('is possible up to and including the last day of the window', () => {
    expect(ask({ today: daysLater(30) }).facts()).toHaveLength(1);
    ask({ today: daysLater(31) }).refused('RETURN_WINDOW_OVER', { lastDay: daysLater(30) });
  });

  it('takes what other returns have left', () => {
    ask({}, { lines: [pieces('pens', 2)] }).refused('QUANTITY_EXCEEDED', { lineId: idOf('pens'), left: 1 });
    ask({}, { lines: [pieces('lamp', 1)] }).refused('UNKNOWN_LINE');
  });

  it('knows the codes of the policy', () => {
    ask({}, { reasonCode: 'WHIM' }).refused('UNKNOWN_REASON', { allowed: ['DEFECT', 'OTHER'] });
  });

  it('is refused beyond twenty that are under way', () => {
    expect(ask({ underWay: 19 }).facts()).toHaveLength(1);
    ask({ underWay: 20 }).refused('LIMIT_EXCEEDED', { limit: 'openReturns', value: 20 });
  });
});

describe('ApproveReturn', () => {
  const approve = (over: Parameters<ReturnType<typeof given>['when']>[1] = {}) =>
    given(requested).when(commands.ApproveReturn, over);
  const worth = (minor: number, currency = 'EUR') => ({
    agentApproves: [{ minor, currency }],
  });

  it('waits for the reservation', () => {
    approve({ order: orderHolding() }).refused('RESERVATION_PENDING');
    approve().then(approved);
  });

  it('is an agent’s up to what the policy says, and a supervisor’s beyond', () => {
    approve({ policy: { ...policy, ...worth(400) } }).then(approved);
    const more = { policy: { ...policy, ...worth(399) } };
    approve(more).refused('FORBIDDEN', { needs: ['supervisor', 'admin'], atMost: eur(399) });
    approve({ ...more, ...supervisor }).then(approved);
  });

  it('is history where it is imported', () => {
    const imported = { actor: { kind: 'import', id: 'import' }, roles: ['import'] } as const;
    given(requested)
      .when(commands.ApproveReturn, { policy: { ...policy, agentApproves: [] }, ...imported })
      .then({ ...approved, data: { ...approved.data, approvedBy: imported.actor } });
  });

  it('is a supervisor’s in a currency that the policy does not name', () => {
    const other = { policy: { ...policy, ...worth(1_000_000, 'USD') } };
    approve(other).refused('FORBIDDEN', { needs: ['supervisor', 'admin'] });
    approve({ ...other, ...supervisor }).then(approved);
  });
});

describe('RejectReturn', () => {
  const reject = (reasonCode: string) => ({ name: 'RejectReturn', data: { reasonCode } }) as const;

  it('is said by the process only of a return that holds nothing', () => {
    given(requested).when(reject('NOT_RETURNABLE'), process).then([]);
    given(requested)
      .when(reject('NOT_RETURNABLE'), { ...process, order: orderHolding() })
      .then(rejected('NOT_RETURNABLE'));
    given(requested).when(reject('NOT_RETURNABLE')).then(rejected('NOT_RETURNABLE'));
  });

  it('knows the codes of the policy', () => {
    given(requested).when(reject('DEFECT')).refused('UNKNOWN_REASON');
  });
});

describe('ReceiveReturn', () => {
  const receive = (...lines: readonly ReturnType<typeof pieces>[]) =>
    ({ name: 'ReceiveReturn', data: { lines, condition: 'unopened' } }) as const;

  it('takes up to what was asked for', () => {
    given(requested, approved)
      .when(receive(pieces('pens', 1)))
      .then(received(pieces('pens', 1)));
    given(requested, approved)
      .when(receive(pieces('pens', 3)))
      .refused('QUANTITY_EXCEEDED', { left: 2 });
    given(requested, approved)
      .when(receive(pieces('desk', 1)))
      .refused('UNKNOWN_LINE');
  });
});

describe('IssueRefund', () => {
  const refund = (minor: number, qty: number, currency = 'EUR') =>
    ({ name: 'IssueRefund', data: { amount: { minor, currency }, lines: [pieces('pens', qty)] } }) as const;

  it('pays back at most what was paid for the pieces', () => {
    given(requested, approved)
      .when(refund(400, 2))
      .then(refunded(400, pieces('pens', 2)));
    given(requested, approved)
      .when(refund(1, 2))
      .then(refunded(1, pieces('pens', 2)));
    given(requested, approved)
      .when(refund(401, 2))
      .refused('REFUND_EXCEEDED', { most: eur(400) });
  });

  it('stays in the currency of the order', () => {
    given(requested, approved)
      .when(refund(400, 2, 'USD'))
      .refused('CURRENCY_MISMATCH');
  });

  it('is for what came back, where it came back', () => {
    const back = given(requested, approved, received(pieces('pens', 1)));
    back.when(refund(400, 2)).refused('QUANTITY_EXCEEDED', { left: 1 });
    back.when(refund(200, 1)).then(refunded(200, pieces('pens', 1)));
  });

  it('gives who takes the last piece what flooring has left', () => {
    const state = orderHolding(pieces('pens', 2));
    const odd = state.lines.map((line) =>
      line.lineId === idOf('pens') ? { ...line, total: eur(200) } : line,
    );
    const order = { ...state, lines: odd };
    const most = (before: ReturnContext['refunded'], qty: number) =>
      given(requested, approved).when(refund(1_000, qty), { order, refunded: before });
    most([], 1).refused('REFUND_EXCEEDED', { most: eur(66) });
    most([], 2).refused('REFUND_EXCEEDED', { most: eur(133) });
    most([[pieces('pens', 2)]], 1).refused('REFUND_EXCEEDED', { most: eur(67) });
    most([[pieces('pens', 1)], [pieces('pens', 1)]], 1).refused('REFUND_EXCEEDED', { most: eur(68) });
  });
});

describe('the state of a return', () => {
  it('keeps what was said', () => {
    expect(
      given(requested, approved, received(pieces('pens', 1)), refunded(200, pieces('pens', 1))).state(),
    ).toMatchObject({
      orderId,
      lines: [pieces('pens', 2)],
      policyVersion: 3,
      condition: 'unopened',
      received: [pieces('pens', 1)],
      refund: { amount: eur(200) },
    });
  });
});

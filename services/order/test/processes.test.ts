// ReturnReservation and WonToOrder, stopped at each of their steps and delivered twice.
import { uuid5 } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { atEveryStep, type World } from '@tenure/testing/processes';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askFor, customerId, fulfil, lines, openWorld, packs, total, typesOf, win } from './processes.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const anew = async (): Promise<World> => {
  await world.close();
  world = await openWorld();
  return world;
};

const reservedFor = async (orderId: string): Promise<readonly string[]> => {
  const { state } = await world.view('order', orderId);
  return (state as { reservedForReturns: { returnId: string }[] }).reservedForReturns.map(
    ({ returnId }) => returnId,
  );
};

const code = async (sent: Promise<unknown>): Promise<string> => {
  const error: unknown = await sent.then(
    () => ({ code: 'accepted' }),
    (reason: unknown) => reason,
  );
  return (error as { code: string }).code;
};

describe('a requested return', () => {
  it('is the customer’s of its order, whoever asks', async () => {
    const order = await fulfil(world, 'order');
    const asked = await askFor(world, 'return', order, 5);
    expect(asked).toMatchObject({ customerId, created: true });
    const body = {
      returnId: idOf('r2'),
      orderId: order,
      lines: packs(1),
      reasonCode: 'DEFECT',
      customerId: idOf('else'),
    };
    expect(await code(world.send('return', 'RequestReturn', body))).toBe('CUSTOMER_MISMATCH');
    expect(await code(askFor(world, 'r3', idOf('no order'), 1))).toBe('UNKNOWN_ORDER');
  });

  it('has its pieces reserved, whatever step the process dies at', async () => {
    const deaths = await atEveryStep(
      anew,
      async () => askFor(world, 'return', await fulfil(world, 'order'), 5),
      async () => {
        expect(await reservedFor(idOf('order'))).toEqual([idOf('return')]);
        expect(await typesOf(world, `return-${idOf('return')}`)).toEqual(['ReturnRequested']);
      },
    );
    // ReserveReturn, and the rejection that is not needed.
    expect(deaths).toBe(2 * 2);
  });

  it('waits for its reservation, then for a decision by who may take it', async () => {
    const order = await fulfil(world, 'order');
    await askFor(world, 'return', order, 12);
    const id = idOf('return');
    expect(await code(world.send('return', 'ApproveReturn', {}, { id }))).toBe('RESERVATION_PENDING');
    await world.settle();
    // 515.28 is more than an agent approves alone.
    expect(await code(world.send('return', 'ApproveReturn', {}, { id, roles: ['agent'] }))).toBe('FORBIDDEN');
    expect(await code(world.send('return', 'ApproveReturn', {}, { id, roles: ['supervisor'] }))).toBe(
      'accepted',
    );
  });

  it('goes the whole way', async () => {
    const order = await fulfil(world, 'order');
    await askFor(world, 'return', order, 5);
    await world.settle();
    const id = idOf('return');
    await world.send('return', 'ApproveReturn', {}, { id, roles: ['agent'] });
    await world.send('return', 'ReceiveReturn', { lines: packs(5), condition: 'unopened' }, { id });
    const refund = (minor: number) => ({ amount: { minor, currency: 'CNY' }, lines: packs(5) });
    expect(await code(world.send('return', 'IssueRefund', refund(21_471), { id }))).toBe('REFUND_EXCEEDED');
    await world.send('return', 'IssueRefund', refund(21_470), { id });
    const { status, state } = await world.view('return', id);
    expect(status).toBe('Refunded');
    expect((state as { number: string }).number).toMatch(/^RT-260323-/);
  });
});

describe('two returns of the same pieces', () => {
  it('reserve them once; the other is rejected as not returnable, whatever step the process dies at', async () => {
    const deaths = await atEveryStep(
      anew,
      async () => {
        const order = await fulfil(world, 'order');
        await askFor(world, 'first', order, 8);
        await askFor(world, 'second', order, 8);
      },
      async () => {
        expect(await reservedFor(idOf('order'))).toEqual([idOf('first')]);
        expect(await typesOf(world, `return-${idOf('second')}`)).toEqual([
          'ReturnRequested',
          'ReturnRejected',
        ]);
        expect((await world.view('return', idOf('second'))).state).toMatchObject({
          rejectionCode: 'NOT_RETURNABLE',
        });
      },
    );
    expect(deaths).toBeGreaterThanOrEqual(2 * 4);
  });
});

describe('a rejected return', () => {
  it('lets go of its pieces, whatever step the process dies at', async () => {
    const deaths = await atEveryStep(
      anew,
      async () => {
        const order = await fulfil(world, 'order');
        await askFor(world, 'return', order, 8);
        await world.settle();
        await world.send('return', 'RejectReturn', { reasonCode: 'OTHER' }, { id: idOf('return') });
      },
      async () => {
        expect(await reservedFor(idOf('order'))).toEqual([]);
        expect(await typesOf(world, `order-${idOf('order')}`)).toEqual([
          'OrderPlaced',
          'OrderConfirmed',
          'OrderFulfilled',
          'ReturnReserved',
          'ReturnReleased',
        ]);
      },
    );
    expect(deaths).toBe(2);
  });

  it('reserves nothing when it was rejected before its reservation', async () => {
    const order = await fulfil(world, 'order');
    await askFor(world, 'return', order, 8);
    await world.send('return', 'RejectReturn', { reasonCode: 'OTHER' }, { id: idOf('return') });
    await world.settle();
    expect(await reservedFor(order)).toEqual([]);
    expect(world.refused).toContain('ReserveReturn: RETURN_NOT_REQUESTED');
  });
});

describe('a customer with returns under way', () => {
  it('has twenty at most', async () => {
    const order = await fulfil(world, 'order');
    const other = await fulfil(world, 'other');
    for (let i = 0; i < 12; i++) await askFor(world, `r${i}`, order, 1);
    for (let i = 12; i < 20; i++) await askFor(world, `r${i}`, other, 1);
    await world.settle();
    expect(await code(askFor(world, 'one more', other, 1))).toBe('LIMIT_EXCEEDED');
    await world.send('return', 'RejectReturn', { reasonCode: 'OTHER' }, { id: idOf('r0') });
    await world.settle();
    expect(await code(askFor(world, 'one more', other, 1))).toBe('accepted');
  });
});

describe('a won deal', () => {
  it('becomes one order, whatever step the process dies at', async () => {
    const orderId = uuid5(idOf('deal'), '0');
    const deaths = await atEveryStep(
      anew,
      () => win(world, 'deal'),
      async () => {
        const placed = (await world.events()).filter(({ type }) => type === 'OrderPlaced');
        expect(placed.map(({ stream }) => stream)).toEqual([`order-${orderId}`]);
        expect(placed[0]?.data).toMatchObject({
          ...{ channel: 'DIRECT', opportunityId: idOf('deal'), total, promisedOn: '2026-03-30' },
          lines: lines.map(({ lineId, qty }) => ({ lineId, qty })),
        });
        expect(placed[0]?.key).toBe(customerId);
      },
    );
    expect(deaths).toBe(2);
  });

  it('has another order when it is won again, and none for a win that is delivered twice', async () => {
    await win(world, 'deal');
    await world.settle();
    await win(world, 'deal', 1);
    await world.settle();
    await world.redeliver();
    await world.settle();
    const placed = (await world.events()).filter(({ type }) => type === 'OrderPlaced');
    expect(placed.map(({ stream }) => stream)).toEqual(
      ['0', '1'].map((revision) => `order-${uuid5(idOf('deal'), revision)}`),
    );
  });
});

type Step =
  | { readonly do: 'ask'; readonly name: string; readonly qty: number }
  | {
      readonly do: 'ApproveReturn' | 'RejectReturn' | 'ReceiveReturn' | 'IssueRefund';
      readonly name: string;
      readonly qty: number;
    }
  | { readonly do: 'settle' }
  | { readonly do: 'redeliver' }
  | { readonly do: 'die'; readonly steps: number; readonly when: 'before' | 'after' };

const name = fc.constantFrom('r1', 'r2', 'r3', 'r4');
const qty = fc.integer({ min: 1, max: 8 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), name, qty }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'ApproveReturn' as const,
        'RejectReturn' as const,
        'ReceiveReturn' as const,
        'IssueRefund' as const,
      ),
      name,
      qty,
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: 'settle' }, { do: 'redeliver' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      steps: fc.nat({ max: 3 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
);

/** What a piece is worth at most: refunds go up to what the rules allow. */
const bodyOf = ({ do: command, qty: pieces }: Extract<Step, { readonly qty: number }>): object =>
  ({
    ask: {},
    ApproveReturn: {},
    RejectReturn: { reasonCode: 'OTHER' },
    ReceiveReturn: { lines: packs(pieces), condition: 'unopened' },
    IssueRefund: {
      lines: packs(pieces),
      amount: { minor: Math.floor((51_528 * pieces) / 12), currency: 'CNY' },
    },
  })[command];

const play = async (order: string, what: Step): Promise<void> => {
  if (what.do === 'settle') return world.settle();
  if (what.do === 'redeliver') return world.redeliver();
  if (what.do === 'die') {
    world.dieAt(what.steps, what.when);
    await world.dead();
    return world.restart();
  }
  const sent =
    what.do === 'ask'
      ? askFor(world, what.name, order, what.qty)
      : world.send('return', what.do, bodyOf(what), { id: idOf(what.name) });
  await code(sent); // what is refused changes nothing
};

describe('any returns in any order, with deaths in between', () => {
  it('never hold or pay back more than was bought, and hold nothing that is not under way or done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        await anew();
        const order = await fulfil(world, 'order');
        for (const what of steps) await play(order, what);
        await world.settle();
        const events = await world.events();
        const { state } = await world.view('order', order);
        const held = (state as { reservedForReturns: { returnId: string; lines: { qty: number }[] }[] })
          .reservedForReturns;
        expect(held.flatMap((one) => one.lines).reduce((sum, one) => sum + one.qty, 0)).toBeLessThanOrEqual(
          12,
        );
        const refunds = events.filter(({ type }) => type === 'RefundIssued');
        const paid = refunds.reduce(
          (sum, { data }) => sum + (data as { amount: { minor: number } }).amount.minor,
          0,
        );
        expect(paid).toBeLessThanOrEqual(51_528);
        const streamsOf = (wanted: string) =>
          events.filter(({ type }) => type === wanted).map(({ stream }) => stream);
        const rejected = streamsOf('ReturnRejected');
        expect(new Set(held.map(({ returnId }) => `return-${returnId}`))).toEqual(
          new Set(streamsOf('ReturnRequested').filter((stream) => !rejected.includes(stream))),
        );
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

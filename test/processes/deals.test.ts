// WonToOrder over two services, and what time does to leads and deals: each win has one order, an order that does not come
// about takes its win back, and whatever was promised is told once.
import { describe, expect, it } from 'vitest';
import { uuid5 } from '../../packages/core/src/index.ts';
import { idOf } from '../../packages/testing/src/index.ts';
import { leadService } from '../../services/lead/src/service.ts';
import { opportunityService } from '../../services/opportunity/src/service.ts';
import { orderService } from '../../services/order/src/service.ts';
import { createDriver } from './driver.ts';
import { createWorld, type World } from './world.ts';

const MONDAY = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;
const [dealId, customerId, agent] = ['deal', 'customer', 'agent'].map(idOf) as [string, string, string];

const cny = (minor: number) => ({ minor, currency: 'CNY' });
const line = {
  lineId: idOf('line'),
  productId: idOf('product'),
  qty: 2,
  unitPrice: cny(42_000),
  discount: cny(4_000),
  tax: cny(10_400),
  total: cny(90_400),
};

/** An open deal with a line. */
const open = async () => {
  const world = await createWorld([leadService, opportunityService, orderService], MONDAY);
  const driver = createDriver(world);
  let sent = 0;
  const deal = (command: string, body: object = {}) =>
    world.send('opportunity', 'opportunity', dealId, command, body, `${sent++}`);
  await deal('OpenOpportunity', {
    opportunityId: dealId,
    customerId,
    name: 'First order',
    kind: 'NEW_BUSINESS',
    pipelineId: 'sales',
    stageId: 'discovery',
    amount: cny(120_000),
    expectedCloseOn: '2026-01-16',
    ownerId: agent,
  });
  await deal('ReviseLines', { lines: [line], total: line.total });
  return { world, driver, deal };
};

const eventsOf = async (world: World, source: string) =>
  (await world.eventsOf(source)).map(({ type, stream, data }) => ({ type, stream, data }));
const count = async (world: World): Promise<number> =>
  (await eventsOf(world, 'order')).length + (await eventsOf(world, 'opportunity')).length;

describe('WonToOrder', () => {
  const orderOf = (winRevision: number): string => uuid5(dealId, String(winRevision));

  it('places one order for a win, however often it is told', async () => {
    const { world, driver, deal } = await open();
    const { revision } = await deal('MarkWon');
    await driver.settle();
    await driver.redeliver();
    expect(await eventsOf(world, 'order')).toMatchObject([
      {
        type: 'OrderPlaced',
        stream: `order-${orderOf(revision)}`,
        data: {
          opportunityId: dealId,
          channel: 'DIRECT',
          total: line.total,
          lines: [{ lineId: line.lineId }],
        },
      },
    ]);
  });

  it.each([
    ['RejectOrder', { reasonCode: 'STOCK' }],
    ['CancelOrder', { reasonCode: 'CHANGED_MIND', by: 'CUSTOMER' }],
  ])(
    'takes the win back on %s, wherever it stops, and wins again with another order',
    async (command, body) => {
      for (let stop = 0; stop <= 3; stop++) {
        const { world, driver, deal } = await open();
        const first = await deal('MarkWon');
        await driver.settle();
        const order = orderOf(first.revision);
        await world.send('order', 'order', order, command, body);
        // Nobody has heard of it: the deal is won until somebody does.
        expect((await world.state('opportunity', 'opportunity', dealId)).status).toBe('Won');
        const [next] = await driver.waiting();
        if (stop > 0 && next !== undefined)
          await world
            .deliver(next, async (request) => {
              if (stop > 1) await world.bus.submit(request);
              throw new Error('killed');
            })
            .catch(() => {});
        await driver.settle();
        await driver.redeliver();
        expect((await world.state('opportunity', 'opportunity', dealId)).status).toBe('Open');
        expect((await eventsOf(world, 'opportunity')).at(-1)).toMatchObject({
          type: 'OpportunityWinReverted',
          data: { orderId: order, reasonCode: body.reasonCode, limitDays: 14 },
        });
        const second = await deal('MarkWon');
        await driver.settle();
        const before = await count(world);
        // The old refusal comes again: the new win does not belong to that order.
        await driver.redeliver();
        expect(await count(world)).toBe(before);
        expect((await world.state('opportunity', 'opportunity', dealId)).status).toBe('Won');
        expect((await world.state('order', 'order', orderOf(second.revision))).status).toBe('Placed');
      }
    },
  );

  it('knows nothing of orders that people place for a deal', async () => {
    const { world, driver, deal } = await open();
    const body = {
      orderId: idOf('by hand'),
      customerId,
      channel: 'PHONE',
      opportunityId: dealId,
      lines: [line],
      total: line.total,
    };
    await world.send('order', 'order', idOf('by hand'), 'PlaceOrder', body);
    await deal('MarkWon');
    await driver.settle();
    await world.send('order', 'order', idOf('by hand'), 'RejectOrder', { reasonCode: 'PRICE' });
    await driver.settle();
    expect((await world.state('opportunity', 'opportunity', dealId)).status).toBe('Won');
  });
});

/** Lets days close one after the other; answers on which something was told. */
const closeDays = async (world: World, from: number, days: number): Promise<readonly string[]> => {
  const told: string[] = [];
  for (let i = 0; i < days; i++) {
    const end = from + (i + 1) * DAY;
    const day = new Date(end - DAY).toISOString().slice(0, 10);
    world.clock.set(end);
    await world.foldAll();
    const before = (await world.eventsOf('opportunity')).length;
    for (const due of await world.due(day)) await world.fire(due, end);
    if ((await world.eventsOf('opportunity')).length > before) told.push(day);
  }
  return told;
};

describe('a deal that stays', () => {
  it('is stalled on the first day beyond the limit of its stage, once per stay', async () => {
    const { world, deal } = await open();
    // Opened on the 5th, limit 14 days: 15 days lie behind it when the 20th closes.
    expect(await closeDays(world, MONDAY, 40)).toEqual(['2026-01-20']);
    expect(world.clock.now()).toBe(MONDAY + 40 * DAY);
    await deal('AttachContact', { contactId: idOf('buyer'), role: 'BUYER' });
    await deal('ReviseForecast', { amount: cny(1), expectedCloseOn: '2026-12-31', category: 'PIPELINE' });
    await deal('ChangeStage', { toStageId: 'solution' });
    // Since the 14th of February, limit 21 days.
    expect(await closeDays(world, MONDAY + 40 * DAY, 40)).toEqual(['2026-03-08']);
    await deal('MarkLost', { reasonCode: 'TIMING' });
    expect(await closeDays(world, MONDAY + 80 * DAY, 40)).toEqual([]);
    await deal('ReopenOpportunity', { reason: 'they came back' });
    expect(await closeDays(world, MONDAY + 120 * DAY, 40)).toEqual(['2026-05-27']);
  });

  it('is no longer waited for when it moves on in time, or is won', async () => {
    const { world, deal } = await open();
    expect(await closeDays(world, MONDAY, 15)).toEqual([]);
    await deal('MarkWon');
    expect(await closeDays(world, MONDAY + 15 * DAY, 40)).toEqual([]);
  });
});

describe('LeadSla', () => {
  const leadId = idOf('lead');
  const begun = async () => {
    const world = await createWorld([leadService, opportunityService, orderService], MONDAY);
    let sent = 0;
    const lead = (command: string, body: object = {}) =>
      world.send('lead', 'lead', leadId, command, body, `${sent++}`);
    await lead('CaptureLead', { leadId, source: 'EVENT', person: { name: 'Lin' } });
    await lead('AssignLead', { ownerId: agent });
    return { world, lead };
  };
  /** Unscored counts as C: 480 business minutes from Monday, midnight, are up on Monday at 18:00. */
  const RESPOND_BY = Date.UTC(2026, 0, 5, 18);
  const overdue = async (world: World, at: number): Promise<number> => {
    world.clock.set(Math.max(at, world.clock.now()));
    for (const due of await world.due(at)) await world.fire(due, at);
    return (await world.eventsOf('lead')).filter(({ type }) => type === 'LeadResponseOverdue').length;
  };

  it('tells of an answer that did not come, at its instant and once', async () => {
    const { world } = await begun();
    expect(await overdue(world, RESPOND_BY - 1)).toBe(0);
    const [due] = await world.due(RESPOND_BY);
    expect(due).toMatchObject({ when: RESPOND_BY, command: { command: 'FlagResponseOverdue' } });
    expect(await overdue(world, RESPOND_BY)).toBe(1);
    expect(await world.due(RESPOND_BY + DAY)).toEqual([]);
    // It fires again: it was told already.
    if (due !== undefined) await world.fire(due, RESPOND_BY);
    expect(await overdue(world, RESPOND_BY + DAY)).toBe(1);
  });

  it('waits anew with every assignment', async () => {
    const { world, lead } = await begun();
    expect(await overdue(world, RESPOND_BY)).toBe(1);
    world.clock.set(MONDAY + DAY);
    await lead('AssignLead', { ownerId: idOf('another agent') });
    expect(await overdue(world, RESPOND_BY + DAY - 1)).toBe(1);
    expect(await overdue(world, RESPOND_BY + DAY)).toBe(2);
  });

  it.each([
    ['LogContactAttempt', { channel: 'PHONE', outcome: 'NO_ANSWER' }],
    ['NurtureLead', { programId: idOf('programme') }],
    ['QualifyLead', { level: 'MQL' }],
    ['DisqualifyLead', { reasonCode: 'SPAM' }],
    ['MarkLeadDuplicate', { duplicateOfCustomerId: customerId }],
  ])('has nothing to tell after %s', async (command, body) => {
    const { world, lead } = await begun();
    await lead(command, body);
    expect(await world.due(RESPOND_BY + DAY)).toEqual([]);
  });
});

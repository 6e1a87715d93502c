// Deals over HTTP: every command, what refuses it, and the list that shows them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, settled, type Answer, type Json } from './client.ts';
import { startServer, temporaryFolder, until, type Server } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(temporaryFolder());
}, 60_000);
afterAll(() => server.stop());

const AGENT = randomUUID();
const agent = { roles: ['agent'], claims: { agent: AGENT }, headers: { 'if-match': '*' } } as const;
const cny = (minor: number) => ({ minor, currency: 'CNY' });
const closes = '2099-01-16';

const line = (qty: number, price: number, tax: number) => ({
  lineId: randomUUID(),
  productId: randomUUID(),
  qty,
  unitPrice: cny(price),
  discount: cny(0),
  tax: cny(tax),
  total: cny(qty * price + tax),
});
const meters = line(2, 42_000, 10_400);

const draft = {
  kind: 'NEW_BUSINESS',
  name: 'First order',
  pipelineId: 'sales',
  stageId: 'discovery',
  amount: cny(120_000),
  expectedCloseOn: closes,
  ownerId: AGENT,
};

const open = async (more: object = {}): Promise<string> => {
  const body = { customerId: randomUUID(), ...draft, ...more };
  const { status, json } = await post(server, '/api/opportunities', body, agent);
  expect([status, json['code']]).toEqual([201, undefined]);
  return json['id'] as string;
};

const tell = (id: string, command: string, body: object = {}): Promise<Answer> =>
  post(server, `/api/opportunities/${id}/${command}`, body, agent);

const done = async (id: string, ...commands: readonly (readonly [string, object?])[]): Promise<void> => {
  for (const [command, body] of commands) {
    const { status, json } = await tell(id, command, body);
    expect([command, status, json['code']]).toEqual([command, 200, undefined]);
  }
};

const refused = async (id: string, command: string, body: object): Promise<Json> => {
  const { status, json } = await tell(id, command, body);
  expect(status).toBe(422);
  return json;
};

const shown = async (id: string): Promise<Json> =>
  (await get(server, `/api/opportunities/${id}`, agent)).json;

describe('a deal', { timeout: 60_000 }, () => {
  it('goes stage by stage to its win, when what each step asks for is there', async () => {
    const id = await open({ amount: cny(0) });
    const early = await refused(id, 'change-stage', { toStageId: 'solution' });
    expect(early).toMatchObject({
      code: 'EXIT_CRITERIA_UNMET',
      unmet: ['AMOUNT_POSITIVE', 'LEAD_OR_CONTACT'],
    });
    const far = await refused(id, 'change-stage', { toStageId: 'commit' });
    expect(far).toMatchObject({ code: 'NO_SUCH_EDGE', allowed: ['solution'] });
    await done(
      id,
      ['revise-forecast', { amount: cny(120_000), expectedCloseOn: closes, category: 'BEST_CASE' }],
      ['attach-contact', { contactId: randomUUID(), role: 'BUYER' }],
      ['change-stage', { toStageId: 'solution' }],
      ['revise-lines', { lines: [meters], total: meters.total }],
      ['change-stage', { toStageId: 'proposal' }],
      ['record-objection', { kind: 'PRICE', nature: 'TRUE' }],
      ['revise-forecast', { amount: meters.total, expectedCloseOn: closes, category: 'COMMIT' }],
      ['change-stage', { toStageId: 'negotiation' }],
    );
    expect(await refused(id, 'change-stage', { toStageId: 'commit' })).toMatchObject({
      unmet: ['OBJECTIONS_ANSWERED'],
    });
    await done(
      id,
      ['record-objection', { kind: 'PRICE', nature: 'TRUE', response: 'a discount' }],
      ['record-competitor', { competitorId: randomUUID(), position: 'BEHIND', note: 'too slow' }],
      ['change-stage', { toStageId: 'commit' }],
      ['change-stage', { toStageId: 'negotiation' }],
      ['reassign', { ownerId: AGENT }],
      ['mark-won'],
    );
    expect(await shown(id)).toMatchObject({
      status: 'Won',
      allowedCommands: [],
      state: {
        stageId: 'negotiation',
        amount: meters.total,
        lines: [meters],
        objections: [{ kind: 'PRICE', answered: true, response: 'a discount' }],
        competitors: [{ position: 'BEHIND', note: 'too slow' }],
      },
    });
  });

  it('becomes an order when it is won, and is open again when that order is rejected', async () => {
    const id = await open();
    await done(id, ['revise-lines', { lines: [meters], total: meters.total }], ['mark-won']);
    const { orderId } = (await shown(id))['state'] as Json;
    const order = `/api/orders/${orderId as string}`;
    const boss = { roles: ['supervisor'], headers: { 'if-match': '*' } };
    const placed = await until('the order is placed', async () => {
      const { status, json } = await get(server, order);
      return status === 200 && json;
    });
    expect(placed).toMatchObject({ status: 'Placed', state: { opportunityId: id, total: meters.total } });
    expect((await post(server, `${order}/reject`, { reasonCode: 'STOCK' }, boss)).status).toBe(200);
    await until('the deal is open again', async () => (await shown(id))['status'] === 'Open');
    expect((await shown(id))['state']).toMatchObject({ orderId: null, stageId: 'discovery' });
  });

  it('is not won without lines, and takes no money of another currency', async () => {
    const id = await open();
    expect(await refused(id, 'mark-won', {})).toMatchObject({ code: 'NO_LINES' });
    const dollars = { minor: 1, currency: 'USD' };
    expect(
      await refused(id, 'revise-forecast', {
        amount: dollars,
        expectedCloseOn: closes,
        category: 'PIPELINE',
      }),
    ).toMatchObject({ code: 'CURRENCY_MISMATCH' });
    expect(await refused(id, 'revise-lines', { lines: [meters], total: cny(1) })).toMatchObject({
      code: 'DEAL_TOTAL_WRONG',
      expected: meters.total,
    });
  });

  it('is lost to somebody, abandoned, and opened again', async () => {
    const id = await open();
    expect(await refused(id, 'mark-lost', { reasonCode: 'COMPETITOR' })).toMatchObject({
      code: 'COMPETITOR_REQUIRED',
    });
    expect(await refused(id, 'mark-lost', { reasonCode: 'BORED' })).toMatchObject({ code: 'UNKNOWN_REASON' });
    await done(
      id,
      ['mark-lost', { reasonCode: 'COMPETITOR', competitorId: randomUUID() }],
      ['reopen', { reason: 'they came back' }],
      ['abandon', { reasonCode: 'DUPLICATE' }],
    );
    const illegal = await tell(id, 'mark-won');
    expect(illegal.json).toMatchObject({
      status: 409,
      code: 'ILLEGAL_STATE',
      allowedCommands: ['ReopenOpportunity'],
    });
  });

  it('goes through a pipeline that there is', async () => {
    for (const [more, code] of [
      [{ pipelineId: 'nowhere' }, 'UNKNOWN_PIPELINE'],
      [{ pipelineVersion: 9 }, 'UNKNOWN_PIPELINE'],
      [{ stageId: 'nowhere' }, 'UNKNOWN_STAGE'],
    ] as const) {
      const body = { customerId: randomUUID(), ...draft, ...more };
      const { status, json } = await post(server, '/api/opportunities', body, agent);
      expect([status, json['code']]).toEqual([422, code]);
    }
    const { status } = await post(server, '/api/opportunities', draft, agent);
    expect(status).toBe(400);
  });

  it('keeps what belongs to processes from people', async () => {
    const id = await open();
    expect((await tell(id, 'flag-stalled')).status).toBe(404);
    expect((await tell(id, 'revert-win', { orderId: randomUUID(), reasonCode: 'STOCK' })).status).toBe(404);
  });

  it('is found by owner, pipeline, stage, kind, standstill and day', async () => {
    const ownerId = randomUUID();
    const id = await open({ ownerId, kind: 'UP_SELL' });
    await settled(server);
    const list = async (query: string): Promise<Json[]> =>
      (await get(server, `/api/opportunities?owner=${ownerId}&${query}`)).json['items'] as Json[];
    const all =
      'pipelineId=sales&stageId=discovery&kind=UP_SELL&stalled=false&closeFrom=2099-01-16&closeTo=2099-01-17';
    expect(await list(all)).toMatchObject([
      { id, status: 'Open', owner: ownerId, stageId: 'discovery', kind: 'UP_SELL', expectedCloseOn: closes },
    ]);
    for (const query of ['closeTo=2099-01-16', 'closeFrom=2099-01-17', 'stalled=true', 'stageId=commit'])
      expect(await list(query)).toEqual([]);
  });
});

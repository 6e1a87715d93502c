// Sales under a clock that is set: whose turn it is while it stands, and what is due when it moves.
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, settled, type Json } from './client.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

const [KIM, LEE] = [randomUUID(), randomUUID()];
const agentOf = (id: string, name: string): object => ({
  id,
  name,
  team: 'north',
  queues: ['sales'],
  skills: [],
});

let server: Server;
beforeAll(async () => {
  const folder = temporaryFolder();
  const policies = join(folder, 'policies');
  mkdirSync(policies);
  const agents = {
    policy: 'agents',
    version: 2,
    validFrom: '1970-01-01',
    agents: [agentOf(KIM, 'Kim'), agentOf(LEE, 'Lee')],
  };
  writeFileSync(join(policies, 'agents.v2.json'), JSON.stringify(agents));
  server = await startServer(join(folder, 'data'), { args: ['--settable-clock', '--policies', policies] });
  await close('2026-01-04');
}, 60_000);
afterAll(() => server.stop());

const boss = { roles: ['supervisor'], headers: { 'if-match': '*' } } as const;
const close = (closeThrough: string) => post(server, '/ops/clock', { closeThrough });

const assigned = async (): Promise<string> => {
  const { json } = await post(
    server,
    '/api/leads',
    { source: 'EVENT', person: { name: randomUUID() } },
    boss,
  );
  const { status } = await post(server, `/api/leads/${json['id'] as string}/assign`, {}, boss);
  expect(status).toBe(200);
  await settled(server);
  return json['id'] as string;
};

const list = async (query: string): Promise<Json[]> =>
  (await get(server, `/api/${query}`)).json['items'] as Json[];

describe('sales', { timeout: 60_000 }, () => {
  it('gives leads to whose turn it is, in turn while the clock stands', async () => {
    const owners: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      const { state } = (await get(server, `/api/leads/${await assigned()}`)).json;
      expect(state).toMatchObject({ respondBy: '2026-01-05T18:00:00.000Z' });
      owners.push((state as Json)['ownerId']);
    }
    expect(owners).toEqual([KIM, LEE, KIM, LEE, KIM]);
  });

  it('tells once of answers that did not come', async () => {
    expect(await list('leads?overdue=true')).toEqual([]);
    await close('2026-01-05');
    await settled(server);
    const overdue = await list('leads?overdue=true');
    expect(overdue.map(({ revision }) => revision)).toEqual([2, 2, 2, 2, 2]);
    await close('2026-01-06');
    await settled(server);
    expect((await list('leads?overdue=true')).map(({ revision }) => revision)).toEqual([2, 2, 2, 2, 2]);
    const events = await get(server, '/ops/events?type=LeadResponseOverdue', { roles: ['admin'] });
    expect((events.json['items'] as Json[]).map(({ occurredAt }) => occurredAt)).toEqual(
      Array.from({ length: 5 }, () => '2026-01-05T18:00:00.000Z'),
    );
  });

  it('tells of a deal that stays too long, when that day has closed', async () => {
    const draft = {
      customerId: randomUUID(),
      name: 'Slow one',
      kind: 'NEW_BUSINESS',
      pipelineId: 'sales',
      stageId: 'discovery',
      amount: { minor: 1, currency: 'CNY' },
      expectedCloseOn: '2026-03-01',
      ownerId: KIM,
    };
    expect((await post(server, '/api/opportunities', draft, boss)).status).toBe(201);
    // Opened on the 7th, limit 14 days.
    await close('2026-01-21');
    await settled(server);
    expect(await list('opportunities?stalled=true')).toEqual([]);
    await close('2026-01-22');
    await settled(server);
    expect(await list('opportunities?stalled=true')).toMatchObject([{ stalled: 1, revision: 1 }]);
    await close('2026-02-22');
    await settled(server);
    expect(await list('opportunities?stalled=true')).toMatchObject([{ revision: 1 }]);
  });
});

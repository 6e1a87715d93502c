// The reads of churn on a running platform: what is shown, who may see it, and what is refused.
import { uuid5 } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, get, type Answer, type Asked, type Json } from '../../../test/e2e/client.ts';
import { startServer, temporaryFolder, until, type Server } from '../../../test/e2e/server.ts';
import { shipped } from './story.ts';

let server: Server;
const admin: Asked = { roles: ['admin'] };
const owner = idOf('agent-1');
const agent = (id: string): Asked => ({ roles: ['agent'], claims: { agent: id, teams: [] } });

const send = async (
  path: string,
  body: object,
  asked: Asked = { roles: ['supervisor'] },
): Promise<Answer> => {
  const answer = await call(server, 'POST', path, { ...asked, body, headers: { 'if-match': '*' } });
  expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
  return answer;
};
const close = (day: string): Promise<Answer> => send('/ops/clock', { closeThrough: day }, admin);
const churnOf = async (name: string, asked?: Asked): Promise<Answer> =>
  get(server, `/api/customers/${idOf(name)}/churn`, asked);
const board = async (query = '', asked?: Asked): Promise<Json> =>
  (await get(server, `/api/churn/board${query}`, asked)).json;

const register = (name: string, ownerId: string | null) =>
  send('/api/customers', {
    ...{ customerId: idOf(name), kind: 'PERSON', displayName: name, source: 'MANUAL', locale: 'en' },
    ...{ timeZone: 'UTC', homeCurrency: 'CNY', ...(ownerId !== null && { ownerId }) },
  });
const complain = async (name: string): Promise<void> => {
  const complaintId = uuid5(idOf(name), 'complaint');
  const about = {
    customerId: idOf(name),
    topic: 'PRODUCT',
    severity: 'HIGH',
    channel: 'EMAIL',
    text: 'broken',
  };
  await send('/api/complaints', { complaintId, ...about });
};

beforeAll(async () => {
  server = await startServer(temporaryFolder(), { args: ['--empty', '--port', '0', '--settable-clock'] });
  await close('2026-03-01');
  await register('ann', owner);
  await register('bob', idOf('agent-2'));
  await register('cal', null);
  await complain('ann');
  await send(`/api/cases`, {
    ...{ caseId: idOf('case'), customerId: idOf('bob'), channel: 'EMAIL', category: 'OTHER' },
    ...{ priority: 'LOW', subject: 'late' },
  });
  await close('2026-03-20');
  await until(
    'the risk of ann is published',
    async () => (await churnOf('ann')).json['published']?.level === 'MEDIUM',
  );
}, 120_000);
afterAll(() => server.stop());

describe('GET /api/customers/{id}/churn', { timeout: 60_000 }, () => {
  it('shows score, level, what was published, and every signal with its evidence', async () => {
    const { status, json, headers } = await churnOf('ann');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      customerId: idOf('ann'),
      businessDay: '2026-03-20',
      rulesVersion: shipped.version,
      score: 45,
      level: 'MEDIUM',
      published: { level: 'MEDIUM', since: '2026-03-02T00:00:00.000Z' },
      churned: null,
      protective: [],
      signals: [
        {
          code: 'COMPLAINT_UNSETTLED',
          zh: '投诉未了',
          severity: 3,
          weight: '0.45',
          contribution: 45,
          ageDays: 0,
          observed: { complaints: 1, oldestRegisteredOn: '2026-03-02' },
        },
      ],
    });
    const [evidence] = json['signals'][0].evidence as readonly string[];
    const timeline = await get(server, `/api/customers/${idOf('ann')}/timeline?type=ComplaintRegistered`);
    expect(evidence).toBe(timeline.json['items'][0].eventId);
    expect(headers.get('x-position')).toContain('service:');
  });

  it('is empty for whoever is at no risk, and 404 for nobody', async () => {
    expect((await churnOf('cal')).json).toMatchObject({
      score: 0,
      level: 'LOW',
      signals: [],
      published: { level: 'LOW', since: null },
    });
    const nobody = await churnOf('nobody');
    expect([nobody.status, nobody.json['code']]).toEqual([404, 'NOT_FOUND']);
  });

  it('is for those who may see the customer', async () => {
    expect((await churnOf('ann', agent(owner))).status).toBe(200);
    expect((await churnOf('bob', agent(owner))).status).toBe(403);
    expect((await churnOf('cal', agent(owner))).status).toBe(200); // nobody's is everybody's
    expect((await churnOf('ann', { roles: ['auditor'] })).status).toBe(200);
    expect((await churnOf('ann', { roles: [] })).status).toBe(401);
  });
});

describe('GET /api/churn/board', { timeout: 60_000 }, () => {
  const names = (json: Json): readonly string[] => json['items'].map((one: Json) => one['customerId']);

  it('lists the greatest risk first, and counts every level', async () => {
    const json = await board();
    expect(names(json).slice(0, 2)).toEqual([idOf('ann'), idOf('bob')]);
    expect(json['distribution']).toEqual({ LOW: 1, MEDIUM: 2, HIGH: 0, CRITICAL: 0 });
    expect(json['items'][0]).toMatchObject({
      ...{ score: 45, level: 'MEDIUM', published: 'MEDIUM', ownerId: owner, churnedOn: null },
      signals: [{ code: 'COMPLAINT_UNSETTLED', severity: 3 }],
    });
  });

  it('filters by level, signal and owner; the distribution follows the other filters', async () => {
    expect(names(await board('?level=LOW,HIGH'))).toEqual([idOf('cal')]);
    expect((await board('?level=HIGH'))['distribution']).toMatchObject({ LOW: 1, MEDIUM: 2 });
    const unresolved = await board('?signal=CASE_UNRESOLVED');
    expect(names(unresolved)).toEqual([idOf('bob')]);
    expect(unresolved['distribution']).toMatchObject({ LOW: 0, MEDIUM: 1 });
    expect(names(await board(`?owner=${owner}`))).toEqual([idOf('ann')]);
  });

  it('gives pages', async () => {
    const first = await board('?limit=2');
    const second = await board(`?limit=2&cursor=${String(first['next'])}`);
    expect([...names(first), ...names(second)]).toHaveLength(3);
    expect(second['next']).toBeNull();
  });

  it('shows and counts only what the caller may see', async () => {
    const mine = await board('', agent(owner));
    expect(names(mine).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      [idOf('ann'), idOf('cal')].toSorted((a, b) => (a < b ? -1 : 1)),
    );
    expect(mine['distribution']).toEqual({ LOW: 1, MEDIUM: 1, HIGH: 0, CRITICAL: 0 });
  });

  it.each(['?level=SOME', '?signal=NOTHING', '?sort=name', '?limit=0', '?colour=red'])(
    'refuses %s',
    async (query) => {
      const { status, json } = await get(server, `/api/churn/board${query}`);
      expect([status, json['code']]).toEqual([400, 'INVALID']);
    },
  );
});

describe('the interface', { timeout: 60_000 }, () => {
  it('lists the reads of churn, and no way to send an assessment', async () => {
    const { paths } = (await get(server, '/openapi.json')).json as { paths: Json };
    const known = Object.keys(paths).filter((path) => path.includes('churn') || path.includes('risks'));
    expect(known.toSorted()).toEqual(['/api/churn/board', '/api/customers/{id}/churn', '/api/risks/{id}']);
    expect(Object.keys(paths['/api/risks/{id}'])).toEqual(['get']);
  });
});

describe('merged customers', { timeout: 60_000 }, () => {
  it('are assessed as one: the absorbed id answers 308 to the survivor, with the complaint of both', async () => {
    await register('dan', null);
    await register('eve', null);
    await complain('eve');
    await send(`/api/customers/${idOf('dan')}/merge`, { absorbedIds: [idOf('eve')] });
    await until('eve is absorbed', async () => (await churnOf('eve')).status === 308);
    const moved = await churnOf('eve');
    expect(moved.headers.get('location')).toBe(`/api/customers/${idOf('dan')}/churn`);
    await until(
      'the risk of both is published',
      async () => (await churnOf('dan')).json['published']?.level === 'MEDIUM',
    );
    expect((await churnOf('dan')).json).toMatchObject({
      score: 45,
      signals: [{ code: 'COMPLAINT_UNSETTLED' }],
    });
  });
});

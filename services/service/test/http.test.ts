// The desk from outside: every command by its route, what is refused and how, what lists and views show to whom.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuid5 } from '@tenure/core';
import type { Answer } from '../../../test/e2e/client.ts';
import { temporaryFolder, until } from '../../../test/e2e/server.ts';
import { startDesk, walkId, type Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk(temporaryFolder());
  await desk.close('2026-03-16');
}, 60_000);
afterAll(() => desk.stop());

const agentId = walkId('agent-1');
const openingOf = (more: object = {}) => ({
  ...{ channel: 'EMAIL', category: 'PRODUCT_FAULT', priority: 'NORMAL', subject: 'Secret words' },
  ...more,
});
const complaintOf = (more: object = {}) => ({
  ...{ topic: 'PRODUCT', severity: 'HIGH', channel: 'PHONE', text: 'Secret anger' },
  ...more,
});

/** A case with its clocks running, of a customer of its own. */
const openCase = async (name: string, more: object = {}): Promise<string> => {
  const customerId = walkId(`customer of ${name}`);
  const { status, json } = await desk.post('/api/cases', openingOf({ customerId, ...more }));
  expect(status).toBe(201);
  await desk.events(`case-${json['id']}`, 4);
  return json['id'] as string;
};
const on = (id: string, command: string, body: object = {}, role = 'agent') =>
  desk.post(`/api/cases/${id}/${command}`, body, role);
const read = async (id: string, role = 'agent') => (await desk.get(`/api/cases/${id}`, role)).json;

const refused = ({ status, json }: Answer) => [status, json['code']];

describe('the commands of a case', { timeout: 60_000 }, () => {
  it('are all there, by their routes', async () => {
    const [id, other] = [await openCase('all'), await openCase('all')];
    const done = async (command: string, body: object, status: string, role?: string) => {
      const answer = await on(id, command, body, role);
      expect([command, answer.status, answer.text]).toEqual([command, 200, expect.any(String)]);
      expect((await read(id))['status']).toBe(status);
    };
    await done('verify-entitlement', { slaPolicyId: 'premium' }, 'New', 'supervisor');
    await done('deny-entitlement', { reasonCode: 'MISUSE', chargeable: true }, 'New', 'supervisor');
    await done('verify-entitlement', {}, 'New');
    await done('assign', { agentId }, 'Assigned');
    await done('respond', { byHuman: true }, 'InProgress');
    await done('pend-on-customer', { question: 'Which colour?' }, 'PendingCustomer');
    await done('escalate', { reasonCode: 'CUSTOMER_REQUEST' }, 'PendingCustomer');
    await done('record-customer-reply', {}, 'InProgress');
    await done('resolve', { resolutionCode: 'SOLVED', firstContact: false }, 'Resolved');
    await done('reopen', { reason: 'Dark again' }, 'InProgress');
    await done('resolve', { resolutionCode: 'REPLACED', firstContact: false }, 'Resolved');
    await done('close', {}, 'Closed');
    expect(refused(await on(id, 'reopen', { reason: 'Once more' }))).toEqual([409, 'ILLEGAL_STATE']);
    const follows = await openCase('all', { followsCaseId: id });
    expect((await read(follows))['state'].followsCaseId).toBe(id);
    expect((await on(follows, 'merge', { intoCaseId: other })).status).toBe(200);
    expect(await read(follows)).toMatchObject({ status: 'Closed', state: { intoCaseId: other } });
  });

  it('of processes and timers have no route', async () => {
    const id = await openCase('internal');
    for (const command of ['start-sla-clock', 'breach-sla'])
      expect((await on(id, command, {}, 'admin')).status).toBe(404);
  });

  it('say what is wrong with a body, without repeating it', async () => {
    const id = await openCase('bodies');
    for (const [command, body] of [
      ['assign', { agentId: 'Ann' }],
      ['respond', { byHuman: 'yes' }],
      ['respond', {}],
      ['pend-on-customer', { question: '' }],
      ['escalate', { level: 4, reasonCode: 'EXPERTISE' }],
      ['resolve', { resolutionCode: 'SOLVED' }],
      ['close', { anyway: true }],
    ] as const)
      expect([command, ...refused(await on(id, command, body))]).toEqual([command, 400, 'INVALID']);
    const { json } = await desk.post('/api/cases', openingOf({ priority: 'PANIC' }));
    expect(json['errors']).toEqual([{ path: '/priority', message: expect.not.stringContaining('PANIC') }]);
  });

  it('refuse what the rules forbid', async () => {
    const id = await openCase('rules');
    await on(id, 'assign', { agentId });
    const stranger = await openCase('stranger');
    for (const [command, body, status, code] of [
      ['resolve', { resolutionCode: 'HOPED', firstContact: true }, 422, 'UNKNOWN_REASON'],
      ['escalate', { reasonCode: 'WHY' }, 422, 'UNKNOWN_REASON'],
      ['merge', { intoCaseId: id }, 422, 'MERGE_INTO_ITSELF'],
      ['merge', { intoCaseId: stranger }, 422, 'CUSTOMER_MISMATCH'],
      ['merge', { intoCaseId: walkId('nothing') }, 422, 'UNKNOWN_CASE'],
      ['assign', { queueId: walkId('nobody') }, 409, 'NO_OWNER_AVAILABLE'],
      ['close', {}, 409, 'ILLEGAL_STATE'],
      ['respond', { byHuman: true, customerId: walkId('another') }, 422, 'CUSTOMER_MISMATCH'],
      ['respond', { byHuman: true, occurredAt: '2027-01-01T00:00:00Z' }, 422, 'OCCURRED_AT_IN_FUTURE'],
    ] as const)
      expect([command, ...refused(await on(id, command, body))]).toEqual([command, status, code]);
    expect((await read(id))['revision']).toBe(4); // nothing has changed
  });

  it('leave promises beyond the usual, and their denial, to supervisors', async () => {
    const id = await openCase('rights');
    const asked = await on(id, 'verify-entitlement', { slaPolicyId: 'premium' });
    expect(asked.json).toMatchObject({ status: 403, code: 'FORBIDDEN', needs: ['supervisor', 'admin'] });
    const denied = await on(id, 'deny-entitlement', { reasonCode: 'MISUSE', chargeable: false });
    expect(denied.json).toMatchObject({
      status: 403,
      needs: expect.arrayContaining(['supervisor', 'admin']),
    });
    expect(denied.json['needs']).not.toContain('agent');
    expect((await on(id, 'verify-entitlement', { slaPolicyId: 'premium' }, 'supervisor')).status).toBe(200);
    const events = await desk.events(`case-${id}`, 7);
    // More is promised from the opening on, around the clock.
    expect(events.slice(5).map(({ data }) => [data.kind, data.dueAt])).toEqual([
      ['FIRST_RESPONSE', '2026-03-17T02:00:00.000Z'],
      ['RESOLUTION', '2026-03-18T00:00:00.000Z'],
    ]);
  });

  it('belong to whoever has the case', async () => {
    const id = await openCase('ownership');
    await on(id, 'assign', { agentId: walkId('somebody else') }, 'supervisor');
    expect(refused(await on(id, 'respond', { byHuman: true }))).toEqual([403, 'FORBIDDEN']);
    expect((await on(id, 'respond', { byHuman: true }, 'supervisor')).status).toBe(200);
  });
});

describe('a new case', { timeout: 60_000 }, () => {
  it('of an unknown caller has a party of its own', async () => {
    const { json } = await desk.post('/api/cases', openingOf());
    expect(json['customerId']).toBe(uuid5(json['id'] as string, 'customer'));
  });

  it('is opened once for an interaction', async () => {
    const body = openingOf({ interactionId: walkId('call'), customerId: walkId('caller') });
    const first = await desk.post('/api/cases', body);
    const again = await desk.post('/api/cases', body);
    expect([first.status, again.status, again.json['id']]).toEqual([201, 201, first.json['id']]);
    expect(again.headers.get('idempotent-replay')).toBe('true');
    const other = await desk.post('/api/cases', { ...body, priority: 'LOW' });
    expect(refused(other)).toEqual([409, 'ALREADY_EXISTS']);
  });

  it('follows only a closed one of the same customer', async () => {
    const id = await openCase('followed');
    const follow = async (more: object = {}) => {
      const customerId = walkId('customer of followed');
      return refused(await desk.post('/api/cases', openingOf({ followsCaseId: id, customerId, ...more })));
    };
    expect(await follow()).toEqual([422, 'CASE_NOT_CLOSED']);
    expect(await follow({ customerId: walkId('another') })).toEqual([422, 'CUSTOMER_MISMATCH']);
    expect(await follow({ followsCaseId: walkId('nothing') })).toEqual([422, 'UNKNOWN_CASE']);
  });

  it('is the fiftieth at most that a customer has open', async () => {
    const customerId = walkId('busy');
    for (let n = 0; n < 50; n++)
      expect((await desk.post('/api/cases', openingOf({ customerId }))).status).toBe(201);
    await until('all fifty are in the list', async () => {
      const { json } = await desk.get(`/api/cases?customerId=${customerId}&status=New&limit=100`);
      return (json['items'] as object[]).length === 50;
    });
    const { json } = await desk.post('/api/cases', openingOf({ customerId }));
    expect(json).toMatchObject({ status: 422, code: 'LIMIT_EXCEEDED', limit: 'openCases', value: 50 });
  });
});

describe('the commands of a complaint', { timeout: 60_000 }, () => {
  const register = async (name: string, more: object = {}) => {
    const body = complaintOf({ customerId: walkId(`customer of ${name}`), ...more });
    const answer = await desk.post('/api/complaints', body);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.json['id'] as string;
  };
  const tell = (id: string, command: string, body: object = {}, role = 'agent') =>
    desk.post(`/api/complaints/${id}/${command}`, body, role);
  const yuan = (minor: number) => ({ minor, currency: 'CNY' });

  it('are all there, by their routes', async () => {
    const [id, second, third] = [await register('all'), await register('all'), await register('all')];
    const done = async (complaint: string, command: string, body: object, status: string) => {
      const answer = await tell(complaint, command, body);
      expect([command, answer.status, answer.text]).toEqual([command, 200, expect.any(String)]);
      expect((await desk.get(`/api/complaints/${complaint}`)).json['status']).toBe(status);
    };
    for (const one of [id, second, third]) await done(one, 'acknowledge', {}, 'Acknowledged');
    await done(id, 'investigate', { rootCause: 'A loose wire', fault: 'OURS' }, 'Investigating');
    await done(id, 'offer-remedy', { kind: 'REFUND', value: yuan(100) }, 'RemedyOffered');
    await done(id, 'decline-remedy', { reason: 'Too little' }, 'Investigating');
    await done(id, 'offer-remedy', { kind: 'APOLOGY' }, 'RemedyOffered');
    await done(id, 'accept-remedy', {}, 'Settled');
    await done(second, 'investigate', { rootCause: 'None found', fault: 'NONE' }, 'Investigating');
    await done(second, 'reject', { reason: 'It works' }, 'Rejected');
    await done(third, 'escalate', { body: 'Consumer office' }, 'EscalatedExternally');
    expect(refused(await tell(third, 'acknowledge'))).toEqual([409, 'ILLEGAL_STATE']);
  });

  it('grant what the role may grant', async () => {
    const id = await register('grants');
    await tell(id, 'acknowledge');
    const offer = (body: object, role?: string) => tell(id, 'offer-remedy', body, role);
    const more = await offer({ kind: 'REFUND', value: yuan(20_001) });
    expect(more.json).toMatchObject({ status: 403, needs: ['supervisor', 'admin'] });
    expect((await offer({ kind: 'POINTS', points: 10_001 }, 'supervisor')).json).toMatchObject({
      status: 403,
      needs: [],
    });
    expect(refused(await offer({ kind: 'REFUND', value: { minor: 1, currency: 'EUR' } }))).toEqual([
      422,
      'CURRENCY_MISMATCH',
    ]);
    expect(refused(await offer({ kind: 'POINTS' }))).toEqual([400, 'INVALID']);
    expect((await offer({ kind: 'REFUND', value: yuan(200_000) }, 'supervisor')).status).toBe(200);
  });

  it('refuse the case of another customer', async () => {
    const caseId = await openCase('complained');
    const body = complaintOf({ customerId: walkId('another'), caseId });
    expect(refused(await desk.post('/api/complaints', body))).toEqual([422, 'CUSTOMER_MISMATCH']);
    expect(refused(await desk.post('/api/complaints', complaintOf()))).toEqual([400, 'INVALID']);
    await register('complained', { caseId });
  });

  it('are listed by case, topic and severity', async () => {
    const caseId = await openCase('listed');
    const id = await register('listed', { caseId, topic: 'STAFF', severity: 'LOW' });
    await register('listed', { topic: 'PRICE' });
    const found = async (query: string) => {
      const { json } = await desk.get(`/api/complaints?customerId=${walkId('customer of listed')}&${query}`);
      return (json['items'] as { id: string }[]).map((item) => item.id);
    };
    await until('both are listed', async () => (await found('')).length === 2);
    for (const query of [`caseId=${caseId}`, 'topic=STAFF', 'severity=LOW', 'topic=STAFF,BILLING'])
      expect(await found(query)).toEqual([id]);
    expect(await found('topic=BILLING')).toEqual([]);
  });
});

describe('what is shown of cases', { timeout: 60_000 }, () => {
  it("is the customer's own words for those who may see them, and nothing in the log", async () => {
    const id = await openCase('words');
    expect((await read(id, 'supervisor'))['state'].subject).toBe('Secret words');
    const masked = await read(id, 'ops');
    expect(masked['state'].subject).toBeNull();
    expect(masked['masked']).toMatchObject({ '/subject': 'role' });
    expect(JSON.stringify(await desk.events(`case-${id}`, 4))).not.toContain('Secret');
  });

  it('are lists by agent, queue, priority, category, breach and due time', async () => {
    const customerId = walkId('customer of lists');
    const urgent = await openCase('lists', { priority: 'URGENT', category: 'OUTAGE' });
    const low = await openCase('lists', { priority: 'LOW' });
    const queueId = walkId('queue');
    await on(urgent, 'assign', { agentId, queueId });
    await desk.close('2026-03-17');
    await desk.events(`case-${urgent}`, 8);
    const found = async (query: string) => {
      const { json } = await desk.get(`/api/cases?customerId=${customerId}&sort=createdAt&${query}`);
      return (json['items'] as { id: string }[]).map((item) => item.id).toSorted();
    };
    await until('the breach is listed', async () => (await found('breached=true')).length === 2);
    for (const query of [`owner=${agentId}`, `queueId=${queueId}`, 'priority=URGENT', 'category=OUTAGE'])
      expect([query, await found(query)]).toEqual([query, [urgent]]);
    expect(await found('priority=LOW,URGENT')).toEqual([low, urgent].toSorted());
    // URGENT: first response due at 09:30, LOW: at 18:00; both broke that day.
    expect(await found('dueTo=2026-03-17T10:00:00Z')).toEqual([urgent]);
    expect(await found('dueTo=2026-03-17T09:30:00Z')).toEqual([]);
    expect(await found('breached=false')).toEqual([]);
    const { json } = await desk.get(`/api/cases?customerId=${customerId}&sort=dueAt`);
    expect((json['items'] as { id: string; dueAt: string }[])[0]).toMatchObject({
      ...{ id: urgent, dueAt: '2026-03-17T09:30:00.000Z', owner: agentId, priority: 'URGENT', breached: 1 },
    });
  });
});

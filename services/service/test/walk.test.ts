// The tour's one case and one complaint, over HTTP: every instant is the one that the tour states.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/e2e/server.ts';
import { startDesk, walkId, type Desk } from './desk.ts';

const K = walkId('case-1');
const Q = walkId('complaint-1');
const C = walkId('customer');
const A3 = walkId('order-3');
const agentId = walkId('agent-1');

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk(temporaryFolder());
}, 60_000);
afterAll(() => desk.stop());

const step = async (path: string, body: object = {}, role = 'agent') => {
  const answer = await desk.post(path, body, role);
  expect(answer.json, `${path}: ${answer.text}`).toMatchObject({ id: expect.any(String) });
  return answer;
};

const told = async (count: number) =>
  (await desk.events(`case-${K}`, count)).map(({ type, occurredAt, actor, data }) => ({
    type,
    at: occurredAt,
    by: actor.kind,
    data,
  }));

describe('the case of the tour', { timeout: 60_000 }, () => {
  it('keeps the time that was promised, to the minute', async () => {
    await desk.close('2026-03-16');
    // 39
    const opened = await step('/api/cases', {
      caseId: K,
      customerId: C,
      channel: 'EMAIL',
      category: 'PRODUCT_FAULT',
      priority: 'NORMAL',
      subject: 'The meter shows nothing',
      orderId: A3,
    });
    expect(opened.status).toBe(201);
    const start = await told(4);
    expect(start.map(({ type, at, by }) => [type, at, by])).toEqual([
      ['CaseOpened', '2026-03-17T00:00:00.000Z', 'user'],
      ['EntitlementVerified', '2026-03-17T00:00:00.000Z', 'process'],
      ['SlaClockStarted', '2026-03-17T00:00:00.000Z', 'process'],
      ['SlaClockStarted', '2026-03-17T00:00:00.000Z', 'process'],
    ]);
    expect(start[1]?.data).toMatchObject({
      ...{ slaPolicyId: 'standard', slaPolicyVersion: 1 },
      ...{ calendarId: 'business', calendarVersion: 1, serviceContractId: null },
    });
    expect(start[2]?.data).toMatchObject({
      ...{ kind: 'FIRST_RESPONSE', targetMinutes: 240, dueAt: '2026-03-17T14:00:00.000Z' },
    });
    expect(start[3]?.data).toMatchObject({
      ...{ kind: 'RESOLUTION', targetMinutes: 2400, dueAt: '2026-03-23T18:00:00.000Z' },
    });
    // 40, 41
    await step(`/api/cases/${K}/assign`, { agentId });
    await desk.close('2026-03-17');
    const breached = await told(7);
    expect(breached.slice(4).map(({ type, at, by }) => [type, at, by])).toEqual([
      ['CaseAssigned', '2026-03-17T00:00:00.000Z', 'user'],
      ['SlaBreached', '2026-03-17T14:00:00.000Z', 'clock'],
      ['CaseEscalated', '2026-03-17T14:00:00.000Z', 'process'],
    ]);
    expect(breached[4]?.data).toMatchObject({ agentId, ruleId: 'manual' });
    expect(breached[5]?.data).toMatchObject({ kind: 'FIRST_RESPONSE' });
    expect(breached[6]?.data).toMatchObject({ level: 1, reasonCode: 'SLA_FIRST' });
    // 42, 43
    await step(`/api/cases/${K}/respond`, { byHuman: true, occurredAt: '2026-03-17T15:30:00Z' });
    await step(`/api/cases/${K}/pend-on-customer`, {
      question: 'Which colour is the lamp?',
      occurredAt: '2026-03-17T16:30:00Z',
    });
    const pending = (await desk.get(`/api/cases/${K}`)).json;
    expect(pending).toMatchObject({ status: 'PendingCustomer', state: { level: 1, answered: true } });
    expect(pending['state'].clocks).toMatchObject([{ kind: 'RESOLUTION', dueAt: null, breached: false }]);
  });

  it('settles the complaint with points', async () => {
    // 44 – 47
    await step('/api/complaints', {
      complaintId: Q,
      customerId: C,
      caseId: K,
      topic: 'PRODUCT',
      severity: 'MEDIUM',
      channel: 'EMAIL',
      text: 'It has never worked.',
      occurredAt: '2026-03-17T17:00:00Z',
    });
    await step(`/api/complaints/${Q}/acknowledge`);
    await step(`/api/complaints/${Q}/offer-remedy`, {
      kind: 'DISCOUNT',
      value: { minor: 5000, currency: 'CNY' },
    });
    await desk.close('2026-03-18');
    await step(`/api/complaints/${Q}/decline-remedy`, { reason: 'Not enough' });
    expect((await desk.get(`/api/complaints/${Q}`)).json).toMatchObject({
      status: 'Investigating',
      state: { withinHours: '7.0', offers: [{ kind: 'DISCOUNT', outcome: 'DECLINED' }] },
    });
    // 48, 49
    await desk.close('2026-03-19');
    await step(`/api/complaints/${Q}/offer-remedy`, { kind: 'POINTS', points: 300 });
    await step(`/api/complaints/${Q}/accept-remedy`);
    const settled = await desk.events(`complaint-${Q}`, 6);
    expect(settled.at(-1)).toMatchObject({
      type: 'RemedyAccepted',
      data: { complaintId: Q, kind: 'POINTS', points: 300, value: null },
    });
    expect((await desk.get(`/api/complaints/${Q}`)).json).toMatchObject({
      status: 'Settled',
      allowedCommands: [],
    });
  });

  it('runs on when the customer answers, and breaks once', async () => {
    // 50, 51
    await step(`/api/cases/${K}/record-customer-reply`, { occurredAt: '2026-03-19T11:00:00Z' });
    const replied = (await told(11)).slice(9);
    expect(replied[0]).toMatchObject({
      type: 'CustomerReplyReceived',
      data: { resumed: [{ dueAt: '2026-03-25T13:30:00.000Z' }] },
    });
    expect(replied[1]).toMatchObject({
      type: 'SlaClockStarted',
      at: '2026-03-19T11:00:00.000Z',
      data: { kind: 'NEXT_RESPONSE', targetMinutes: 480, dueAt: '2026-03-20T11:00:00.000Z' },
    });
    await step(`/api/cases/${K}/respond`, { byHuman: true });
    // 52, 55
    await desk.close('2026-03-20');
    await desk.close('2026-03-25');
    const broken = (await told(14)).slice(12);
    expect(broken.map(({ type, at, by }) => [type, at, by])).toEqual([
      ['SlaBreached', '2026-03-25T13:30:00.000Z', 'clock'],
      ['CaseEscalated', '2026-03-25T13:30:00.000Z', 'process'],
    ]);
    expect(broken[0]?.data).toMatchObject({ kind: 'RESOLUTION' });
    expect(broken[1]?.data).toMatchObject({ level: 2, reasonCode: 'SLA_RESOLUTION' });
    // 58
    await desk.close('2026-03-31');
    expect((await told(15)).slice(14)).toMatchObject([
      {
        type: 'CaseEscalated',
        at: '2026-03-27T13:30:00.000Z',
        by: 'clock',
        data: { level: 3, reasonCode: 'SLA_OVERDUE' },
      },
    ]);
  });

  it('closes a week after it was resolved', async () => {
    // 69, 70
    await desk.close('2026-05-19');
    await step(`/api/cases/${K}/resolve`, { resolutionCode: 'REPLACED', firstContact: false });
    await desk.close('2026-05-26');
    expect((await desk.get(`/api/cases/${K}`)).json).toMatchObject({
      status: 'Resolved',
      allowedCommands: ['RecordCustomerReply', 'CloseCase', 'ReopenCase'],
    });
    await desk.close('2026-05-27');
    const all = await told(17);
    expect(all.slice(15).map(({ type, at, by }) => [type, at, by])).toEqual([
      ['CaseResolved', '2026-05-20T00:00:00.000Z', 'user'],
      ['CaseClosed', '2026-05-28T00:00:00.000Z', 'clock'],
    ]);
    expect(all).toHaveLength(17);
  });
});

// Rows 39–52: a case and a complaint; promises kept and broken.
import { AGENT, C, K, money, Q } from '../ids.ts';
import type { ExpectedEvent, WalkCommand, WalkStep } from '../step.ts';
import { A3 } from './orders.ts';
import { cleared, moved, points, raised, risk } from './parts.ts';

const role = 'agent' as const;
const kase = `/cases/${K}`;
const complaint = `/complaints/${Q}`;

const clock = (kind: string, targetMinutes: number, dueAt: string): ExpectedEvent => ({
  type: 'SlaClockStarted',
  data: { kind, targetMinutes, dueAt },
});
const breach = (kind: string): ExpectedEvent => ({ type: 'SlaBreached', data: { kind } });
const escalated = (level: number): ExpectedEvent => ({ type: 'CaseEscalated', data: { level } });

const step = (
  row: number,
  on: string,
  what: string,
  command: WalkCommand,
  events: readonly ExpectedEvent[],
  after: ReturnType<NonNullable<WalkStep['after']>> = [],
): WalkStep => ({ row, on, role, what, commands: () => [command], events: () => events, after: () => after });

const asking: readonly WalkStep[] = [
  {
    row: 39,
    on: '2026-03-17',
    role,
    what: 'a meter does not work: she writes',
    commands: (known) => [
      {
        path: '/cases',
        body: {
          caseId: K,
          customerId: C,
          channel: 'EMAIL',
          category: 'PRODUCT_FAULT',
          priority: 'NORMAL',
          subject: 'The meter shows nothing',
          orderId: A3(known),
        },
      },
    ],
    events: () => [
      'CaseOpened',
      {
        type: 'EntitlementVerified',
        data: { slaPolicyId: 'standard', slaPolicyVersion: 1, calendarId: 'business' },
      },
      clock('FIRST_RESPONSE', 240, '2026-03-17T14:00:00.000Z'),
      clock('RESOLUTION', 2_400, '2026-03-23T18:00:00.000Z'),
    ],
    after: () => [{ get: kase, has: { status: 'New' } }],
  },
  step(
    40,
    '2026-03-17',
    'an agent takes the case',
    { path: `${kase}/assign`, body: { agentId: AGENT } },
    ['CaseAssigned'],
    [{ get: kase, has: { status: 'Assigned' } }],
  ),
  {
    row: 41,
    on: '2026-03-17',
    role: 'admin',
    what: 'nobody answers in time: the day ends',
    close: '2026-03-17',
    events: () => [breach('FIRST_RESPONSE'), escalated(1)],
    after: () => [risk(0, 'LOW', 'LOW')],
  },
  step(
    42,
    '2026-03-18',
    'the agent answered the day before, at 15:30',
    { path: `${kase}/respond`, body: { byHuman: true, occurredAt: '2026-03-17T15:30:00Z' } },
    [{ type: 'CaseResponded', data: { first: true } }],
    [{ get: kase, has: { status: 'InProgress' } }],
  ),
  step(
    43,
    '2026-03-18',
    'and asked something at 16:30',
    {
      path: `${kase}/pend-on-customer`,
      body: { question: 'Which lamp is lit?', occurredAt: '2026-03-17T16:30:00Z' },
    },
    ['CasePendedOnCustomer'],
    [{ get: kase, has: { status: 'PendingCustomer' } }],
  ),
];

const complaining: readonly WalkStep[] = [
  step(
    44,
    '2026-03-18',
    'she complained at 17:00',
    {
      path: '/complaints',
      body: {
        complaintId: Q,
        customerId: C,
        caseId: K,
        topic: 'PRODUCT',
        severity: 'MEDIUM',
        channel: 'EMAIL',
        text: 'I have been waiting all day.',
        occurredAt: '2026-03-17T17:00:00Z',
      },
    },
    ['ComplaintRegistered'],
  ),
  step(45, '2026-03-18', 'the complaint is acknowledged', { path: `${complaint}/acknowledge`, body: {} }, [
    { type: 'ComplaintAcknowledged', data: { withinHours: '7.0' } },
  ]),
  step(
    46,
    '2026-03-18',
    'a discount is offered',
    { path: `${complaint}/offer-remedy`, body: { kind: 'DISCOUNT', value: money(5_000) } },
    ['RemedyOffered'],
  ),
  step(
    47,
    '2026-03-19',
    'she declines: a sign of churn',
    { path: `${complaint}/decline-remedy`, body: { reason: 'I want it to work.' } },
    ['RemedyDeclined', raised('COMPLAINT_UNSETTLED', 3), moved('LOW', 'MEDIUM')],
    [{ get: complaint, has: { status: 'Investigating' } }, risk(45, 'MEDIUM', 'MEDIUM')],
  ),
  step(
    48,
    '2026-03-20',
    'points are offered',
    { path: `${complaint}/offer-remedy`, body: { kind: 'POINTS', points: 300 } },
    ['RemedyOffered'],
  ),
  step(
    49,
    '2026-03-20',
    'she accepts: points at once, and the sign is gone',
    { path: `${complaint}/accept-remedy`, body: {} },
    [
      'RemedyAccepted',
      { type: 'PointsAccrued', data: { points: 300, sourceType: 'COMPLAINT_REMEDY' } },
      cleared('COMPLAINT_UNSETTLED'),
      moved('MEDIUM', 'LOW'),
    ],
    [{ get: complaint, has: { status: 'Settled' } }, points(1_480, 1_446), risk(0, 'LOW', 'LOW')],
  ),
];

const answering: readonly WalkStep[] = [
  step(
    50,
    '2026-03-20',
    'her reply of the day before, 11:00: the clock runs on',
    { path: `${kase}/record-customer-reply`, body: { occurredAt: '2026-03-19T11:00:00Z' } },
    [
      { type: 'CustomerReplyReceived', data: { resumed: [{ dueAt: '2026-03-25T13:30:00.000Z' }] } },
      clock('NEXT_RESPONSE', 480, '2026-03-20T11:00:00.000Z'),
    ],
  ),
  step(51, '2026-03-20', 'the agent answers', { path: `${kase}/respond`, body: { byHuman: true } }, [
    'CaseResponded',
  ]),
  {
    row: 52,
    on: '2026-03-20',
    role: 'admin',
    what: 'the return window of the second order is over',
    close: '2026-03-20',
    events: () => ['PointsUnlocked', 'OrderClosed'],
    after: () => [points(2_050, 876)],
  },
];

export const serving: readonly WalkStep[] = [...asking, ...complaining, ...answering];

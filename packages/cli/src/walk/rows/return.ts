// Rows 53–60: pieces come back, promises break, and the merge is undone.
import { C, LEAD_1, LEAD_2, money, R, walkId, Y } from '../ids.ts';
import type { WalkStep } from '../step.ts';
import { A3 } from './orders.ts';
import { lifecycle, moved, points, raised, risk, whole } from './parts.ts';

const role = 'agent' as const;
const back = `/returns/${R}`;
const lines = [{ lineId: walkId('a3-pack'), qty: 5 }];

export const returning: readonly WalkStep[] = [
  {
    row: 53,
    on: '2026-03-23',
    role,
    what: 'five packs are to come back',
    commands: (known) => [
      { path: '/returns', body: { returnId: R, orderId: A3(known), lines, reasonCode: 'DEFECT' } },
    ],
    events: () => ['ReturnRequested', 'ReturnReserved'],
    after: () => [{ get: back, has: { status: 'Requested', customerId: C } }],
  },
  {
    row: 54,
    on: '2026-03-24',
    role,
    what: 'the return is approved',
    commands: () => [{ path: `${back}/approve`, body: {} }],
    events: () => ['ReturnApproved'],
    after: () => [{ get: back, has: { status: 'Approved' } }],
  },
  {
    row: 55,
    on: '2026-03-25',
    role: 'admin',
    what: 'the case is not solved in time: the day ends',
    close: '2026-03-25',
    events: () => [
      { type: 'SlaBreached', data: { kind: 'RESOLUTION' } },
      { type: 'CaseEscalated', data: { level: 2 } },
      raised('SLA_BREACHES', 2),
    ],
    after: () => [risk(14, 'LOW', 'LOW')],
  },
  {
    row: 56,
    on: '2026-03-26',
    role,
    what: 'the packs arrive',
    commands: () => [{ path: `${back}/receive`, body: { lines, condition: 'unopened' } }],
    events: () => ['ReturnReceived'],
    after: () => [{ get: back, has: { status: 'Received' } }],
  },
  {
    row: 57,
    on: '2026-03-27',
    role,
    what: 'the money goes back, and the points with it',
    commands: () => [{ path: `${back}/issue-refund`, body: { amount: money(21_470), lines } }],
    events: () => [
      { type: 'RefundIssued', data: { amount: money(21_470) } },
      { type: 'PointsReversed', data: { points: 190, shortfall: 0, cause: 'RETURN' } },
    ],
    after: () => [
      points(2_050, 686, { tierId: 'SILVER' }),
      whole({ slices: { order: { net: [money(275_268)] } } }),
    ],
  },
  {
    row: 58,
    on: '2026-03-31',
    role: 'admin',
    what: 'the case has been open for two weeks',
    close: '2026-03-31',
    // The last step of the ladder was due on the 27th.
    events: () => [
      { type: 'CaseEscalated', data: { level: 3 } },
      raised('CASE_UNRESOLVED', 2),
      moved('LOW', 'MEDIUM'),
    ],
    after: () => [risk(29, 'MEDIUM', 'MEDIUM')],
  },
  {
    row: 59,
    on: '2026-04-07',
    role: 'supervisor',
    what: 'they were two people after all: the merge is undone',
    commands: ({ mergeId = '' }) => [
      { path: `/customers/${C}/unmerge`, body: { mergeId, reason: 'two colleagues share the telephone' } },
    ],
    events: () => ['CustomersUnmerged', 'CustomerRestored'],
    after: () => [
      {
        get: `/customers/${Y}/360`,
        has: {
          slices: { lead: { leads: [{ leadId: LEAD_2, status: 'New' }] }, customer: { status: 'Bare' } },
          summary: lifecycle('POTENTIAL', 'EXPLORATION'),
        },
      },
      whole({ slices: { lead: { leads: [{ leadId: LEAD_1, status: 'Converted' }] } } }),
    ],
  },
  {
    row: 60,
    on: '2026-04-15',
    role: 'admin',
    what: 'the return window of the third order is over',
    close: '2026-04-15',
    events: () => ['PointsUnlocked', 'PointsUnlocked', 'OrderClosed'],
    after: () => [points(2_736, 0)],
  },
];

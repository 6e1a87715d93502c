// Rows 61–70: she is about to leave, and stays.
import { AGENT, C, K, line, money } from '../ids.ts';
import { idIn, type WalkStep } from '../step.ts';
import { A4, confirm, fulfil, place } from './orders.ts';
import { cleared, lifecycle, moved, points, raised, risk, whole } from './parts.ts';

const role = 'agent' as const;

const day = (
  row: number,
  on: string,
  what: string,
  rest: Pick<WalkStep, 'events' | 'after' | 'learn'>,
): WalkStep => ({
  row,
  on,
  role: 'admin',
  what,
  close: on,
  ...rest,
});

const falling: readonly WalkStep[] = [
  day(61, '2026-04-17', 'the case has been open for a month', {
    events: () => [raised('CASE_UNRESOLVED', 3)],
    after: () => [risk(38, 'MEDIUM', 'MEDIUM')],
  }),
  day(62, '2026-04-30', 'she has not ordered for longer than she uses to', {
    events: () => [raised('PURCHASE_GAP', 2)],
    after: () => [risk(52, 'MEDIUM', 'MEDIUM')],
  }),
  day(63, '2026-05-12', 'much longer: somebody has to keep her', {
    events: () => [
      raised('PURCHASE_GAP', 3),
      moved('MEDIUM', 'HIGH', 61),
      { type: 'RetentionCaseOpened', data: { ownerId: AGENT, riskLevel: 'HIGH' } },
    ],
    learn: (events) => ({ RC: idIn(events, 'RetentionCaseOpened', 'retentionCaseId') }),
    after: ({ RC = '' }) => [
      {
        get: `/customers/${C}/churn`,
        has: {
          score: 61,
          level: 'HIGH',
          published: { level: 'HIGH' },
          signals: [
            { code: 'PURCHASE_GAP', severity: 3, contribution: 24 },
            { code: 'CASE_UNRESOLVED', severity: 3, contribution: 16 },
            { code: 'SLA_BREACHES', severity: 2, contribution: 3 },
          ],
          protective: [{ code: 'REMEDY_ACCEPTED' }],
        },
      },
      { get: `/retention-cases/${RC}`, has: { status: 'Opened', customerId: C } },
      whole({
        summary: {
          ...lifecycle('ACTUAL', 'DECLINE'),
          rfm: { r: 4, f: 3, m: 4 },
          nextActions: [{ code: 'RETENTION_CALL' }, { code: 'CASE_RESOLVE' }, { code: 'POINTS_USE' }],
        },
      }),
    ],
  }),
];

const staying: readonly WalkStep[] = [
  {
    row: 64,
    on: '2026-05-13',
    role,
    what: 'the agent offers to make up for it',
    commands: ({ RC = '' }) => [
      {
        path: `/retention-cases/${RC}/make-retention-offer`,
        body: { kind: 'SERVICE_RECOVERY', cost: money(10_000) },
      },
    ],
    events: () => ['RetentionOfferMade'],
    after: ({ RC = '' }) => [{ get: `/retention-cases/${RC}`, has: { status: 'Offered' } }],
  },
  {
    ...place(65, '2026-05-15', A4, {
      channel: 'PHONE',
      lines: [
        line('meter', 'a4-meter', { qty: 1, tax: 5_460, total: 47_460 }),
        line('pack', 'a4-pack', { qty: 10, tax: 4_940, total: 42_940 }),
      ],
      total: 90_400,
      also: ['CustomerSaved', cleared('PURCHASE_GAP'), moved('HIGH', 'MEDIUM', 36)],
      after: ({ RC = '' }) => [
        { get: `/retention-cases/${RC}`, has: { status: 'Saved' } },
        risk(36, 'MEDIUM', 'MEDIUM'),
        whole({ summary: lifecycle('ACTUAL', 'BUILD_UP') }),
      ],
    }),
    what: 'she orders by telephone: she stays',
  },
  day(66, '2026-05-16', 'the first broken promise is forgotten', {
    events: () => [cleared('SLA_BREACHES')],
    after: () => [risk(32, 'MEDIUM', 'MEDIUM')],
  }),
  confirm(67, '2026-05-18', A4),
  fulfil(68, '2026-05-18', A4, {
    lots: [420, 380],
    after: () => [points(2_736, 800, { tierId: 'SILVER' })],
  }),
  {
    row: 69,
    on: '2026-05-20',
    role,
    what: 'the meter is replaced: the case is solved',
    commands: () => [
      { path: `/cases/${K}/resolve`, body: { resolutionCode: 'REPLACED', firstContact: false } },
    ],
    events: () => ['CaseResolved', cleared('CASE_UNRESOLVED'), moved('MEDIUM', 'LOW', 0)],
    after: () => [{ get: `/cases/${K}`, has: { status: 'Resolved' } }, risk(0, 'LOW', 'LOW')],
  },
  day(70, '2026-05-27', 'a week later the case is closed for good', {
    events: () => ['CaseClosed'],
    after: () => [
      whole({
        slices: { order: { net: [money(365_668)] } },
        summary: {
          ...lifecycle('ACTUAL', 'BUILD_UP'),
          rfm: { r: 5, f: 3, m: 5 },
          dataQuality: { score: 90 },
          nextActions: [{ code: 'POINTS_USE' }],
        },
      }),
      points(2_736, 800),
    ],
  }),
];

export const churning: readonly WalkStep[] = [...falling, ...staying];

// Rows 18–26: the deal, from discovery to the order.
import { C, line, money, O } from '../ids.ts';
import { idIn, type WalkStep } from '../step.ts';
import { lifecycle, whole } from './parts.ts';

const deal = `/opportunities/${O}`;
const role = 'agent' as const;

const stage = (row: number, on: string, toStageId: string, probabilityPct: number): WalkStep => ({
  row,
  on,
  role,
  what: `the deal moves on: ${toStageId}`,
  commands: () => [{ path: `${deal}/change-stage`, body: { toStageId } }],
  events: () => [{ type: 'OpportunityStageChanged', data: { toStageId, probabilityPct } }],
  after: () => [whole({ slices: { opportunity: { open: [{ stageId: toStageId, probabilityPct }] } } })],
});

const forecast = (row: number, on: string, category: string): WalkStep => ({
  row,
  on,
  role,
  what: `the forecast: ${category}`,
  commands: () => [
    {
      path: `${deal}/revise-forecast`,
      body: { amount: money(133_340), expectedCloseOn: '2026-01-16', category },
    },
  ],
  events: () => ['OpportunityForecastRevised'],
});

export const winning: readonly WalkStep[] = [
  stage(18, '2026-01-08', 'solution', 30),
  {
    row: 19,
    on: '2026-01-09',
    role,
    what: 'two meters and ten packs',
    commands: () => [
      {
        path: `${deal}/revise-lines`,
        body: {
          lines: [
            line('meter', 'a1-meter', { qty: 2, discount: 4_000, tax: 10_400, total: 90_400 }),
            line('pack', 'a1-pack', { qty: 10, tax: 4_940, total: 42_940 }),
          ],
          total: money(133_340),
        },
      },
    ],
    events: () => [{ type: 'OpportunityLinesRevised', data: { total: money(133_340) } }],
  },
  stage(20, '2026-01-09', 'proposal', 50),
  {
    row: 21,
    on: '2026-01-12',
    role,
    what: 'the price is too high; a discount on the meters answers it',
    commands: () => [
      {
        path: `${deal}/record-objection`,
        body: { kind: 'PRICE', nature: 'TRUE', response: 'discount on the meters' },
      },
    ],
    events: () => ['ObjectionRecorded'],
  },
  forecast(22, '2026-01-12', 'BEST_CASE'),
  stage(23, '2026-01-12', 'negotiation', 75),
  forecast(24, '2026-01-13', 'COMMIT'),
  stage(25, '2026-01-13', 'commit', 90),
  {
    row: 26,
    on: '2026-01-14',
    role,
    what: 'the deal is won, and becomes an order',
    commands: () => [{ path: `${deal}/mark-won`, body: {} }],
    events: () => [
      { type: 'OpportunityWon', data: { amount: money(133_340) } },
      { type: 'OrderPlaced', data: { channel: 'DIRECT', opportunityId: O, promisedOn: '2026-01-21' } },
    ],
    learn: (events) => ({ A1: idIn(events, 'OrderPlaced', 'orderId') }),
    after: ({ A1 = '' }) => [
      { get: deal, has: { status: 'Won' } },
      { get: `/orders/${A1}`, has: { status: 'Placed', customerId: C } },
      whole({ summary: { ...lifecycle('TARGET', 'EXPLORATION'), rhythm: { orderDays: 1 } } }),
    ],
  },
];

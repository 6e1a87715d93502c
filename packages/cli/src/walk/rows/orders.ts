// Rows 27–38: three orders, points, and a second lead that turns out to be the same person.
import { C, LEAD_1, LEAD_2, line, money, walkId, Y } from '../ids.ts';
import type { ExpectedEvent, Known, WalkStep } from '../step.ts';
import { idIn } from '../step.ts';
import { lifecycle, points, whole } from './parts.ts';

const role = 'agent' as const;

/** An order in the course of the walk: its id is known beforehand, or was made by the platform. */
type OrderOf = (known: Known) => string;
const order =
  (name: string): OrderOf =>
  () =>
    walkId(name);
export const A2 = order('order-2');
export const A3 = order('order-3');
export const A4 = order('order-4');
const A1: OrderOf = ({ A1: id = '' }) => id;

type Placed = {
  readonly channel: string;
  readonly lines: readonly object[];
  readonly total: number;
  readonly also?: readonly ExpectedEvent[];
  readonly after: WalkStep['after'];
};

export const place = (
  row: number,
  on: string,
  orderOf: OrderOf,
  { channel, lines, total, also = [], after }: Placed,
): WalkStep => ({
  row,
  on,
  role,
  what: `she orders for ${(total / 100).toFixed(2)}`,
  commands: (known) => [
    {
      path: '/orders',
      body: { orderId: orderOf(known), customerId: C, channel, lines, total: money(total) },
    },
  ],
  events: () => ['OrderPlaced', ...also],
  ...(after && { after }),
});

export const confirm = (row: number, on: string, orderOf: OrderOf): WalkStep => ({
  row,
  on,
  role,
  what: 'the order is confirmed',
  commands: (known) => [{ path: `/orders/${orderOf(known)}/confirm`, body: {} }],
  events: () => ['OrderConfirmed'],
  after: (known) => [{ get: `/orders/${orderOf(known)}`, has: { status: 'Confirmed' } }],
});

const accrued = (amount: number): ExpectedEvent => ({ type: 'PointsAccrued', data: { points: amount } });

export const fulfil = (
  row: number,
  on: string,
  orderOf: OrderOf,
  {
    lots,
    also = [],
    after,
  }: { lots: readonly number[]; also?: readonly ExpectedEvent[]; after: WalkStep['after'] },
): WalkStep => ({
  row,
  on,
  role,
  what: 'all of it is delivered: points',
  commands: (known) => [{ path: `/orders/${orderOf(known)}/complete-fulfilment`, body: {} }],
  events: () => ['OrderFulfilled', ...lots.map(accrued), ...also],
  ...(after && { after }),
});

const days = (orderDays: number, mean: number) => whole({ summary: { rhythm: { orderDays, mean } } });

const buying: readonly WalkStep[] = [
  confirm(27, '2026-01-15', A1),
  {
    row: 28,
    on: '2026-01-16',
    role,
    what: 'the meters are delivered',
    commands: (known) => [
      {
        path: `/orders/${A1(known)}/record-fulfilment`,
        body: { lines: [{ lineId: walkId('a1-meter'), qty: 2 }] },
      },
    ],
    events: () => ['OrderLinesFulfilled'],
    after: (known) => [{ get: `/orders/${A1(known)}`, has: { status: 'PartiallyFulfilled' } }],
  },
  fulfil(29, '2026-01-19', A1, {
    lots: [800, 380],
    also: [
      { type: 'MemberEnrolled', data: { tierId: 'BRONZE' } },
      {
        type: 'TierChanged',
        data: { direction: 'UP', toTierId: 'SILVER', qualifyingValue: '1180', period: '2026' },
      },
    ],
    after: () => [
      whole({
        slices: { order: { net: [money(133_340)] } },
        summary: lifecycle('ACTUAL', 'EXPLORATION'),
      }),
      points(0, 1_180, { tierId: 'SILVER', nextExpiry: { on: '2027-12-31', points: 1_180 } }),
    ],
  }),
  place(30, '2026-02-16', A2, {
    channel: 'WEB_SHOP',
    lines: [line('pack', 'a2-pack', { qty: 15, tax: 7_410, total: 64_410 })],
    total: 64_410,
    after: () => [days(2, 33)],
  }),
  confirm(31, '2026-02-17', A2),
  fulfil(32, '2026-02-18', A2, {
    lots: [570],
    after: () => [whole({ summary: lifecycle('ACTUAL', 'BUILD_UP') }), points(0, 1_750)],
  }),
  {
    row: 33,
    on: '2026-02-18',
    role: 'admin',
    what: 'the return window of the first order is over',
    close: '2026-02-18',
    events: () => ['PointsUnlocked', 'PointsUnlocked', 'OrderClosed'],
    after: () => [points(1_180, 570), whole({ summary: { rfm: { r: 5, f: 2, m: 4 } } })],
  },
];

const meeting: readonly WalkStep[] = [
  {
    row: 34,
    on: '2026-02-23',
    role,
    what: 'somebody with the same telephone asks at a fair',
    commands: () => [
      {
        path: '/leads',
        body: {
          leadId: LEAD_2,
          source: 'EVENT',
          person: { name: 'Xiaomei Lin', email: 'xm.lin@example.org', phone: '+1-202-555-0143' },
        },
      },
    ],
    events: () => [
      'LeadCaptured',
      { type: 'MatchProposed', data: { score: 85, ruleId: 'identity', ruleVersion: 1 } },
    ],
    learn: (events) => ({
      match: matchOf(idIn(events, 'MatchProposed', 'leftId'), idIn(events, 'MatchProposed', 'rightId')),
    }),
    after: ({ match = '' }) => [
      { get: `/match-candidates/${match}`, has: { status: 'Proposed' } },
      { get: `/customers/${Y}/360`, has: { summary: lifecycle('POTENTIAL', 'EXPLORATION') } },
    ],
  },
  {
    row: 35,
    on: '2026-02-24',
    role: 'supervisor',
    what: 'it is the same person: the two become one',
    commands: ({ match = '' }) => [{ path: `/match-candidates/${match}/approve`, body: { survivorId: C } }],
    events: () => ['MatchApproved', 'CustomersMerged', 'CustomerAbsorbed'],
    learn: (events) => ({ mergeId: idIn(events, 'CustomersMerged', 'mergeId') }),
    after: () => [
      { get: `/customers/${Y}/360`, status: 308, location: `/api/customers/${C}/360` },
      whole({
        slices: {
          lead: {
            leads: [
              { leadId: LEAD_2, status: 'New' },
              { leadId: LEAD_1, status: 'Converted' },
            ],
          },
        },
      }),
    ],
  },
  place(36, '2026-03-12', A3, {
    channel: 'WEB_SHOP',
    lines: [
      line('meter', 'a3-meter', { qty: 1, tax: 5_460, total: 47_460 }),
      line('pack', 'a3-pack', { qty: 12, tax: 5_928, total: 51_528 }),
    ],
    total: 98_988,
    after: () => [days(3, 28.5)],
  }),
  confirm(37, '2026-03-13', A3),
  fulfil(38, '2026-03-16', A3, { lots: [420, 456], after: () => [points(1_180, 1_446)] }),
];

const matchOf = (left: string, right: string): string => [left, right].toSorted().join('-');

export const buyingAndMeeting: readonly WalkStep[] = [...buying, ...meeting];

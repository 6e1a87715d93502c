import { dayNumber } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import {
  bought,
  day,
  folded,
  idOf,
  nothing,
  recorded,
  rules,
  sealed,
  happened,
  usd,
  type Told,
} from '../test/stories.ts';
import { churnSlice } from './churn-slice.ts';
import { customerSlice } from './customer-slice.ts';
import { leadSlice } from './lead-slice.ts';
import { lifecycleOf } from './lifecycle.ts';
import { loyaltySlice } from './loyalty-slice.ts';
import { actionChanges, nextActionsOf } from './next-actions.ts';
import { opportunitySlice } from './opportunity-slice.ts';
import { orderSlice } from './order-slice.ts';
import { serviceSlice } from './service-slice.ts';
import type { CustomerSlices } from './summary.ts';

const SLICES = {
  churn: churnSlice,
  customer: customerSlice,
  lead: leadSlice('UTC'),
  loyalty: loyaltySlice('UTC'),
  opportunity: opportunitySlice('UTC'),
  order: orderSlice('UTC'),
  service: serviceSlice('UTC'),
};
type Stories = Partial<Readonly<Record<keyof typeof SLICES, readonly Told[]>>>;
const slicesOf = (stories: Stories): CustomerSlices => {
  const slices = Object.entries(stories).map(([source, events]) => [
    source,
    folded<unknown>(SLICES[source as keyof typeof SLICES], recorded(source as keyof typeof SLICES, events)),
  ]);
  return { ...nothing, ...(Object.fromEntries(slices) as Partial<CustomerSlices>) };
};
const today = (offset: number) => ({ date: day(offset), zone: 'UTC' });
const actions = (stories: Stories, on: number) => {
  const slices = slicesOf(stories);
  const lifecycle = lifecycleOf({ ...slices, kind: slices.customer.kind }, 'USD', day(on), rules);
  return nextActionsOf(slices, lifecycle, today(on), rules);
};
const codes = (stories: Stories, on: number) => actions(stories, on).map(({ code }) => code);

const kase = { caseId: idOf('case') };
const opened = happened('CaseOpened', day(0), {
  ...kase,
  channel: 'EMAIL',
  category: 'X',
  priority: 'NORMAL',
});
const clock = (kind: 'FIRST_RESPONSE' | 'RESOLUTION', on: number): Told =>
  happened('SlaClockStarted', day(0), {
    ...kase,
    clockId: idOf(kind),
    kind,
    targetMinutes: 1,
    dueAt: Date.UTC(1997, 0, 1 + on, 9),
  });
const breach = (kind: 'FIRST_RESPONSE' | 'RESOLUTION'): Told =>
  happened('SlaBreached', day(2), { ...kase, clockId: idOf(kind), kind, dueAt: 0 });
const lead = { leadId: idOf('lead') };
const captured = happened('LeadCaptured', day(0), {
  ...lead,
  source: 'CALL',
  person: sealed<never>('l', 'person'),
});
const deal = { opportunityId: idOf('deal') };
const dealOpened = happened('OpportunityOpened', day(0), {
  ...deal,
  amount: usd(1),
  expectedCloseOn: day(10),
});
const complaint = { complaintId: idOf('complaint') };
const complained = happened('ComplaintRegistered', day(0), { ...complaint, topic: 'PRICE', severity: 'LOW' });
const account = { accountId: idOf('account') };
const points = (amount: number, expiresOn: string | null = null): readonly Told[] => [
  happened('MemberEnrolled', day(0), { ...account, programId: idOf('club'), tierId: 'BRONZE' }),
  happened('PointsAccrued', day(0), {
    ...account,
    lotId: idOf('lot'),
    points: amount,
    availableAt: 0,
    expiresOn,
  }),
];
const risk = happened('ChurnRiskChanged', day(0), { fromLevel: 'LOW', toLevel: 'HIGH', score: 60 });
const retention = happened('RetentionCaseOpened', day(0), { retentionCaseId: idOf('rc'), riskLevel: 'HIGH' });
const churned = happened('CustomerChurned', day(300), { churnedOn: day(300), mode: 'NON_CONTRACTUAL' });

/** Each action, a story in which it is due from one day on, and the day before on which it is not. */
const CASES: readonly (readonly [
  string,
  Stories,
  { readonly due: number; readonly notYet?: number; readonly over?: number },
])[] = [
  ['RETENTION_CALL', { churn: [risk], loyalty: [retention] }, { due: 0 }],
  ['COMPLAINT_REMEDY', { service: [complained] }, { due: 1, notYet: 0 }],
  [
    'COMPLAINT_REMEDY',
    { service: [complained, happened('ComplaintAcknowledged', day(0), complaint)] },
    { due: 2, notYet: 1 },
  ],
  ['COMPLAINT_REMEDY', { service: [complained, happened('RemedyDeclined', day(0), complaint)] }, { due: 0 }],
  ['CASE_REPLY', { service: [opened, clock('FIRST_RESPONSE', 5)] }, { due: 4, notYet: 3 }],
  ['CASE_REPLY', { service: [opened, clock('FIRST_RESPONSE', 90), breach('FIRST_RESPONSE')] }, { due: 3 }],
  ['CASE_RESOLVE', { service: [opened] }, { due: 15, notYet: 14 }],
  ['CASE_RESOLVE', { service: [opened, clock('RESOLUTION', 5), breach('RESOLUTION')] }, { due: 3 }],
  ['LEAD_CALL', { lead: [captured, happened('LeadResponseOverdue', day(1), lead)] }, { due: 1 }],
  [
    'RETURN_DECIDE',
    {
      order: [
        happened('ReturnRequested', day(0), {
          returnId: idOf('r'),
          orderId: idOf('o'),
          reasonCode: 'DEFECT',
        }),
      ],
    },
    { due: 2, notYet: 1 },
  ],
  [
    'LEAD_CONVERT',
    { lead: [captured, happened('LeadQualified', day(0), { ...lead, level: 'SQL' })] },
    { due: 3, notYet: 2 },
  ],
  ['DEAL_UNSTALL', { opportunity: [dealOpened, happened('OpportunityStalled', day(1), deal)] }, { due: 1 }],
  ['WIN_BACK', { order: bought('a', day(100)), churn: [churned] }, { due: 300, over: 641 }],
  ['DEAL_REDATE', { opportunity: [dealOpened] }, { due: 11, notYet: 10 }],
  ['SECOND_ORDER', { order: bought('a', day(0)) }, { due: 30, notYet: 29, over: 121 }],
  ['POINTS_EXPIRING', { loyalty: points(300, day(100)) }, { due: 70, notYet: 69 }],
  ['POINTS_USE', { loyalty: points(1_000) }, { due: 0 }],
  ['CONTACT_VERIFY', { order: bought('a', day(0)) }, { due: 1 }],
];

describe('a next action', () => {
  it.each(CASES)('%s is due when its condition holds (%#)', (code, stories, { due, notYet, over }) => {
    expect(codes(stories, due)).toContain(code);
    for (const on of [notYet, over].filter((offset) => offset !== undefined))
      expect(codes(stories, on)).not.toContain(code);
  });

  it.each(CASES)('%s changes only on a day that was told beforehand (%#)', (...[, stories]) => {
    const slices = slicesOf(stories);
    const lifecycle = lifecycleOf({ ...slices, kind: null }, 'USD', day(0), rules);
    const days = new Set(actionChanges(slices, lifecycle, today(0), rules));
    const shown = (on: number): string => JSON.stringify(nextActionsOf(slices, lifecycle, today(on), rules));
    const changed = Array.from({ length: 800 }, (_, i) => i + 1).filter((on) => shown(on) !== shown(on - 1));
    expect([...days]).toEqual(expect.arrayContaining(changed.map((on) => dayNumber(day(on)))));
  });

  it('is over when it was done', () => {
    const offered = happened('RetentionOfferMade', day(1), {
      retentionCaseId: idOf('rc'),
      kind: 'CALL_BACK',
    });
    expect(codes({ churn: [risk], loyalty: [retention, offered] }, 1)).not.toContain('RETENTION_CALL');
    const redeemed = happened('PointsRedeemed', day(5), {
      ...account,
      redemptionId: idOf('x'),
      allocations: [],
    });
    expect(codes({ loyalty: [...points(1_000), redeemed] }, 5)).not.toContain('POINTS_USE');
    expect(codes({ loyalty: [...points(1_000), redeemed] }, 185)).toContain('POINTS_USE');
    expect(codes({ order: bought('a', day(0)), service: [opened] }, 30)).not.toContain('SECOND_ORDER');
  });

  it('shows its rule, both languages, and the event behind it', () => {
    expect(actions({ service: [opened, clock('FIRST_RESPONSE', 5)] }, 4)[0]).toEqual({
      code: 'CASE_REPLY',
      en: 'Answer the case',
      zh: '回复客户个案',
      priority: 85,
      rule: 'CASE_REPLY@1',
      evidence: { path: '/slices/service/openCases/0/clocks/0', eventId: idOf('service event 1') },
    });
    expect(actions({ order: bought('a', day(0)) }, 30)[0]?.evidence).toEqual({
      path: '/slices/order/last',
      eventId: idOf('order event 1'),
    });
  });

  it('is one of five, the most urgent first', () => {
    const all = actions(
      {
        service: [complained, opened],
        lead: [captured, happened('LeadResponseOverdue', day(1), lead)],
        opportunity: [dealOpened, happened('OpportunityStalled', day(1), deal)],
        loyalty: points(1_000),
        order: bought('a', day(0)),
      },
      20,
    );
    expect(all.map(({ code }) => code)).toEqual([
      'COMPLAINT_REMEDY',
      'CASE_RESOLVE',
      'LEAD_CALL',
      'DEAL_UNSTALL',
      'DEAL_REDATE',
    ]);
  });
});

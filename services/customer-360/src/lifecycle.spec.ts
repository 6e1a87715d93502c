import { describe, expect, it } from 'vitest';
import {
  bought,
  day,
  folded,
  idOf,
  nothing,
  placed,
  recorded,
  rules,
  sealed,
  happened,
  usd,
  type Told,
} from '../test/stories.ts';
import { lifecycleOf } from './lifecycle.ts';
import { churnSlice } from './churn-slice.ts';
import { leadSlice } from './lead-slice.ts';
import { opportunitySlice } from './opportunity-slice.ts';
import { orderSlice } from './order-slice.ts';
import type { CustomerSlices } from './summary.ts';

const TODAY = 800;
const spent = (daysAgo: number, minor = 1_000): readonly Told[] =>
  bought(`order ${daysAgo}`, day(TODAY - daysAgo), usd(minor));
const at = (
  told: readonly (readonly Told[])[],
  kind: string | null = 'PERSON',
  others: Partial<CustomerSlices> = {},
) => {
  const order = folded(orderSlice('UTC'), recorded('order', told.flat()));
  return lifecycleOf({ ...nothing, order, ...others, kind }, 'USD', day(TODAY), rules);
};
const stage = (...told: readonly (readonly Told[])[]) => at(told).stage;

describe('the status', () => {
  it('is ACTUAL with a fulfilled order, POTENTIAL without', () => {
    expect(at([spent(10)]).status).toBe('ACTUAL');
    expect(at([[placed('a', day(TODAY))]]).status).toBe('POTENTIAL');
    expect(at([]).status).toBe('POTENTIAL');
    expect(at([], null).status).toBe('POTENTIAL');
  });

  it('is INTERNAL for ourselves, whatever was ordered', () => {
    expect(at([spent(10)], 'INTERNAL').status).toBe('INTERNAL');
  });
});

describe('EXPLORATION', () => {
  it('is every customer without a fulfilled order', () => {
    expect(stage()).toBe('EXPLORATION');
    expect(stage([placed('a', day(TODAY - 300))])).toBe('EXPLORATION');
  });

  it('is one order less than 90 days ago', () => {
    expect(stage(spent(0))).toBe('EXPLORATION');
    expect(stage(spent(89))).toBe('EXPLORATION');
    expect(stage(spent(90))).toBe('BUILD_UP');
    expect(stage(spent(10), spent(20))).toBe('BUILD_UP');
  });
});

describe('DECLINE', () => {
  it('is no spend in 180 days', () => {
    expect(stage(spent(215))).toBe('DECLINE');
    expect(stage(spent(215), spent(1, 1))).toBe('BUILD_UP');
    expect(stage(spent(100, 0), spent(10, 0))).toBe('DECLINE');
  });

  // Windows of today: (t−90, t] and (t−180, t−90]; of 30 days ago: (t−120, t−30] and (t−210, t−120].
  const before = [spent(300), spent(150, 1_000)]; // in the older window of both

  it('is 80 % of the window before or less, today and 30 days ago', () => {
    expect(stage(...before, spent(40, 800))).toBe('DECLINE');
    expect(stage(...before, spent(40, 801))).toBe('STABILITY');
  });

  it('is no decline while only one of the two days shows it', () => {
    // Today 800 of 1000, but 30 days ago there was 801 in the newer window.
    expect(stage(...before, spent(40, 800), spent(100, 1))).toBe('STABILITY');
    // 30 days ago nothing of 1000, but today 900.
    expect(stage(...before, spent(10, 900))).toBe('STABILITY');
  });

  it('needs spend in the older window of each day', () => {
    // 30 days ago the older window was empty: nothing to fall from.
    expect(stage(spent(300), spent(110, 1_000), spent(40, 100))).toBe('STABILITY');
  });

  it('comes before everything that is said of a first order', () => {
    expect(stage(spent(30, 0))).toBe('DECLINE');
  });
});

describe('STABILITY', () => {
  it('is 180 days or more without a rise above 120 %', () => {
    expect(stage(spent(180), spent(100), spent(10, 1_200))).toBe('STABILITY');
    expect(stage(spent(180), spent(100), spent(10, 1_201))).toBe('BUILD_UP');
    expect(stage(spent(179), spent(100), spent(10, 900))).toBe('BUILD_UP');
  });

  it('counts what the open day has brought', () => {
    expect(stage(spent(180), spent(100), spent(10, 1_200), spent(-1, 1))).toBe('BUILD_UP');
  });
});

const churn = (...events: readonly Told[]) => ({ churn: folded(churnSlice, recorded('churn', events)) });
const churnedOn = (offset: number): Told =>
  happened('CustomerChurned', day(offset), {
    mode: 'NON_CONTRACTUAL',
    churnedOn: day(offset),
    definitionVersion: 1,
    evidence: [],
  });

describe('TARGET', () => {
  const lead = (...types: readonly Told['type'][]) => ({
    lead: folded(
      leadSlice('UTC'),
      recorded(
        'lead',
        types.map((type) =>
          happened(type, day(1), { leadId: idOf('lead'), person: sealed<never>('l', 'person') }),
        ),
      ),
    ),
  });
  const deal = (...events: readonly Told[]) => ({
    opportunity: folded(opportunitySlice('UTC'), recorded('opportunity', events)),
  });
  const opened = happened('OpportunityOpened', day(1), {
    opportunityId: idOf('deal'),
    amount: usd(1),
    expectedCloseOn: day(9),
  });

  it('is a lead from its qualification on', () => {
    expect(at([], null, lead('LeadCaptured')).status).toBe('POTENTIAL');
    for (const type of ['LeadQualified', 'LeadConversionRequested', 'LeadConverted'] as const)
      expect(at([], null, lead('LeadCaptured', type)).status).toBe('TARGET');
    expect(at([], null, lead('LeadCaptured', 'LeadQualified', 'LeadDisqualified')).status).toBe('POTENTIAL');
  });

  it('is an open deal, not one that was lost', () => {
    expect(at([], 'PERSON', deal(opened)).status).toBe('TARGET');
    const lost = happened('OpportunityLost', day(2), { opportunityId: idOf('deal'), reasonCode: 'PRICE' });
    expect(at([], 'PERSON', deal(opened, lost)).status).toBe('POTENTIAL');
    expect(at([spent(10)], 'PERSON', deal(opened)).status).toBe('ACTUAL');
  });
});

describe('LOST', () => {
  it('is a churned customer until he orders again', () => {
    expect(at([spent(300)], 'PERSON', churn(churnedOn(700)))).toMatchObject({
      status: 'LOST',
      stage: 'ENDED',
    });
    expect(at([spent(300), spent(50)], 'PERSON', churn(churnedOn(700))).status).toBe('ACTUAL');
    const back = happened('CustomerReactivated', day(750), { byEventId: idOf('e'), daysAway: 250 });
    expect(at([spent(300)], 'PERSON', churn(churnedOn(700), back)).status).toBe('ACTUAL');
  });

  it('has the pattern of the stage on the day of the last fulfilled order', () => {
    const lost = churn(churnedOn(790));
    const pattern = (...history: readonly (readonly Told[])[]) => at(history, 'PERSON', lost).pattern;
    expect(pattern(spent(400))).toBe('early-abortive');
    expect(pattern(spent(450), spent(400))).toBe('mid-term');
    expect(pattern(spent(700), spent(500), spent(400))).toBe('early-exit');
    expect(pattern()).toBe('early-abortive');
  });
});

describe('a published risk', () => {
  const risk = (toLevel: 'MEDIUM' | 'HIGH' | 'CRITICAL') =>
    churn(
      happened('ChurnRiskChanged', day(TODAY), { fromLevel: 'LOW', toLevel, score: 60, topSignalIds: [] }),
    );

  it('of HIGH or more is a decline, whatever was spent', () => {
    expect(at([spent(10), spent(20)], 'PERSON', risk('MEDIUM')).stage).toBe('BUILD_UP');
    expect(at([spent(10), spent(20)], 'PERSON', risk('HIGH')).stage).toBe('DECLINE');
    expect(at([spent(10), spent(20)], 'PERSON', risk('CRITICAL')).stage).toBe('DECLINE');
    expect(at([], 'PERSON', risk('HIGH')).stage).toBe('EXPLORATION');
  });
});

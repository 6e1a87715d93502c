import { describe, expect, it } from 'vitest';
import { day, folded, idOf, recorded, happened, usd, type Told } from '../test/stories.ts';
import { opportunitySlice, type OpportunitySlice } from './opportunity-slice.ts';

const after = (...events: readonly Told[]): OpportunitySlice =>
  folded(opportunitySlice('UTC'), recorded('opportunity', events));
const deal = { opportunityId: idOf('deal') };
const opened = (name = 'deal', minor = 1_000): Told =>
  happened('OpportunityOpened', day(0), {
    opportunityId: idOf(name),
    kind: 'NEW_BUSINESS',
    name: 'First order',
    pipelineId: 'sales',
    pipelineVersion: 1,
    stageId: 'discovery',
    amount: usd(minor),
    expectedCloseOn: day(20),
    ownerId: idOf('agent'),
  });
const stage = happened('OpportunityStageChanged', day(3), {
  ...deal,
  toStageId: 'solution',
  probabilityPct: 30,
});
const stalled = happened('OpportunityStalled', day(30), { ...deal, stageId: 'discovery' });

describe('an open deal', () => {
  it('is listed with its stage, worth, and date', () => {
    expect(after(opened(), stage)).toMatchObject({
      amounts: [usd(1_000)],
      open: [
        {
          ...deal,
          stageId: 'solution',
          stageSince: day(3),
          probabilityPct: 30,
          stalled: false,
          status: 'Open',
        },
      ],
    });
  });

  it('is stalled until it moves', () => {
    expect(after(opened(), stalled).open[0]?.stalled).toBe(true);
    expect(after(opened(), stalled, stage).open[0]?.stalled).toBe(false);
  });

  it('is worth what its forecast says, and all of them add up per currency', () => {
    const revised = happened('OpportunityForecastRevised', day(1), {
      ...deal,
      amount: usd(700),
      expectedCloseOn: day(9),
    });
    expect(after(opened(), opened('other', 50), revised)).toMatchObject({ amounts: [usd(750)] });
    expect(after(opened(), revised).open[0]).toMatchObject({ amount: usd(700), expectedCloseOn: day(9) });
  });

  it('names each competitor once', () => {
    const seen = happened('CompetitorRecorded', day(1), { ...deal, competitorId: idOf('rival') });
    expect(after(opened(), seen, seen).open[0]?.competitors).toEqual([idOf('rival')]);
  });
});

describe('a deal that is over', () => {
  it.each([
    ['Won', 'won', happened('OpportunityWon', day(9), { ...deal, amount: usd(900) })],
    ['Lost', 'lost', happened('OpportunityLost', day(9), { ...deal, reasonCode: 'PRICE' })],
    [
      'Abandoned',
      'abandoned',
      happened('OpportunityAbandoned', day(9), { ...deal, reasonCode: 'DUPLICATE' }),
    ],
  ] as const)('%s counts, and is worth nothing any more', (status, count, event) => {
    const state = after(opened(), stalled, event);
    expect(state).toMatchObject({ open: [], amounts: [], [count]: 1 });
    expect(state.closed).toEqual([
      expect.objectContaining({ ...deal, status, closedOn: day(9), stalled: false }),
    ]);
  });

  it.each([
    [
      'lost',
      happened('OpportunityLost', day(9), { ...deal, reasonCode: 'PRICE' }),
      happened('OpportunityReopened', day(12), deal),
    ],
    [
      'abandoned',
      happened('OpportunityAbandoned', day(9), { ...deal, reasonCode: 'DUPLICATE' }),
      happened('OpportunityReopened', day(12), deal),
    ],
    [
      'won',
      happened('OpportunityWon', day(9), { ...deal, amount: usd(1_000) }),
      happened('OpportunityWinReverted', day(12), deal),
    ],
  ] as const)('goes on after it was %s', (count, over, again) => {
    expect(after(opened(), over, again)).toMatchObject({
      [count]: 0,
      closed: [],
      amounts: [usd(1_000)],
      open: [{ ...deal, status: 'Open', closedOn: null, reasonCode: null, stageSince: day(12) }],
    });
  });
});

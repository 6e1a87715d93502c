// What churn asks of deals: renewals that were lost, and competitors on deals that are open.
import { dateAt } from '@tenure/core';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import { slice, type Slice } from '@tenure/projections';
import { withFact, type Fact } from './facts.ts';

/** A deal; `ended` names the event that won or lost it. */
export type Deal = {
  readonly opportunityId: string;
  readonly kind: string;
  readonly status: 'open' | 'won' | 'lost' | 'abandoned';
  readonly ended: Fact | null;
  readonly competitors: readonly Fact[];
};

export type OpportunitySlice = { readonly deals: readonly Deal[] };

const DEALS = 200; // twice the limit of open ones; beyond it the oldest is let go
const COMPETITORS = 20;

export const noDeals: OpportunitySlice = { deals: [] };

const changed = (
  { deals }: OpportunitySlice,
  opportunityId: string,
  change: (deal: Deal) => Partial<Deal>,
): OpportunitySlice => ({
  deals: deals.map((deal) => (deal.opportunityId === opportunityId ? { ...deal, ...change(deal) } : deal)),
});

const reopened = (state: OpportunitySlice, opportunityId: string): OpportunitySlice =>
  changed(state, opportunityId, () => ({ ended: null, status: 'open' }));

type Handlers = Parameters<typeof slice<OpportunitySlice, OpportunityEvents>>[0]['on'];

const handlers = (zone: string): Handlers => {
  const factOf = (event: { readonly id: string; readonly occurredAt: number }): Fact => ({
    eventId: event.id,
    on: dateAt(event.occurredAt, zone),
  });
  return {
    OpportunityOpened: ({ deals }, { data: { opportunityId, kind } }) => ({
      deals: [...deals, { competitors: [], ended: null, kind, opportunityId, status: 'open' as const }].slice(
        -DEALS,
      ),
    }),
    CompetitorRecorded: (state, event) =>
      changed(state, event.data.opportunityId, ({ competitors }) => ({
        competitors: withFact(competitors, factOf(event), COMPETITORS),
      })),
    OpportunityWon: (state, event) =>
      changed(state, event.data.opportunityId, () => ({ ended: factOf(event), status: 'won' })),
    OpportunityLost: (state, event) =>
      changed(state, event.data.opportunityId, () => ({ ended: factOf(event), status: 'lost' })),
    OpportunityAbandoned: (state, event) =>
      changed(state, event.data.opportunityId, () => ({ ended: factOf(event), status: 'abandoned' })),
    OpportunityReopened: (state, { data }) => reopened(state, data.opportunityId),
    OpportunityWinReverted: (state, { data }) => reopened(state, data.opportunityId),
  };
};

/** The slice of source `opportunity`. */
export const opportunitySlice = (zone: string): Slice<OpportunitySlice> =>
  slice<OpportunitySlice, OpportunityEvents>({ init: () => noDeals, on: handlers(zone) });

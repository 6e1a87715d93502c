// The opportunity part of the document: the deals under way, and what became of the others.
import { addAmount, dateAt, type Money } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import { slice, type Slice } from '@tenure/projections';
import { changeFirst, withNewest } from './lists.ts';
import { withTimes, type Times } from './times.ts';

/** `eventId` names the event that changed it last. Dates are business dates. */
export type ListedDeal = {
  readonly amount: Money;
  readonly closedOn: string | null;
  readonly competitors: readonly string[];
  readonly eventId: string;
  readonly expectedCloseOn: string;
  readonly kind: string;
  readonly name: string;
  readonly openedOn: string;
  readonly opportunityId: string;
  readonly ownerId: string;
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  /** Null before the first change of stage. */
  readonly probabilityPct: number | null;
  readonly reasonCode: string | null;
  readonly stageId: string;
  readonly stageSince: string;
  readonly stalled: boolean;
  readonly status: 'Open' | 'Won' | 'Lost' | 'Abandoned';
};

export type OpportunitySlice = Times & {
  readonly abandoned: number;
  /** What the open deals are worth, per currency. */
  readonly amounts: readonly Money[];
  /** The newest that are not open, by the day they closed. */
  readonly closed: readonly ListedDeal[];
  readonly lost: number;
  /** In the order in which they were opened. */
  readonly open: readonly ListedDeal[];
  readonly won: number;
};

const OPEN = 100; // the aggregate's limit
const CLOSED = 50; // one that is older is not reopened
const COMPETITORS = 20; // a deal has a handful

export const noDeals: OpportunitySlice = {
  abandoned: 0,
  amounts: [],
  closed: [],
  createdAt: null,
  lost: 0,
  open: [],
  updatedAt: null,
  won: 0,
};

const place = ({ closedOn, opportunityId }: ListedDeal) => ({ at: closedOn ?? '', id: opportunityId });

const withOpen = (state: OpportunitySlice, open: readonly ListedDeal[]): OpportunitySlice => ({
  ...state,
  amounts: open.reduce<readonly Money[]>((sum, { amount }) => addAmount(sum, amount), []),
  open,
});

type DealFact = { readonly id: string; readonly data: { readonly opportunityId: string } };

const changed = (
  state: OpportunitySlice,
  { id: eventId, data: { opportunityId } }: DealFact,
  change: Partial<ListedDeal>,
): OpportunitySlice =>
  withOpen(
    state,
    changeFirst(state.open, (deal) => deal.opportunityId === opportunityId, { ...change, eventId }),
  );

const closed = (
  state: OpportunitySlice,
  { id: eventId, data: { opportunityId } }: DealFact,
  change: Partial<ListedDeal>,
): OpportunitySlice => {
  const deal = state.open.find((open) => open.opportunityId === opportunityId);
  if (deal === undefined) return state;
  const open = state.open.filter((other) => other !== deal);
  const over = { ...deal, stalled: false, ...change, eventId };
  return { ...withOpen(state, open), closed: withNewest(state.closed, over, place, CLOSED) };
};

const reopened = (
  state: OpportunitySlice,
  { id: eventId, data: { opportunityId } }: DealFact,
  since: string,
): OpportunitySlice => {
  const deal = state.closed.find((other) => other.opportunityId === opportunityId);
  if (deal === undefined) return state;
  const open = {
    ...deal,
    closedOn: null,
    eventId,
    reasonCode: null,
    stageSince: since,
    status: 'Open' as const,
  };
  const others = state.closed.filter((other) => other !== deal);
  return withOpen({ ...state, closed: others }, [...state.open, open].slice(-OPEN));
};

const countOf = { Won: 'won', Lost: 'lost', Abandoned: 'abandoned' } as const;

/** One deal more (or less) of those that ended so. */
const counted = (state: OpportunitySlice, status: keyof typeof countOf, by: 1 | -1): OpportunitySlice => ({
  ...state,
  [countOf[status]]: state[countOf[status]] + by,
});

const statusOf = (state: OpportunitySlice, id: string): ListedDeal['status'] | undefined =>
  state.closed.find(({ opportunityId }) => opportunityId === id)?.status;

type Handlers = Parameters<typeof slice<OpportunitySlice, OpportunityEvents>>[0]['on'];

type Opened = DecodedEvent<'OpportunityOpened', OpportunityEvents['OpportunityOpened']>;

const dealOf = ({ id: eventId, data }: Opened, on: string): ListedDeal => {
  const { amount, expectedCloseOn, kind, name, opportunityId } = data;
  const { ownerId, pipelineId, pipelineVersion, stageId } = data;
  return {
    amount,
    closedOn: null,
    competitors: [],
    eventId,
    expectedCloseOn,
    kind,
    name,
    openedOn: on,
    opportunityId,
    ownerId,
    pipelineId,
    pipelineVersion,
    probabilityPct: null,
    reasonCode: null,
    stageId,
    stageSince: on,
    stalled: false,
    status: 'Open',
  };
};

const onOpen = (zone: string): Handlers => ({
  OpportunityOpened: (state, event) =>
    withOpen(state, [...state.open, dealOf(event, dateAt(event.occurredAt, zone))].slice(-OPEN)),
  OpportunityStageChanged: (state, event) =>
    changed(state, event, {
      probabilityPct: event.data.probabilityPct,
      stageId: event.data.toStageId,
      stageSince: dateAt(event.occurredAt, zone),
      stalled: false,
    }),
  OpportunityForecastRevised: (state, event) =>
    changed(state, event, { amount: event.data.amount, expectedCloseOn: event.data.expectedCloseOn }),
  OpportunityLinesRevised: (state, event) => changed(state, event, {}),
  OpportunityContactAttached: (state, event) => changed(state, event, {}),
  CompetitorRecorded(state, event) {
    const { competitorId, opportunityId } = event.data;
    const known = state.open.find((deal) => deal.opportunityId === opportunityId)?.competitors ?? [];
    const competitors = known.includes(competitorId) ? known : [...known, competitorId].slice(-COMPETITORS);
    return changed(state, event, { competitors });
  },
  ObjectionRecorded: (state, event) => changed(state, event, {}),
  OpportunityReassigned: (state, event) => changed(state, event, { ownerId: event.data.ownerId }),
  OpportunityStalled: (state, event) => changed(state, event, { stalled: true }),
});

const onEnd = (zone: string): Handlers => ({
  OpportunityWon(state, event) {
    const { amount } = event.data;
    const change = { amount, closedOn: dateAt(event.occurredAt, zone), status: 'Won' } as const;
    return counted(closed(state, event, change), 'Won', 1);
  },
  OpportunityLost(state, event) {
    const { reasonCode } = event.data;
    const change = { closedOn: dateAt(event.occurredAt, zone), reasonCode, status: 'Lost' } as const;
    return counted(closed(state, event, change), 'Lost', 1);
  },
  OpportunityAbandoned(state, event) {
    const { reasonCode } = event.data;
    const change = { closedOn: dateAt(event.occurredAt, zone), reasonCode, status: 'Abandoned' } as const;
    return counted(closed(state, event, change), 'Abandoned', 1);
  },
  OpportunityReopened(state, event) {
    const ended = statusOf(state, event.data.opportunityId) === 'Abandoned' ? 'Abandoned' : 'Lost';
    return counted(reopened(state, event, dateAt(event.occurredAt, zone)), ended, -1);
  },
  OpportunityWinReverted: (state, event) =>
    counted(reopened(state, event, dateAt(event.occurredAt, zone)), 'Won', -1),
});

/** The slice of source `opportunity`; business dates are those of the deployment's zone. */
export const opportunitySlice = (zone: string): Slice<OpportunitySlice> =>
  withTimes(
    slice<OpportunitySlice, OpportunityEvents>({
      init: () => noDeals,
      on: { ...onOpen(zone), ...onEnd(zone) },
    }),
  );

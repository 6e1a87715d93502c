// What a deal is made of: its state, its commands, and the events they lead to.
import { NOTHING, type CalendarDate, type Money } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import type {
  NewCompetitorRecorded,
  NewObjectionRecorded,
  NewOpportunityContactAttached,
  NewOpportunityForecastRevised,
  NewOpportunityLinesRevised,
  NewOpportunityLost,
  NewOpportunityOpened,
  OpportunityEvents,
  OpportunityFacts,
} from '@tenure/events/generated/opportunity';
import type { OpportunityContext } from './opportunity-rules.ts';

export type OpportunityStatus = typeof NOTHING | 'Open' | 'Won' | 'Lost' | 'Abandoned';

export type Competitor = {
  readonly competitorId: string;
  readonly position: string;
  readonly note: Sealable<string> | null;
};
/** The newest objection of a kind counts: recorded again with a response it is answered. */
export type Objection = {
  readonly kind: string;
  readonly nature: string;
  readonly answered: boolean;
  readonly response: Sealable<string> | null;
};

export type OpportunityState = {
  readonly status: OpportunityStatus;
  readonly originLeadId: string | null;
  readonly kind: NewOpportunityOpened['kind'] | 'UNKNOWN' | null;
  readonly name: string | null;
  readonly pipelineId: string | null;
  readonly pipelineVersion: number | null;
  readonly stageId: string | null;
  /** When its stay in the stage began (ms). */
  readonly stageSince: number | null;
  readonly stalled: boolean;
  readonly amount: Money | null;
  readonly expectedCloseOn: CalendarDate | null;
  readonly category: string | null;
  readonly ownerId: string | null;
  readonly lines: OpportunityEvents['OpportunityLinesRevised']['lines'];
  readonly contacts: readonly Omit<OpportunityEvents['OpportunityContactAttached'], 'opportunityId'>[];
  readonly competitors: readonly Competitor[];
  readonly objections: readonly Objection[];
  readonly openedAt: number | null;
  /** Revision of the win: the order's id comes from it. Null while it is not won. */
  readonly wonRevision: number | null;
  readonly reasonCode: string | null;
};

type Body<T> = Omit<T, 'opportunityId'>;

export type OpportunityCommands = {
  readonly OpenOpportunity: Omit<Body<NewOpportunityOpened>, 'pipelineVersion'> & {
    readonly pipelineVersion?: number | null | undefined;
  };
  readonly ChangeStage: { readonly toStageId: string };
  readonly ReviseForecast: Body<NewOpportunityForecastRevised>;
  readonly ReviseLines: Body<NewOpportunityLinesRevised>;
  readonly AttachContact: Body<NewOpportunityContactAttached>;
  readonly RecordCompetitor: Body<NewCompetitorRecorded>;
  readonly RecordObjection: Body<NewObjectionRecorded>;
  readonly ReassignOpportunity: { readonly ownerId: string };
  readonly FlagStalled: object;
  readonly MarkWon: { readonly quoteId?: string | null | undefined };
  readonly MarkLost: Omit<Body<NewOpportunityLost>, 'kind'>;
  readonly AbandonOpportunity: { readonly reasonCode: string };
  readonly ReopenOpportunity: { readonly reason: string };
  readonly RevertWin: { readonly orderId: string; readonly reasonCode: string };
};

/** The types that make up the aggregate. */
export type OpportunityParts = {
  readonly state: OpportunityState;
  readonly events: OpportunityEvents;
  readonly facts: OpportunityFacts;
  readonly commands: OpportunityCommands;
  readonly context: OpportunityContext;
};

export const noOpportunity: OpportunityState = {
  status: NOTHING,
  originLeadId: null,
  kind: null,
  name: null,
  pipelineId: null,
  pipelineVersion: null,
  stageId: null,
  stageSince: null,
  stalled: false,
  amount: null,
  expectedCloseOn: null,
  category: null,
  ownerId: null,
  lines: [],
  contacts: [],
  competitors: [],
  objections: [],
  openedAt: null,
  wonRevision: null,
  reasonCode: null,
};

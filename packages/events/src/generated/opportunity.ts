// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Sealable } from '../sealed.ts';
import type { Actor, NewActor, Money, OpportunityKind, OrderLine, NewOrderLine } from './common.ts';

export type { Actor, NewActor, Money, OpportunityKind, OrderLine, NewOrderLine };

export const competitorPositionSymbols = ['AHEAD', 'EVEN', 'BEHIND'] as const;
/** How a competitor stands. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type CompetitorPosition = (typeof competitorPositionSymbols)[number];

export const objectionKindSymbols = ['NEED', 'PRICE', 'PRODUCT', 'TIMING', 'SALESPERSON', 'SERVICE', 'AFFORDABILITY'] as const;
/** What an objection is about. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ObjectionKind = (typeof objectionKindSymbols)[number];

export const objectionNatureSymbols = ['TRUE', 'FALSE', 'HIDDEN'] as const;
/** Whether an objection is what it seems. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ObjectionNature = (typeof objectionNatureSymbols)[number];

export const forecastCategorySymbols = ['PIPELINE', 'BEST_CASE', 'COMMIT', 'OMITTED'] as const;
/** How sure a forecast is. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ForecastCategory = (typeof forecastCategorySymbols)[number];

/** A competitor is in the deal. */
export type CompetitorRecorded = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** The competitor. */
  readonly competitorId: string;
  /** How the competitor stands in the deal. */
  readonly position: CompetitorPosition | 'UNKNOWN';
  /** What else is to be said. */
  readonly note: Sealable<string> | null;
};

/** `CompetitorRecorded` as it is written. */
export type NewCompetitorRecorded = {
  readonly opportunityId: string;
  readonly competitorId: string;
  readonly position: CompetitorPosition;
  readonly note?: string | null | undefined;
};

/** The customer raised an objection. */
export type ObjectionRecorded = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** What the objection is about. */
  readonly kind: ObjectionKind | 'UNKNOWN';
  /** Whether the objection is true, false or hides another. */
  readonly nature: ObjectionNature | 'UNKNOWN';
  /** What was answered. */
  readonly response: Sealable<string> | null;
};

/** `ObjectionRecorded` as it is written. */
export type NewObjectionRecorded = {
  readonly opportunityId: string;
  readonly kind: ObjectionKind;
  readonly nature: ObjectionNature;
  readonly response?: string | null | undefined;
};

/** The company does not follow the deal any further. */
export type OpportunityAbandoned = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
};

/** `OpportunityAbandoned` as it is written. */
export type NewOpportunityAbandoned = {
  readonly opportunityId: string;
  readonly reasonCode: string;
};

/** A person or a lead takes part in the deal. */
export type OpportunityContactAttached = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Related contact of the customer. */
  readonly contactId: string | null;
  /** Lead that joins the deal. */
  readonly leadId: string | null;
  /** Part the person plays in the deal. */
  readonly role: string;
};

/** `OpportunityContactAttached` as it is written. */
export type NewOpportunityContactAttached = {
  readonly opportunityId: string;
  readonly contactId?: string | null | undefined;
  readonly leadId?: string | null | undefined;
  readonly role: string;
};

/** What the deal is worth and when it closes is seen anew. */
export type OpportunityForecastRevised = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** What it is worth. */
  readonly amount: Money;
  /** Day the deal is expected to close. YYYY-MM-DD. */
  readonly expectedCloseOn: string;
  /** How sure the forecast is. */
  readonly category: ForecastCategory | 'UNKNOWN';
};

/** `OpportunityForecastRevised` as it is written. */
export type NewOpportunityForecastRevised = {
  readonly opportunityId: string;
  readonly amount: Money;
  readonly expectedCloseOn: string;
  readonly category: ForecastCategory;
};

/** What the deal is about, line by line. */
export type OpportunityLinesRevised = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** What the deal is about, all in one currency. */
  readonly lines: readonly OrderLine[];
  /** Sum of the line totals. */
  readonly total: Money;
};

/** `OpportunityLinesRevised` as it is written. */
export type NewOpportunityLinesRevised = {
  readonly opportunityId: string;
  readonly lines: readonly NewOrderLine[];
  readonly total: Money;
};

/** The customer did not buy. */
export type OpportunityLost = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Kind of business. */
  readonly kind: OpportunityKind | 'UNKNOWN';
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
  /** The competitor. */
  readonly competitorId: string | null;
  /** What else is to be said. */
  readonly note: Sealable<string> | null;
};

/** `OpportunityLost` as it is written. */
export type NewOpportunityLost = {
  readonly opportunityId: string;
  readonly kind: OpportunityKind;
  readonly reasonCode: string;
  readonly competitorId?: string | null | undefined;
  readonly note?: string | null | undefined;
};

/** A deal is under way. */
export type OpportunityOpened = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Lead it comes from. */
  readonly originLeadId: string | null;
  /** Kind of business. */
  readonly kind: OpportunityKind | 'UNKNOWN';
  /** What the deal is called. */
  readonly name: string;
  /** Pipeline it goes through. */
  readonly pipelineId: string;
  /** Version of that pipeline; the deal stays on it. */
  readonly pipelineVersion: number;
  /** Stage it is in. */
  readonly stageId: string;
  /** What it is worth. */
  readonly amount: Money;
  /** Day the deal is expected to close. YYYY-MM-DD. */
  readonly expectedCloseOn: string;
  /** Agent who answers for it. */
  readonly ownerId: string;
};

/** `OpportunityOpened` as it is written. */
export type NewOpportunityOpened = {
  readonly opportunityId: string;
  readonly originLeadId?: string | null | undefined;
  readonly kind: OpportunityKind;
  readonly name: string;
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
  readonly amount: Money;
  readonly expectedCloseOn: string;
  readonly ownerId: string;
};

/** Somebody else answers for the deal. */
export type OpportunityReassigned = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Agent who answers for it. */
  readonly ownerId: string;
  /** Agent who answered for it before. */
  readonly previousOwnerId: string;
};

/** `OpportunityReassigned` as it is written. */
export type NewOpportunityReassigned = {
  readonly opportunityId: string;
  readonly ownerId: string;
  readonly previousOwnerId: string;
};

/** A lost or abandoned deal goes on. */
export type OpportunityReopened = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Why. */
  readonly reason: Sealable<string>;
  /** Days the pipeline allows in the stage the deal is in from now on. */
  readonly limitDays: number | null;
};

/** `OpportunityReopened` as it is written. */
export type NewOpportunityReopened = {
  readonly opportunityId: string;
  readonly reason: string;
  readonly limitDays?: number | null | undefined;
};

/** The deal moved along an edge of its pipeline. */
export type OpportunityStageChanged = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Stage before. */
  readonly fromStageId: string;
  /** Stage from now on. */
  readonly toStageId: string;
  /** Probability of winning in percent, that of the new stage. */
  readonly probabilityPct: number;
  /** Days the pipeline allows in the stage the deal is in from now on. */
  readonly limitDays: number | null;
};

/** `OpportunityStageChanged` as it is written. */
export type NewOpportunityStageChanged = {
  readonly opportunityId: string;
  readonly fromStageId: string;
  readonly toStageId: string;
  readonly probabilityPct: number;
  readonly limitDays?: number | null | undefined;
};

/** The deal has stayed in its stage longer than the pipeline allows. */
export type OpportunityStalled = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Stage it is in. */
  readonly stageId: string;
  /** Days since it entered the stage. */
  readonly daysInStage: number;
  /** Days the pipeline allows. */
  readonly limitDays: number;
};

/** `OpportunityStalled` as it is written. */
export type NewOpportunityStalled = {
  readonly opportunityId: string;
  readonly stageId: string;
  readonly daysInStage: number;
  readonly limitDays: number;
};

/** The order of a won deal was refused or cancelled: the deal is open again. */
export type OpportunityWinReverted = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** The order. */
  readonly orderId: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
  /** Days the pipeline allows in the stage the deal is in from now on. */
  readonly limitDays: number | null;
};

/** `OpportunityWinReverted` as it is written. */
export type NewOpportunityWinReverted = {
  readonly opportunityId: string;
  readonly orderId: string;
  readonly reasonCode: string;
  readonly limitDays?: number | null | undefined;
};

/** The customer bought: amount and lines are frozen here. */
export type OpportunityWon = {
  /** The opportunity. */
  readonly opportunityId: string;
  /** Accepted quote it rests on. */
  readonly quoteId: string | null;
  /** What it is worth. */
  readonly amount: Money;
  /** What was sold. */
  readonly lines: readonly OrderLine[];
  /** Who closed the deal. */
  readonly wonBy: Actor;
};

/** `OpportunityWon` as it is written. */
export type NewOpportunityWon = {
  readonly opportunityId: string;
  readonly quoteId?: string | null | undefined;
  readonly amount: Money;
  readonly lines: readonly NewOrderLine[];
  readonly wonBy: NewActor;
};

/** Events of `opportunity` as they are read, by name. */
export type OpportunityEvents = {
  readonly CompetitorRecorded: CompetitorRecorded;
  readonly ObjectionRecorded: ObjectionRecorded;
  readonly OpportunityAbandoned: OpportunityAbandoned;
  readonly OpportunityContactAttached: OpportunityContactAttached;
  readonly OpportunityForecastRevised: OpportunityForecastRevised;
  readonly OpportunityLinesRevised: OpportunityLinesRevised;
  readonly OpportunityLost: OpportunityLost;
  readonly OpportunityOpened: OpportunityOpened;
  readonly OpportunityReassigned: OpportunityReassigned;
  readonly OpportunityReopened: OpportunityReopened;
  readonly OpportunityStageChanged: OpportunityStageChanged;
  readonly OpportunityStalled: OpportunityStalled;
  readonly OpportunityWinReverted: OpportunityWinReverted;
  readonly OpportunityWon: OpportunityWon;
};

/** Facts of `opportunity` as deciders write them, by name. */
export type OpportunityFacts = {
  readonly CompetitorRecorded: NewCompetitorRecorded;
  readonly ObjectionRecorded: NewObjectionRecorded;
  readonly OpportunityAbandoned: NewOpportunityAbandoned;
  readonly OpportunityContactAttached: NewOpportunityContactAttached;
  readonly OpportunityForecastRevised: NewOpportunityForecastRevised;
  readonly OpportunityLinesRevised: NewOpportunityLinesRevised;
  readonly OpportunityLost: NewOpportunityLost;
  readonly OpportunityOpened: NewOpportunityOpened;
  readonly OpportunityReassigned: NewOpportunityReassigned;
  readonly OpportunityReopened: NewOpportunityReopened;
  readonly OpportunityStageChanged: NewOpportunityStageChanged;
  readonly OpportunityStalled: NewOpportunityStalled;
  readonly OpportunityWinReverted: NewOpportunityWinReverted;
  readonly OpportunityWon: NewOpportunityWon;
};

// What a lead is made of: its state, its commands, and the events they lead to. Personal values are references.
import { NOTHING, type CalendarDate, type Money } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import type {
  LeadEvents,
  LeadFacts as Facts,
  NewLeadCaptured,
  NewLeadContactAttempted,
  NewLeadConversionRequested,
  NewLeadDisqualified,
  NewLeadQualified,
  NewPersonCard,
  PersonCard,
} from '@tenure/events/generated/lead';
import type { Grade, LeadFacts, ScoringModel } from './scoring.ts';

export type LeadStatus =
  | typeof NOTHING
  | 'New'
  | 'Assigned'
  | 'Working'
  | 'Nurturing'
  | 'Qualified'
  | 'Converting'
  | 'Converted'
  | 'Disqualified';

/** The conversion that was asked for last: all its ids come from `conversionId`, so a retry meets the same streams. */
export type Conversion = Omit<LeadEvents['LeadConversionRequested'], 'leadId' | 'person' | 'company'> & {
  /** The step that did not succeed in time; null: none has failed. */
  readonly failedAt: string | null;
};

export type LeadState = {
  readonly status: LeadStatus;
  readonly source: string | null;
  readonly sourceRef: string | null;
  readonly campaignId: string | null;
  readonly referrerCustomerId: string | null;
  readonly person: Sealable<PersonCard> | null;
  readonly company: Sealable<string> | null;
  readonly interests: readonly string[];
  readonly territoryId: string | null;
  readonly capturedAt: number | null;
  /** Values that were added, by name. */
  readonly fields: Readonly<Record<string, Sealable<string>>>;
  readonly score: number | null;
  readonly grade: Grade | null;
  readonly modelVersion: string | null;
  readonly scorings: number;
  readonly ownerId: string | null;
  readonly queueId: string | null;
  /** Instant by which somebody must try to reach the lead; null: nothing is promised, or it was kept. */
  readonly respondBy: number | null;
  /** Told for this assignment already. */
  readonly overdue: boolean;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly reengageOn: CalendarDate | null;
  readonly level: string | null;
  readonly budget: Money | null;
  readonly authority: Sealable<string> | null;
  readonly need: Sealable<string> | null;
  readonly timeline: CalendarDate | null;
  readonly reasonCode: string | null;
  readonly duplicateOfLeadId: string | null;
  readonly duplicateOfCustomerId: string | null;
  readonly conversion: Conversion | null;
};

/** What of a conversion has happened. What was not asked for counts as done. */
export type Progress = { readonly customer: boolean; readonly opportunity: boolean };

/** What deciders know beyond the stream. Personal values are plain here: what is not needed is null. */
export type LeadContext = {
  readonly model: ScoringModel;
  /** For ScoreLead: what the state and the opened values say. */
  readonly facts: LeadFacts | null;
  /** For RequestConversion: the person as known now; null when the keys are destroyed. */
  readonly card: { readonly person: NewPersonCard; readonly company: string | null } | null;
  /** For AssignLead without an owner: whose turn it is in the queue of the lead; null: nobody is in it. */
  readonly next: { readonly ownerId: string; readonly queueId: string; readonly ruleId: string } | null;
  /** Instant by which a lead of this grade must be answered when it is assigned now. */
  readonly respondBy: (grade: Grade | null) => number | null;
  readonly nurtureDays: number;
  readonly recycleDays: number;
  readonly reasons: Readonly<Record<string, unknown>>;
  /** For MarkLeadDuplicate: the lead that is repeated exists. */
  readonly original: boolean;
  /** For RequestConversion into an existing customer: where he is gone to. */
  readonly gone: { readonly survivorId: string | null } | null;
  /** For FailConversion. */
  readonly progress: Progress | null;
};

type Body<T> = Omit<T, 'leadId'>;
type Later = { readonly reengageOn?: CalendarDate | null | undefined };

export type LeadCommands = {
  readonly CaptureLead: Body<NewLeadCaptured>;
  readonly EnrichLead: { readonly fields: Readonly<Record<string, string>>; readonly provider: string };
  readonly ScoreLead: object;
  readonly AssignLead: { readonly ownerId?: string | null | undefined };
  readonly LogContactAttempt: Body<NewLeadContactAttempted>;
  readonly FlagResponseOverdue: object;
  readonly NurtureLead: Later & { readonly programId: string };
  readonly QualifyLead: Omit<Body<NewLeadQualified>, 'qualifiedBy'>;
  readonly DisqualifyLead: Body<NewLeadDisqualified>;
  readonly MarkLeadDuplicate: {
    readonly duplicateOfLeadId?: string | null | undefined;
    readonly duplicateOfCustomerId?: string | null | undefined;
  };
  readonly RecycleLead: Later;
  readonly RequestConversion: Omit<
    Body<NewLeadConversionRequested>,
    'conversionId' | 'person' | 'company'
  > & {
    readonly conversionId?: string | null | undefined;
  };
  readonly CompleteConversion: object;
  readonly FailConversion: object;
};

/** The types that make up the aggregate. */
export type LeadParts = {
  readonly state: LeadState;
  readonly events: LeadEvents;
  readonly facts: Facts;
  readonly commands: LeadCommands;
  readonly context: LeadContext;
};

export const noLead: LeadState = {
  status: NOTHING,
  source: null,
  sourceRef: null,
  campaignId: null,
  referrerCustomerId: null,
  person: null,
  company: null,
  interests: [],
  territoryId: null,
  capturedAt: null,
  fields: {},
  score: null,
  grade: null,
  modelVersion: null,
  scorings: 0,
  ownerId: null,
  queueId: null,
  respondBy: null,
  overdue: false,
  attempts: 0,
  outcome: null,
  reengageOn: null,
  level: null,
  budget: null,
  authority: null,
  need: null,
  timeline: null,
  reasonCode: null,
  duplicateOfLeadId: null,
  duplicateOfCustomerId: null,
  conversion: null,
};

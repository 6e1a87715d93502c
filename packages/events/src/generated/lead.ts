// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Sealable } from '../sealed.ts';
import type { Actor, NewActor, ConversionMode, Money, OpportunityKind, PersonCard, NewPersonCard } from './common.ts';

export type { Actor, NewActor, ConversionMode, Money, OpportunityKind, PersonCard, NewPersonCard };

export const leadSourceSymbols = ['WEB_FORM', 'CAMPAIGN', 'CALL', 'EMAIL', 'SOCIAL', 'REFERRAL', 'PARTNER', 'EVENT', 'IMPORT', 'MANUAL'] as const;
/** Where leads come from. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type LeadSource = (typeof leadSourceSymbols)[number];

export const contactOutcomeSymbols = ['REACHED', 'NO_ANSWER', 'CALLBACK', 'REFUSED'] as const;
/** What came of an attempt to reach a lead. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ContactOutcome = (typeof contactOutcomeSymbols)[number];

export const leadPartyKindSymbols = ['PERSON', 'ORGANISATION'] as const;
/** Kind of party a lead becomes. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type LeadPartyKind = (typeof leadPartyKindSymbols)[number];

export const opportunityModeSymbols = ['NEW', 'EXISTING', 'NONE'] as const;
/** What a conversion does about an opportunity. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type OpportunityMode = (typeof opportunityModeSymbols)[number];

/** An opportunity to be opened. */
export type OpportunityDraft = {
  /** What the deal is called. */
  readonly name: string;
  /** Kind of business. */
  readonly kind: OpportunityKind | 'UNKNOWN';
  /** Pipeline. */
  readonly pipelineId: string;
  /** Version of the pipeline. */
  readonly pipelineVersion: number;
  /** Stage it begins in. */
  readonly stageId: string;
  /** What it is worth. */
  readonly amount: Money;
  /** Day it is expected to close. YYYY-MM-DD. */
  readonly expectedCloseOn: string;
  /** Agent who answers for it. */
  readonly ownerId: string;
};

/** `OpportunityDraft` as it is written. */
export type NewOpportunityDraft = {
  readonly name: string;
  readonly kind: OpportunityKind;
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
  readonly amount: Money;
  readonly expectedCloseOn: string;
  readonly ownerId: string;
};

export const qualificationLevelSymbols = ['MQL', 'SQL'] as const;
/** Qualified by marketing or by sales. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type QualificationLevel = (typeof qualificationLevelSymbols)[number];

export const leadGradeSymbols = ['A', 'B', 'C', 'D'] as const;
/** Grade of a lead, A is best. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type LeadGrade = (typeof leadGradeSymbols)[number];

/** What counted in a score. */
export type ScoreFactor = {
  /** Factor of the model. */
  readonly name: string;
  /** Class it fell into; never a person’s own words. */
  readonly value: string;
  /** Points it gave. */
  readonly points: number;
};

/** Somebody answers for the lead from now on. */
export type LeadAssigned = {
  /** The lead. */
  readonly leadId: string;
  /** Agent who answers for it. */
  readonly ownerId: string;
  /** Queue it came from. */
  readonly queueId: string | null;
  /** Rule that decided, with its version where it has one. */
  readonly ruleId: string;
  /** Instant by which somebody must have tried to reach the lead. Milliseconds since the epoch, UTC. */
  readonly respondBy: number | null;
};

/** `LeadAssigned` as it is written. */
export type NewLeadAssigned = {
  readonly leadId: string;
  readonly ownerId: string;
  readonly queueId?: string | null | undefined;
  readonly ruleId: string;
  readonly respondBy?: number | null | undefined;
};

/** Somebody showed interest; the party id, the key of every later event, was minted here. */
export type LeadCaptured = {
  /** The lead. */
  readonly leadId: string;
  /** Where the lead comes from. */
  readonly source: LeadSource | 'UNKNOWN';
  /** Natural key at that source; with the source it identifies the lead. */
  readonly sourceRef: string | null;
  /** Campaign that brought the lead. */
  readonly campaignId: string | null;
  /** Customer who recommended the company. */
  readonly referrerCustomerId: string | null;
  /** Name, e-mail, telephone and job title. */
  readonly person: Sealable<PersonCard>;
  /** Company of the person. */
  readonly company: Sealable<string> | null;
  /** What the person is interested in, as codes. */
  readonly interests: readonly string[];
  /** Territory the lead lies in. */
  readonly territoryId: string | null;
};

/** `LeadCaptured` as it is written. */
export type NewLeadCaptured = {
  readonly leadId: string;
  readonly source: LeadSource;
  readonly sourceRef?: string | null | undefined;
  readonly campaignId?: string | null | undefined;
  readonly referrerCustomerId?: string | null | undefined;
  readonly person: NewPersonCard;
  readonly company?: string | null | undefined;
  readonly interests: readonly string[];
  readonly territoryId?: string | null | undefined;
};

/** Somebody tried to reach the lead. */
export type LeadContactAttempted = {
  /** The lead. */
  readonly leadId: string;
  /** Interaction it happened in. */
  readonly interactionId: string | null;
  /** Channel it came in or went out by. */
  readonly channel: string;
  /** What came of it. */
  readonly outcome: ContactOutcome | 'UNKNOWN';
};

/** `LeadContactAttempted` as it is written. */
export type NewLeadContactAttempted = {
  readonly leadId: string;
  readonly interactionId?: string | null | undefined;
  readonly channel: string;
  readonly outcome: ContactOutcome;
};

/** The conversion did not come to its end; the lead is Qualified again. */
export type LeadConversionFailed = {
  /** The lead. */
  readonly leadId: string;
  /** The conversion; ids of what it makes derive from it. */
  readonly conversionId: string;
  /** Step that did not succeed. */
  readonly step: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
};

/** `LeadConversionFailed` as it is written. */
export type NewLeadConversionFailed = {
  readonly leadId: string;
  readonly conversionId: string;
  readonly step: string;
  readonly reasonCode: string;
};

/** The lead is to become a customer, and an opportunity where one was asked for; carries all that the other services need. */
export type LeadConversionRequested = {
  /** The lead. */
  readonly leadId: string;
  /** The conversion; ids of what it makes derive from it. */
  readonly conversionId: string;
  /** Whether the lead’s party becomes a customer of its own or is merged into one that exists. */
  readonly customerMode: ConversionMode | 'UNKNOWN';
  /** The customer it is merged into. */
  readonly existingCustomerId: string | null;
  /** Kind of party the customer becomes. */
  readonly customerKind: LeadPartyKind | 'UNKNOWN';
  /** Name, e-mail, telephone and job title. */
  readonly person: Sealable<PersonCard>;
  /** Company of the person. */
  readonly company: Sealable<string> | null;
  /** Whether an opportunity is opened, the lead joins one, or neither. */
  readonly opportunityMode: OpportunityMode | 'UNKNOWN';
  /** The opportunity. */
  readonly opportunityId: string | null;
  /** The opportunity to open. */
  readonly opportunity: OpportunityDraft | null;
};

/** `LeadConversionRequested` as it is written. */
export type NewLeadConversionRequested = {
  readonly leadId: string;
  readonly conversionId: string;
  readonly customerMode: ConversionMode;
  readonly existingCustomerId?: string | null | undefined;
  readonly customerKind: LeadPartyKind;
  readonly person: NewPersonCard;
  readonly company?: string | null | undefined;
  readonly opportunityMode: OpportunityMode;
  readonly opportunityId?: string | null | undefined;
  readonly opportunity?: NewOpportunityDraft | null | undefined;
};

/** The lead has become a customer. */
export type LeadConverted = {
  /** The lead. */
  readonly leadId: string;
  /** The conversion; ids of what it makes derive from it. */
  readonly conversionId: string;
  /** Whether the lead’s party becomes a customer of its own or is merged into one that exists. */
  readonly customerMode: ConversionMode | 'UNKNOWN';
  /** The customer it is merged into. */
  readonly existingCustomerId: string | null;
  /** The opportunity. */
  readonly opportunityId: string | null;
};

/** `LeadConverted` as it is written. */
export type NewLeadConverted = {
  readonly leadId: string;
  readonly conversionId: string;
  readonly customerMode: ConversionMode;
  readonly existingCustomerId?: string | null | undefined;
  readonly opportunityId?: string | null | undefined;
};

/** The lead leads nowhere. */
export type LeadDisqualified = {
  /** The lead. */
  readonly leadId: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
  /** What else is to be said. */
  readonly note: Sealable<string> | null;
};

/** `LeadDisqualified` as it is written. */
export type NewLeadDisqualified = {
  readonly leadId: string;
  readonly reasonCode: string;
  readonly note?: string | null | undefined;
};

/** A provider or a person added what is known about the lead. */
export type LeadEnriched = {
  /** The lead. */
  readonly leadId: string;
  /** Names of the added fields, in the clear; their values are in `fields`. */
  readonly fieldNames: readonly string[];
  /** New value of each added field by its name. */
  readonly fields: Sealable<Readonly<Record<string, string>>>;
  /** Where the values come from. */
  readonly provider: string;
};

/** `LeadEnriched` as it is written. */
export type NewLeadEnriched = {
  readonly leadId: string;
  readonly fieldNames: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly provider: string;
};

/** The lead repeats another one, or a customer. */
export type LeadMarkedDuplicate = {
  /** The lead. */
  readonly leadId: string;
  /** The lead it repeats. */
  readonly duplicateOfLeadId: string | null;
  /** The customer it repeats. */
  readonly duplicateOfCustomerId: string | null;
};

/** `LeadMarkedDuplicate` as it is written. */
export type NewLeadMarkedDuplicate = {
  readonly leadId: string;
  readonly duplicateOfLeadId?: string | null | undefined;
  readonly duplicateOfCustomerId?: string | null | undefined;
};

/** The lead is not ready: it is kept warm until a later day. */
export type LeadNurtured = {
  /** The lead. */
  readonly leadId: string;
  /** Nurture programme that keeps the lead warm. */
  readonly programId: string;
  /** Day on which the lead is taken up again. YYYY-MM-DD. */
  readonly reengageOn: string;
};

/** `LeadNurtured` as it is written. */
export type NewLeadNurtured = {
  readonly leadId: string;
  readonly programId: string;
  readonly reengageOn: string;
};

/** The lead is worth a salesperson’s time. */
export type LeadQualified = {
  /** The lead. */
  readonly leadId: string;
  /** How far the lead is qualified. */
  readonly level: QualificationLevel | 'UNKNOWN';
  /** What the person may spend. */
  readonly budget: Money | null;
  /** Who decides there. */
  readonly authority: Sealable<string> | null;
  /** What the person needs. */
  readonly need: Sealable<string> | null;
  /** Day by which the person wants to decide. YYYY-MM-DD. */
  readonly timeline: string | null;
  /** Who qualified the lead. */
  readonly qualifiedBy: Actor;
};

/** `LeadQualified` as it is written. */
export type NewLeadQualified = {
  readonly leadId: string;
  readonly level: QualificationLevel;
  readonly budget?: Money | null | undefined;
  readonly authority?: string | null | undefined;
  readonly need?: string | null | undefined;
  readonly timeline?: string | null | undefined;
  readonly qualifiedBy: NewActor;
};

/** A disqualified lead gets another chance later. */
export type LeadRecycled = {
  /** The lead. */
  readonly leadId: string;
  /** Day on which the lead is taken up again. YYYY-MM-DD. */
  readonly reengageOn: string;
};

/** `LeadRecycled` as it is written. */
export type NewLeadRecycled = {
  readonly leadId: string;
  readonly reengageOn: string;
};

/** Nobody tried to reach the lead by the time that was promised. */
export type LeadResponseOverdue = {
  /** The lead. */
  readonly leadId: string;
  /** Agent who answers for it. */
  readonly ownerId: string | null;
  /** The instant that passed. Milliseconds since the epoch, UTC. */
  readonly respondBy: number;
};

/** `LeadResponseOverdue` as it is written. */
export type NewLeadResponseOverdue = {
  readonly leadId: string;
  readonly ownerId?: string | null | undefined;
  readonly respondBy: number;
};

/** The lead was scored by a version of the scoring model. */
export type LeadScored = {
  /** The lead. */
  readonly leadId: string;
  /** Sum of the factors, clipped to 0–100. */
  readonly score: number;
  /** Grade the score falls into. */
  readonly grade: LeadGrade | 'UNKNOWN';
  /** Model and version that scored, such as lead-scoring@1. */
  readonly modelVersion: string;
  /** Every factor that counted. */
  readonly factors: readonly ScoreFactor[];
};

/** `LeadScored` as it is written. */
export type NewLeadScored = {
  readonly leadId: string;
  readonly score: number;
  readonly grade: LeadGrade;
  readonly modelVersion: string;
  readonly factors: readonly ScoreFactor[];
};

/** Events of `lead` as they are read, by name. */
export type LeadEvents = {
  readonly LeadAssigned: LeadAssigned;
  readonly LeadCaptured: LeadCaptured;
  readonly LeadContactAttempted: LeadContactAttempted;
  readonly LeadConversionFailed: LeadConversionFailed;
  readonly LeadConversionRequested: LeadConversionRequested;
  readonly LeadConverted: LeadConverted;
  readonly LeadDisqualified: LeadDisqualified;
  readonly LeadEnriched: LeadEnriched;
  readonly LeadMarkedDuplicate: LeadMarkedDuplicate;
  readonly LeadNurtured: LeadNurtured;
  readonly LeadQualified: LeadQualified;
  readonly LeadRecycled: LeadRecycled;
  readonly LeadResponseOverdue: LeadResponseOverdue;
  readonly LeadScored: LeadScored;
};

/** Facts of `lead` as deciders write them, by name. */
export type LeadFacts = {
  readonly LeadAssigned: NewLeadAssigned;
  readonly LeadCaptured: NewLeadCaptured;
  readonly LeadContactAttempted: NewLeadContactAttempted;
  readonly LeadConversionFailed: NewLeadConversionFailed;
  readonly LeadConversionRequested: NewLeadConversionRequested;
  readonly LeadConverted: NewLeadConverted;
  readonly LeadDisqualified: NewLeadDisqualified;
  readonly LeadEnriched: NewLeadEnriched;
  readonly LeadMarkedDuplicate: NewLeadMarkedDuplicate;
  readonly LeadNurtured: NewLeadNurtured;
  readonly LeadQualified: NewLeadQualified;
  readonly LeadRecycled: NewLeadRecycled;
  readonly LeadResponseOverdue: NewLeadResponseOverdue;
  readonly LeadScored: NewLeadScored;
};

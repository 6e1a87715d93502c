// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Sealable } from '../sealed.ts';
import type { Money, SlaClockKind } from './common.ts';

export type { Money, SlaClockKind };

export const casePrioritySymbols = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const;
/** How urgent a case is. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type CasePriority = (typeof casePrioritySymbols)[number];

export const complaintFaultSymbols = ['OURS', 'CUSTOMER', 'THIRD_PARTY', 'NONE'] as const;
/** Whose fault it was. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ComplaintFault = (typeof complaintFaultSymbols)[number];

export const complaintTopicSymbols = ['CORE_SERVICE', 'STAFF', 'PRICE', 'DELIVERY', 'PRODUCT', 'BILLING', 'OTHER'] as const;
/** What a complaint is about. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ComplaintTopic = (typeof complaintTopicSymbols)[number];

export const complaintSeveritySymbols = ['LOW', 'MEDIUM', 'HIGH'] as const;
/** How serious a complaint is. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ComplaintSeverity = (typeof complaintSeveritySymbols)[number];

/** A clock that runs on. */
export type ClockDue = {
  /** The clock. */
  readonly clockId: string;
  /** Instant at which it ends now. Milliseconds since the epoch, UTC. */
  readonly dueAt: number;
};

export const remedyKindSymbols = ['APOLOGY', 'REFUND', 'REPLACEMENT', 'VOUCHER', 'POINTS', 'DISCOUNT'] as const;
/** What makes up for it. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type RemedyKind = (typeof remedyKindSymbols)[number];

/** An agent answers for the case. */
export type CaseAssigned = {
  /** The case. */
  readonly caseId: string;
  /** The agent. */
  readonly agentId: string;
  /** Queue it came from. */
  readonly queueId: string | null;
  /** Skill it was given for. */
  readonly skill: string | null;
  /** Rule that decided, with its version where it has one. */
  readonly ruleId: string | null;
};

/** `CaseAssigned` as it is written. */
export type NewCaseAssigned = {
  readonly caseId: string;
  readonly agentId: string;
  readonly queueId?: string | null | undefined;
  readonly skill?: string | null | undefined;
  readonly ruleId?: string | null | undefined;
};

/** The case is over for good. */
export type CaseClosed = {
  /** The case. */
  readonly caseId: string;
};

/** `CaseClosed` as it is written. */
export type NewCaseClosed = {
  readonly caseId: string;
};

/** The case went up a step of the ladder. */
export type CaseEscalated = {
  /** The case. */
  readonly caseId: string;
  /** Step of the ladder, 1 to 3. */
  readonly level: number;
  /** Team it went to. */
  readonly toTeamId: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
};

/** `CaseEscalated` as it is written. */
export type NewCaseEscalated = {
  readonly caseId: string;
  readonly level: number;
  readonly toTeamId: string;
  readonly reasonCode: string;
};

/** The case goes on in another one. */
export type CaseMerged = {
  /** The case. */
  readonly caseId: string;
  /** The case in which it goes on. */
  readonly intoCaseId: string;
};

/** `CaseMerged` as it is written. */
export type NewCaseMerged = {
  readonly caseId: string;
  readonly intoCaseId: string;
};

/** The customer asked for help. */
export type CaseOpened = {
  /** The case. */
  readonly caseId: string;
  /** Interaction it happened in. */
  readonly interactionId: string | null;
  /** Channel it came in or went out by. */
  readonly channel: string;
  /** What it is about, a code. */
  readonly category: string;
  /** How urgent it is. */
  readonly priority: CasePriority | 'UNKNOWN';
  /** What the customer wrote or said, in one line. */
  readonly subject: Sealable<string>;
  /** Product it is about. */
  readonly productId: string | null;
  /** Order it is about. */
  readonly orderId: string | null;
  /** Installed product it is about. */
  readonly assetId: string | null;
  /** Closed case that it follows. */
  readonly followsCaseId: string | null;
};

/** `CaseOpened` as it is written. */
export type NewCaseOpened = {
  readonly caseId: string;
  readonly interactionId?: string | null | undefined;
  readonly channel: string;
  readonly category: string;
  readonly priority: CasePriority;
  readonly subject: string;
  readonly productId?: string | null | undefined;
  readonly orderId?: string | null | undefined;
  readonly assetId?: string | null | undefined;
  readonly followsCaseId?: string | null | undefined;
};

/** The case waits for the customer: the resolution clock stands still. */
export type CasePendedOnCustomer = {
  /** The case. */
  readonly caseId: string;
  /** What was asked. */
  readonly question: Sealable<string>;
};

/** `CasePendedOnCustomer` as it is written. */
export type NewCasePendedOnCustomer = {
  readonly caseId: string;
  readonly question: string;
};

/** The solution did not hold. */
export type CaseReopened = {
  /** The case. */
  readonly caseId: string;
  /** Why. */
  readonly reason: Sealable<string>;
  /** How often it has been reopened, this time included. */
  readonly count: number;
};

/** `CaseReopened` as it is written. */
export type NewCaseReopened = {
  readonly caseId: string;
  readonly reason: string;
  readonly count: number;
};

/** The case is solved. */
export type CaseResolved = {
  /** The case. */
  readonly caseId: string;
  /** How it was solved, a code of the policy in force. */
  readonly resolutionCode: string;
  /** Article that solved it. */
  readonly articleId: string | null;
  /** True when the first contact solved it. */
  readonly firstContact: boolean;
};

/** `CaseResolved` as it is written. */
export type NewCaseResolved = {
  readonly caseId: string;
  readonly resolutionCode: string;
  readonly articleId?: string | null | undefined;
  readonly firstContact: boolean;
};

/** The customer got an answer. */
export type CaseResponded = {
  /** The case. */
  readonly caseId: string;
  /** Interaction it happened in. */
  readonly interactionId: string | null;
  /** True for the first answer. */
  readonly first: boolean;
  /** True when a person answered; an automatic reply keeps no promise. */
  readonly byHuman: boolean;
};

/** `CaseResponded` as it is written. */
export type NewCaseResponded = {
  readonly caseId: string;
  readonly interactionId?: string | null | undefined;
  readonly first: boolean;
  readonly byHuman: boolean;
};

/** The customer knows that the complaint has arrived. */
export type ComplaintAcknowledged = {
  /** The complaint. */
  readonly complaintId: string;
  /** Calendar hours since it was registered, one decimal. Canonical decimal number. */
  readonly withinHours: string;
};

/** `ComplaintAcknowledged` as it is written. */
export type NewComplaintAcknowledged = {
  readonly complaintId: string;
  readonly withinHours: string;
};

/** The complaint went to an ombudsman or a regulator. */
export type ComplaintEscalated = {
  /** The complaint. */
  readonly complaintId: string;
  /** Body it went to. */
  readonly body: string;
};

/** `ComplaintEscalated` as it is written. */
export type NewComplaintEscalated = {
  readonly complaintId: string;
  readonly body: string;
};

/** It is known what went wrong, and whose fault it was. */
export type ComplaintInvestigated = {
  /** The complaint. */
  readonly complaintId: string;
  /** What went wrong. */
  readonly rootCause: Sealable<string>;
  /** Whose fault it was. */
  readonly fault: ComplaintFault | 'UNKNOWN';
};

/** `ComplaintInvestigated` as it is written. */
export type NewComplaintInvestigated = {
  readonly complaintId: string;
  readonly rootCause: string;
  readonly fault: ComplaintFault;
};

/** The customer complained. */
export type ComplaintRegistered = {
  /** The complaint. */
  readonly complaintId: string;
  /** Case it comes from. */
  readonly caseId: string | null;
  /** What it is about. */
  readonly topic: ComplaintTopic | 'UNKNOWN';
  /** How serious it is. */
  readonly severity: ComplaintSeverity | 'UNKNOWN';
  /** Channel it came in or went out by. */
  readonly channel: string;
  /** What the customer said. */
  readonly text: Sealable<string>;
  /** Version of the policy that decided. */
  readonly policyVersion: number;
};

/** `ComplaintRegistered` as it is written. */
export type NewComplaintRegistered = {
  readonly complaintId: string;
  readonly caseId?: string | null | undefined;
  readonly topic: ComplaintTopic;
  readonly severity: ComplaintSeverity;
  readonly channel: string;
  readonly text: string;
  readonly policyVersion: number;
};

/** The complaint is unfounded. */
export type ComplaintRejected = {
  /** The complaint. */
  readonly complaintId: string;
  /** Why. */
  readonly reason: Sealable<string>;
};

/** `ComplaintRejected` as it is written. */
export type NewComplaintRejected = {
  readonly complaintId: string;
  readonly reason: string;
};

/** The customer answered; paused clocks run on with new due times. */
export type CustomerReplyReceived = {
  /** The case. */
  readonly caseId: string;
  /** Interaction it happened in. */
  readonly interactionId: string | null;
  /** Paused clocks that run on, with their new due times. */
  readonly resumed: readonly ClockDue[];
};

/** `CustomerReplyReceived` as it is written. */
export type NewCustomerReplyReceived = {
  readonly caseId: string;
  readonly interactionId?: string | null | undefined;
  readonly resumed: readonly ClockDue[];
};

/** The service is not covered. */
export type EntitlementDenied = {
  /** The case. */
  readonly caseId: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
  /** True when the customer may have it for money. */
  readonly chargeable: boolean;
};

/** `EntitlementDenied` as it is written. */
export type NewEntitlementDenied = {
  readonly caseId: string;
  readonly reasonCode: string;
  readonly chargeable: boolean;
};

/** The customer may have the service; the promise counts by these versions. */
export type EntitlementVerified = {
  /** The case. */
  readonly caseId: string;
  /** Service contract that covers it. */
  readonly serviceContractId: string | null;
  /** Policy of the promise. */
  readonly slaPolicyId: string;
  /** Version of that policy. */
  readonly slaPolicyVersion: number;
  /** Calendar in which the promise counts. */
  readonly calendarId: string;
  /** Version of that calendar. */
  readonly calendarVersion: number;
};

/** `EntitlementVerified` as it is written. */
export type NewEntitlementVerified = {
  readonly caseId: string;
  readonly serviceContractId?: string | null | undefined;
  readonly slaPolicyId: string;
  readonly slaPolicyVersion: number;
  readonly calendarId: string;
  readonly calendarVersion: number;
};

/** The customer accepted the remedy: the complaint is settled. */
export type RemedyAccepted = {
  /** The complaint. */
  readonly complaintId: string;
  /** What was accepted. */
  readonly kind: string;
  /** What it is worth. */
  readonly value: Money | null;
  /** Points that were accepted. */
  readonly points: number | null;
};

/** `RemedyAccepted` as it is written. */
export type NewRemedyAccepted = {
  readonly complaintId: string;
  readonly kind: string;
  readonly value?: Money | null | undefined;
  readonly points?: number | null | undefined;
};

/** The customer declined the remedy. */
export type RemedyDeclined = {
  /** The complaint. */
  readonly complaintId: string;
  /** Why. */
  readonly reason: Sealable<string>;
};

/** `RemedyDeclined` as it is written. */
export type NewRemedyDeclined = {
  readonly complaintId: string;
  readonly reason: string;
};

/** The customer was offered something to make up for it. */
export type RemedyOffered = {
  /** The complaint. */
  readonly complaintId: string;
  /** What was offered. */
  readonly kind: RemedyKind | 'UNKNOWN';
  /** What it is worth. */
  readonly value: Money | null;
  /** Points that were offered. */
  readonly points: number | null;
};

/** `RemedyOffered` as it is written. */
export type NewRemedyOffered = {
  readonly complaintId: string;
  readonly kind: RemedyKind;
  readonly value?: Money | null | undefined;
  readonly points?: number | null | undefined;
};

/** A promise was not kept. */
export type SlaBreached = {
  /** The case. */
  readonly caseId: string;
  /** The clock. */
  readonly clockId: string;
  /** What was promised. */
  readonly kind: SlaClockKind | 'UNKNOWN';
  /** Instant at which the promise ends. Milliseconds since the epoch, UTC. */
  readonly dueAt: number;
};

/** `SlaBreached` as it is written. */
export type NewSlaBreached = {
  readonly caseId: string;
  readonly clockId: string;
  readonly kind: SlaClockKind;
  readonly dueAt: number;
};

/** A promise began to run; its due time is fixed here. */
export type SlaClockStarted = {
  /** The case. */
  readonly caseId: string;
  /** The clock. */
  readonly clockId: string;
  /** What is promised. */
  readonly kind: SlaClockKind | 'UNKNOWN';
  /** Promised minutes, in business time. */
  readonly targetMinutes: number;
  /** Instant at which the promise ends. Milliseconds since the epoch, UTC. */
  readonly dueAt: number;
};

/** `SlaClockStarted` as it is written. */
export type NewSlaClockStarted = {
  readonly caseId: string;
  readonly clockId: string;
  readonly kind: SlaClockKind;
  readonly targetMinutes: number;
  readonly dueAt: number;
};

/** Events of `service` as they are read, by name. */
export type ServiceEvents = {
  readonly CaseAssigned: CaseAssigned;
  readonly CaseClosed: CaseClosed;
  readonly CaseEscalated: CaseEscalated;
  readonly CaseMerged: CaseMerged;
  readonly CaseOpened: CaseOpened;
  readonly CasePendedOnCustomer: CasePendedOnCustomer;
  readonly CaseReopened: CaseReopened;
  readonly CaseResolved: CaseResolved;
  readonly CaseResponded: CaseResponded;
  readonly ComplaintAcknowledged: ComplaintAcknowledged;
  readonly ComplaintEscalated: ComplaintEscalated;
  readonly ComplaintInvestigated: ComplaintInvestigated;
  readonly ComplaintRegistered: ComplaintRegistered;
  readonly ComplaintRejected: ComplaintRejected;
  readonly CustomerReplyReceived: CustomerReplyReceived;
  readonly EntitlementDenied: EntitlementDenied;
  readonly EntitlementVerified: EntitlementVerified;
  readonly RemedyAccepted: RemedyAccepted;
  readonly RemedyDeclined: RemedyDeclined;
  readonly RemedyOffered: RemedyOffered;
  readonly SlaBreached: SlaBreached;
  readonly SlaClockStarted: SlaClockStarted;
};

/** Facts of `service` as deciders write them, by name. */
export type ServiceFacts = {
  readonly CaseAssigned: NewCaseAssigned;
  readonly CaseClosed: NewCaseClosed;
  readonly CaseEscalated: NewCaseEscalated;
  readonly CaseMerged: NewCaseMerged;
  readonly CaseOpened: NewCaseOpened;
  readonly CasePendedOnCustomer: NewCasePendedOnCustomer;
  readonly CaseReopened: NewCaseReopened;
  readonly CaseResolved: NewCaseResolved;
  readonly CaseResponded: NewCaseResponded;
  readonly ComplaintAcknowledged: NewComplaintAcknowledged;
  readonly ComplaintEscalated: NewComplaintEscalated;
  readonly ComplaintInvestigated: NewComplaintInvestigated;
  readonly ComplaintRegistered: NewComplaintRegistered;
  readonly ComplaintRejected: NewComplaintRejected;
  readonly CustomerReplyReceived: NewCustomerReplyReceived;
  readonly EntitlementDenied: NewEntitlementDenied;
  readonly EntitlementVerified: NewEntitlementVerified;
  readonly RemedyAccepted: NewRemedyAccepted;
  readonly RemedyDeclined: NewRemedyDeclined;
  readonly RemedyOffered: NewRemedyOffered;
  readonly SlaBreached: NewSlaBreached;
  readonly SlaClockStarted: NewSlaClockStarted;
};

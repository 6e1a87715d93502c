// What a case is made of: its state, its commands, and what its deciders know.
import { NOTHING, type BusinessCalendar } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import type {
  NewCaseOpened,
  ServiceEvents,
  ServiceFacts,
  SlaClockKind,
} from '@tenure/events/generated/service';
import { noClocks, type Clocks } from './clocks.ts';
import type { DeskPolicy, SlaPolicy } from './policy.ts';

export type CaseStatus =
  | typeof NOTHING
  | 'New'
  | 'Assigned'
  | 'InProgress'
  | 'PendingCustomer'
  | 'Resolved'
  | 'Closed';

/** Somebody works on it, or should. */
export const OPEN_STATUSES = ['New', 'Assigned', 'InProgress', 'PendingCustomer'] as const;

type Entitlement = Omit<ServiceEvents['EntitlementVerified'], 'caseId'>;

export type CaseState = {
  readonly status: CaseStatus;
  readonly interactionId: string | null;
  readonly channel: string | null;
  readonly category: string | null;
  readonly priority: ServiceEvents['CaseOpened']['priority'] | null;
  readonly subject: Sealable<string> | null;
  readonly productId: string | null;
  readonly orderId: string | null;
  readonly assetId: string | null;
  readonly followsCaseId: string | null;
  readonly openedAt: number | null;
  /** What is promised, by the versions that count for this case; null: nothing. */
  readonly entitlement: Entitlement | null;
  readonly denied: { readonly reasonCode: string; readonly chargeable: boolean } | null;
  readonly clocks: Clocks;
  readonly agentId: string | null;
  readonly queueId: string | null;
  readonly skill: string | null;
  /** True once a person has answered. */
  readonly answered: boolean;
  /** What the customer was asked last. */
  readonly question: Sealable<string> | null;
  /** Step of the ladder it has reached; 0: none. */
  readonly level: number;
  readonly teamId: string | null;
  readonly breaches: number;
  readonly resolvedAt: number | null;
  readonly resolutionCode: string | null;
  readonly firstContact: boolean | null;
  readonly articleId: string | null;
  readonly reopened: number;
  readonly reopenReason: Sealable<string> | null;
  readonly intoCaseId: string | null;
};

export const noCase: CaseState = {
  status: NOTHING,
  interactionId: null,
  channel: null,
  category: null,
  priority: null,
  subject: null,
  productId: null,
  orderId: null,
  assetId: null,
  followsCaseId: null,
  openedAt: null,
  entitlement: null,
  denied: null,
  clocks: noClocks,
  agentId: null,
  queueId: null,
  skill: null,
  answered: false,
  question: null,
  level: 0,
  teamId: null,
  breaches: 0,
  resolvedAt: null,
  resolutionCode: null,
  firstContact: null,
  articleId: null,
  reopened: 0,
  reopenReason: null,
  intoCaseId: null,
};

/** Another case of this service, as of now. `sameCustomer`: of the customer, or of one merged into him. */
export type OtherCase = { readonly status: CaseStatus; readonly sameCustomer: boolean };

/** What deciders know beyond the stream. */
export type CaseContext = {
  readonly zone: string;
  readonly desk: DeskPolicy;
  /** The desk's rules on a date. */
  readonly deskAt: (date: string) => DeskPolicy;
  /** The promise of that name in force; null: there is none. */
  readonly slaAt: (id: string) => SlaPolicy | null;
  readonly sla: (id: string, version: number) => SlaPolicy;
  readonly calendarVersionAt: (id: string) => number;
  readonly calendar: (id: string, version: number) => BusinessCalendar;
  /** How many cases of the customer are open; asked for an opening only. */
  readonly openCases: number;
  /** The case that the command names; null: it names none. */
  readonly other: OtherCase | null;
  /** Who may take the case, asked for an assignment only. */
  readonly candidates: readonly Candidate[];
};

/** An agent of a queue, with the open cases he has. */
export type Candidate = { readonly agentId: string; readonly openCases: number };

export type CaseCommands = {
  readonly OpenCase: Omit<NewCaseOpened, 'caseId'>;
  readonly VerifyEntitlement: { readonly slaPolicyId?: string | undefined };
  readonly DenyEntitlement: { readonly reasonCode: string; readonly chargeable: boolean };
  readonly StartSlaClock: { readonly kind: SlaClockKind };
  readonly AssignCase: {
    readonly agentId?: string | null | undefined;
    readonly queueId?: string | null | undefined;
    readonly skill?: string | null | undefined;
  };
  readonly RespondToCase: { readonly interactionId?: string | null | undefined; readonly byHuman: boolean };
  readonly PendOnCustomer: { readonly question: string };
  readonly RecordCustomerReply: { readonly interactionId?: string | null | undefined };
  readonly EscalateCase: {
    readonly level?: number | undefined;
    readonly toTeamId?: string | null | undefined;
    readonly reasonCode: string;
  };
  readonly BreachSla: { readonly clockId: string; readonly dueAt: number };
  readonly ResolveCase: {
    readonly resolutionCode: string;
    readonly articleId?: string | null | undefined;
    readonly firstContact: boolean;
  };
  readonly CloseCase: object;
  readonly ReopenCase: { readonly reason: string };
  readonly MergeCase: { readonly intoCaseId: string };
};

type CaseEventName =
  | 'CaseOpened'
  | 'EntitlementVerified'
  | 'EntitlementDenied'
  | 'SlaClockStarted'
  | 'CaseAssigned'
  | 'CaseResponded'
  | 'CasePendedOnCustomer'
  | 'CustomerReplyReceived'
  | 'CaseEscalated'
  | 'SlaBreached'
  | 'CaseResolved'
  | 'CaseClosed'
  | 'CaseReopened'
  | 'CaseMerged';

/** The source also carries the events of complaints, which have streams of their own. */
export type CaseEvents = Pick<ServiceEvents, CaseEventName>;
export type CaseFacts = Pick<ServiceFacts, CaseEventName>;

/** The types that make up the aggregate. */
export type CaseParts = {
  readonly state: CaseState;
  readonly events: CaseEvents;
  readonly facts: CaseFacts;
  readonly commands: CaseCommands;
  readonly context: CaseContext;
};

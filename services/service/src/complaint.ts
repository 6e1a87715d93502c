// The complaint: acknowledged, looked into, made up for. It is never deleted or merged away.
import { aggregate, NOTHING, ruleViolated, type Aggregate, type Money } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import type { NewComplaintRegistered, ServiceEvents, ServiceFacts } from '@tenure/events/generated/service';
import type { DeskPolicy } from './policy.ts';
import { checkGrant, checkOffers } from './remedies.ts';

export type ComplaintStatus =
  | typeof NOTHING
  | 'Registered'
  | 'Acknowledged'
  | 'Investigating'
  | 'RemedyOffered'
  | 'Settled'
  | 'Rejected'
  | 'EscalatedExternally';

/** It is not over yet. */
export const OPEN_COMPLAINTS = ['Registered', 'Acknowledged', 'Investigating', 'RemedyOffered'] as const;

export type Offer = Omit<ServiceEvents['RemedyOffered'], 'complaintId'> & {
  readonly outcome: 'OPEN' | 'ACCEPTED' | 'DECLINED' | 'LAPSED';
  /** Why the customer declined. */
  readonly reason: Sealable<string> | null;
};

export type ComplaintState = {
  readonly status: ComplaintStatus;
  readonly caseId: string | null;
  readonly topic: ServiceEvents['ComplaintRegistered']['topic'] | null;
  readonly severity: ServiceEvents['ComplaintRegistered']['severity'] | null;
  readonly channel: string | null;
  readonly text: Sealable<string> | null;
  readonly policyVersion: number | null;
  readonly registeredAt: number | null;
  readonly withinHours: string | null;
  readonly rootCause: Sealable<string> | null;
  readonly fault: ServiceEvents['ComplaintInvestigated']['fault'] | null;
  readonly offers: readonly Offer[];
  readonly rejection: Sealable<string> | null;
  readonly escalatedTo: string | null;
};

/** What deciders know beyond the stream. */
export type ComplaintContext = {
  /** The version that the complaint was registered under; for a new one, that in force. */
  readonly desk: DeskPolicy;
  readonly homeCurrency: string;
  /** How many complaints of the customer are open; asked for a registration only. */
  readonly openComplaints: number;
  /** The case that the registration names; null: there is none, or it names none. */
  readonly other: { readonly sameCustomer: boolean } | null;
};

export type ComplaintCommands = {
  readonly RegisterComplaint: Omit<NewComplaintRegistered, 'complaintId' | 'policyVersion'>;
  readonly AcknowledgeComplaint: object;
  readonly InvestigateComplaint: Omit<ServiceFacts['ComplaintInvestigated'], 'complaintId'>;
  readonly OfferRemedy: {
    readonly kind: ServiceFacts['RemedyOffered']['kind'];
    readonly value?: Money | null | undefined;
    readonly points?: number | null | undefined;
  };
  readonly AcceptRemedy: object;
  readonly DeclineRemedy: { readonly reason: string };
  readonly RejectComplaint: { readonly reason: string };
  readonly EscalateComplaint: { readonly body: string };
};

type ComplaintEventName =
  | 'ComplaintRegistered'
  | 'ComplaintAcknowledged'
  | 'ComplaintInvestigated'
  | 'RemedyOffered'
  | 'RemedyAccepted'
  | 'RemedyDeclined'
  | 'ComplaintRejected'
  | 'ComplaintEscalated';

export type ComplaintEvents = Pick<ServiceEvents, ComplaintEventName>;

/** The types that make up the aggregate. */
export type ComplaintParts = {
  readonly state: ComplaintState;
  readonly events: ComplaintEvents;
  readonly facts: Pick<ServiceFacts, ComplaintEventName>;
  readonly commands: ComplaintCommands;
  readonly context: ComplaintContext;
};

export const noComplaint: ComplaintState = {
  status: NOTHING,
  caseId: null,
  topic: null,
  severity: null,
  channel: null,
  text: null,
  policyVersion: null,
  registeredAt: null,
  withinHours: null,
  rootCause: null,
  fault: null,
  offers: [],
  rejection: null,
  escalatedTo: null,
};

const TENTH_OF_AN_HOUR = 360_000;

/** Calendar hours with one decimal, half up. */
const hoursBetween = (from: number, to: number): string => {
  const tenths = Math.round(Math.max(0, to - from) / TENTH_OF_AN_HOUR);
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
};

const checkOpenComplaints = ({ desk: { limits }, openComplaints }: ComplaintContext): void => {
  if (openComplaints >= limits.openComplaints)
    throw ruleViolated(
      'LIMIT_EXCEEDED',
      `The customer has ${limits.openComplaints} open complaints. Settle some of them first.`,
      { limit: 'openComplaints', value: limits.openComplaints },
    );
};

const checkCase = ({ other }: ComplaintContext): void => {
  if (other === null) throw ruleViolated('UNKNOWN_CASE', 'There is no case with this caseId.');
  if (!other.sameCustomer)
    throw ruleViolated('CUSTOMER_MISMATCH', 'The case with this caseId belongs to another customer.');
};

const withOutcome = (
  offers: readonly Offer[],
  outcome: Offer['outcome'],
  reason: Offer['reason'] = null,
): readonly Offer[] =>
  offers.map((offer) => (offer.outcome === 'OPEN' ? { ...offer, outcome, reason } : offer));

/** States, rules and events of the complaint. */
export const complaint: Aggregate<ComplaintParts> = aggregate<ComplaintParts>({
  name: 'complaint',
  initial: noComplaint,
  transitions: {
    RegisterComplaint: [NOTHING],
    AcknowledgeComplaint: ['Registered'],
    InvestigateComplaint: ['Acknowledged'],
    OfferRemedy: ['Acknowledged', 'Investigating'],
    AcceptRemedy: ['RemedyOffered'],
    DeclineRemedy: ['RemedyOffered'],
    RejectComplaint: ['Investigating'],
    EscalateComplaint: ['Acknowledged', 'Investigating', 'RemedyOffered'],
  },
  decide: {
    RegisterComplaint(_, command, context) {
      checkOpenComplaints(context);
      if ((command.caseId ?? null) !== null) checkCase(context);
      const { id, desk } = context;
      return [
        { type: 'ComplaintRegistered', data: { ...command, complaintId: id, policyVersion: desk.version } },
      ];
    },
    AcknowledgeComplaint({ registeredAt }, _, { id, now }) {
      const withinHours = hoursBetween(registeredAt ?? now, now);
      return [{ type: 'ComplaintAcknowledged', data: { complaintId: id, withinHours } }];
    },
    InvestigateComplaint: (_, { rootCause, fault }, { id }) => [
      { type: 'ComplaintInvestigated', data: { complaintId: id, rootCause, fault } },
    ],
    OfferRemedy({ offers }, { kind, value, points }, context) {
      checkOffers(offers.length, context.desk);
      checkGrant({ value, points }, context.desk, context);
      return [{ type: 'RemedyOffered', data: { complaintId: context.id, kind, value, points } }];
    },
    AcceptRemedy({ offers }, _, { id }) {
      const offer = offers.at(-1);
      if (offer === undefined) return [];
      const { kind, value, points } = offer;
      return [{ type: 'RemedyAccepted', data: { complaintId: id, kind, value, points } }];
    },
    DeclineRemedy: (_, { reason }, { id }) => [{ type: 'RemedyDeclined', data: { complaintId: id, reason } }],
    RejectComplaint: (_, { reason }, { id }) => [
      { type: 'ComplaintRejected', data: { complaintId: id, reason } },
    ],
    EscalateComplaint: (_, { body }, { id }) => [
      { type: 'ComplaintEscalated', data: { complaintId: id, body } },
    ],
  },
  evolve: {
    ComplaintRegistered(state, { occurredAt, data }) {
      const { complaintId: _, ...registered } = data;
      return { ...state, ...registered, status: 'Registered', registeredAt: occurredAt };
    },
    ComplaintAcknowledged: (state, { data: { withinHours } }) => ({
      ...state,
      status: 'Acknowledged',
      withinHours,
    }),
    ComplaintInvestigated: (state, { data: { rootCause, fault } }) => ({
      ...state,
      status: 'Investigating',
      rootCause,
      fault,
    }),
    RemedyOffered: (state, { data: { kind, value, points } }) => ({
      ...state,
      status: 'RemedyOffered',
      offers: [...state.offers, { kind, value, points, outcome: 'OPEN', reason: null }],
    }),
    RemedyAccepted: (state) => ({
      ...state,
      status: 'Settled',
      offers: withOutcome(state.offers, 'ACCEPTED'),
    }),
    RemedyDeclined: (state, { data: { reason } }) => ({
      ...state,
      status: 'Investigating',
      offers: withOutcome(state.offers, 'DECLINED', reason),
    }),
    ComplaintRejected: (state, { data: { reason } }) => ({ ...state, status: 'Rejected', rejection: reason }),
    ComplaintEscalated: (state, { data: { body } }) => ({
      ...state,
      status: 'EscalatedExternally',
      escalatedTo: body,
      offers: withOutcome(state.offers, 'LAPSED'),
    }),
  },
});

// Complaints for specifications.
import type { Sealable } from '@tenure/events';
import { idOf, SCENARIO_CONTEXT, SCENARIO_NOW, scenarios, type Command, type Given } from '@tenure/testing';
import {
  complaint,
  type ComplaintContext,
  type ComplaintParts,
  type ComplaintStatus,
} from '../src/complaint.ts';
import { desk } from './shipped.ts';

export const complaintId = SCENARIO_CONTEXT.id;

export const context: ComplaintContext = { desk, homeCurrency: 'CNY', openComplaints: 0, other: null };
export const given = scenarios<ComplaintParts>(complaint, context);

export type ComplaintFact = Given<ComplaintParts>;
export type ComplaintCommand = Command<ComplaintParts>;

export const cny = (minor: number) => ({ minor, currency: 'CNY' });
export const sealed = (field: string): Sealable<string> => ({ $sealed: idOf('some event'), field });

export const registered = {
  type: 'ComplaintRegistered',
  occurredAt: SCENARIO_NOW,
  data: {
    complaintId,
    caseId: null,
    topic: 'PRODUCT',
    severity: 'MEDIUM',
    channel: 'EMAIL',
    text: sealed('text'),
    policyVersion: 1,
  },
} as const satisfies ComplaintFact;

export const acknowledged = {
  type: 'ComplaintAcknowledged',
  data: { complaintId, withinHours: '0.0' },
} as const satisfies ComplaintFact;

export const investigated = {
  type: 'ComplaintInvestigated',
  data: { complaintId, rootCause: sealed('rootCause'), fault: 'OURS' },
} as const satisfies ComplaintFact;

export const offered = {
  type: 'RemedyOffered',
  data: { complaintId, kind: 'POINTS', value: null, points: 300 },
} as const satisfies ComplaintFact;

export const accepted = {
  type: 'RemedyAccepted',
  data: { complaintId, kind: 'POINTS', value: null, points: 300 },
} as const satisfies ComplaintFact;

export const declined = {
  type: 'RemedyDeclined',
  data: { complaintId, reason: sealed('reason') },
} as const satisfies ComplaintFact;

export const rejected = {
  type: 'ComplaintRejected',
  data: { complaintId, reason: sealed('reason') },
} as const satisfies ComplaintFact;

export const escalated = {
  type: 'ComplaintEscalated',
  data: { complaintId, body: 'Consumer office' },
} as const satisfies ComplaintFact;

/** A history that ends in each status. */
export const histories: Readonly<Record<ComplaintStatus, readonly ComplaintFact[]>> = {
  '∅': [],
  Registered: [registered],
  Acknowledged: [registered, acknowledged],
  Investigating: [registered, acknowledged, investigated],
  RemedyOffered: [registered, acknowledged, offered],
  Settled: [registered, acknowledged, offered, accepted],
  Rejected: [registered, acknowledged, investigated, rejected],
  EscalatedExternally: [registered, acknowledged, escalated],
};

/** A command of each name that no rule but the state could refuse. */
export const commands: {
  readonly [C in ComplaintCommand['name']]: Extract<ComplaintCommand, { name: C }>;
} = {
  RegisterComplaint: {
    name: 'RegisterComplaint',
    data: { topic: 'PRODUCT', severity: 'MEDIUM', channel: 'EMAIL', text: 'It never worked' },
  },
  AcknowledgeComplaint: { name: 'AcknowledgeComplaint', data: {} },
  InvestigateComplaint: {
    name: 'InvestigateComplaint',
    data: { rootCause: 'A loose wire', fault: 'OURS' },
  },
  OfferRemedy: { name: 'OfferRemedy', data: { kind: 'DISCOUNT', value: cny(5_000) } },
  AcceptRemedy: { name: 'AcceptRemedy', data: {} },
  DeclineRemedy: { name: 'DeclineRemedy', data: { reason: 'Not enough' } },
  RejectComplaint: { name: 'RejectComplaint', data: { reason: 'Dropped by the customer' } },
  EscalateComplaint: { name: 'EscalateComplaint', data: { body: 'Consumer office' } },
};

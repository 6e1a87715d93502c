// Leads for specifications: facts as they are read back (personal values as references), a history for every status.
import { readFileSync } from 'node:fs';
import type { Sealable } from '@tenure/events';
import { policyBook, type Policies, type PolicyHead } from '@tenure/service-kit';
import { idOf, SCENARIO_CONTEXT, SCENARIO_NOW, scenarios, type Command, type Given } from '@tenure/testing';
import type { LeadContext, LeadParts, LeadStatus } from '../src/lead-state.ts';
import { lead } from '../src/lead.ts';
import { AssignmentPolicy, LeadReasonsPolicy, ScoringPolicy } from '../src/policy.ts';
import type { LeadFacts } from '../src/scoring.ts';

export const leadId = SCENARIO_CONTEXT.id;
export const shipped = (path: string): object =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as object;

export const scoring = ScoringPolicy.parse(shipped('../policies/scoring.v1.json'));
export const assignment = AssignmentPolicy.parse(shipped('../policies/assignment.v1.json'));
export const reasons = LeadReasonsPolicy.parse(shipped('../policies/reasons.v1.json'));

/** The policies that ship; others of the same name take their place. */
export const policiesWith = (...more: readonly PolicyHead[]): Policies => {
  const shared = ['deployment.v1', 'agents.v1', 'calendar.business.v1'].map(
    (name) => shipped(`../../../policies/${name}.json`) as PolicyHead,
  );
  const all = [scoring, assignment, reasons, ...shared];
  return policyBook([...all.filter(({ policy }) => !more.some((one) => one.policy === policy)), ...more]);
};
export const policies = policiesWith();

/** Somebody of whom nothing is known but a source. */
export const nobody: LeadFacts = {
  source: 'IMPORT',
  hasEmail: false,
  hasPhone: false,
  jobTitle: null,
  hasCompany: false,
  employees: null,
  interests: 0,
  isReferred: false,
  outcome: null,
  ageDays: 10,
};

export const card = {
  person: { name: 'Ada', email: 'ada@example.org', phone: null, jobTitle: null },
  company: 'Engines',
} as const;

export const RESPOND_BY = SCENARIO_NOW + 7_200_000;

export const context: LeadContext = {
  model: scoring,
  facts: nobody,
  card,
  next: null,
  respondBy: () => RESPOND_BY,
  nurtureDays: assignment.nurtureDays,
  recycleDays: assignment.recycleDays,
  reasons: reasons.disqualification,
  original: true,
  gone: null,
  progress: { customer: false, opportunity: false },
};
export const given = scenarios<LeadParts>(lead, context);

export type LeadFact = Given<LeadParts>;
export type LeadCommand = Command<LeadParts>;

export const sealed = <T = string>(field: string): Sealable<T> => ({ $sealed: idOf('some event'), field });

export const captured = {
  type: 'LeadCaptured',
  data: {
    leadId,
    source: 'WEB_FORM',
    sourceRef: null,
    campaignId: null,
    referrerCustomerId: null,
    person: sealed('person'),
    company: sealed('company'),
    interests: ['instruments'],
    territoryId: null,
  },
} as const satisfies LeadFact;

export const assigned = (name = 'agent', respondBy: number | null = RESPOND_BY) =>
  ({
    type: 'LeadAssigned',
    data: { leadId, ownerId: idOf(name), queueId: null, ruleId: 'manual', respondBy },
  }) as const satisfies LeadFact;

export const attempted = (outcome: 'REACHED' | 'NO_ANSWER' = 'REACHED') =>
  ({
    type: 'LeadContactAttempted',
    data: { leadId, interactionId: null, channel: 'PHONE', outcome },
  }) as const satisfies LeadFact;

export const overdue = {
  type: 'LeadResponseOverdue',
  data: { leadId, ownerId: idOf('agent'), respondBy: RESPOND_BY },
} as const satisfies LeadFact;

export const nurtured = {
  type: 'LeadNurtured',
  data: { leadId, programId: idOf('programme'), reengageOn: '2026-02-14' },
} as const satisfies LeadFact;

export const qualified = {
  type: 'LeadQualified',
  data: {
    leadId,
    level: 'MQL',
    budget: null,
    authority: null,
    need: null,
    timeline: null,
    qualifiedBy: SCENARIO_CONTEXT.actor,
  },
} as const satisfies LeadFact;

export const disqualified = {
  type: 'LeadDisqualified',
  data: { leadId, reasonCode: 'NO_NEED', note: null },
} as const satisfies LeadFact;

export const conversionId = idOf('conversion');

export const requested = {
  type: 'LeadConversionRequested',
  data: {
    leadId,
    conversionId,
    customerMode: 'NEW',
    existingCustomerId: null,
    customerKind: 'PERSON',
    person: sealed('person'),
    company: null,
    opportunityMode: 'NONE',
    opportunityId: null,
    opportunity: null,
  },
} as const satisfies LeadFact;

export const converted = {
  type: 'LeadConverted',
  data: { leadId, conversionId, customerMode: 'NEW', existingCustomerId: null, opportunityId: null },
} as const satisfies LeadFact;

export const failed = {
  type: 'LeadConversionFailed',
  data: { leadId, conversionId, step: 'customer', reasonCode: 'TIMEOUT' },
} as const satisfies LeadFact;

const toQualified = [captured, assigned(), qualified];

/** A history that ends in each status. */
export const histories: Readonly<Record<LeadStatus, readonly LeadFact[]>> = {
  '∅': [],
  New: [captured],
  Assigned: [captured, assigned()],
  Working: [captured, assigned(), attempted()],
  Nurturing: [captured, nurtured],
  Qualified: toQualified,
  Converting: [...toQualified, requested],
  Converted: [...toQualified, requested, converted],
  Disqualified: [captured, disqualified],
};

export const draft = {
  name: 'First order',
  kind: 'NEW_BUSINESS',
  pipelineId: 'sales',
  pipelineVersion: 1,
  stageId: 'discovery',
  amount: { minor: 120_000, currency: 'CNY' },
  expectedCloseOn: '2026-01-16',
  ownerId: idOf('agent'),
} as const;

/** A command of each name that no rule but the state could refuse. */
export const commands: { readonly [C in LeadCommand['name']]: Extract<LeadCommand, { name: C }> } = {
  CaptureLead: {
    name: 'CaptureLead',
    data: { source: 'WEB_FORM', person: { name: 'Ada' }, company: 'Engines', interests: ['instruments'] },
  },
  EnrichLead: { name: 'EnrichLead', data: { fields: { employees: '300' }, provider: 'registry' } },
  ScoreLead: { name: 'ScoreLead', data: {} },
  AssignLead: { name: 'AssignLead', data: { ownerId: idOf('agent') } },
  LogContactAttempt: { name: 'LogContactAttempt', data: { channel: 'PHONE', outcome: 'NO_ANSWER' } },
  FlagResponseOverdue: { name: 'FlagResponseOverdue', data: {} },
  NurtureLead: { name: 'NurtureLead', data: { programId: idOf('programme') } },
  QualifyLead: { name: 'QualifyLead', data: { level: 'MQL' } },
  DisqualifyLead: { name: 'DisqualifyLead', data: { reasonCode: 'NO_NEED', note: 'has one' } },
  MarkLeadDuplicate: { name: 'MarkLeadDuplicate', data: { duplicateOfLeadId: idOf('original') } },
  RecycleLead: { name: 'RecycleLead', data: {} },
  RequestConversion: {
    name: 'RequestConversion',
    data: { customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'NEW', opportunity: draft },
  },
  CompleteConversion: { name: 'CompleteConversion', data: {} },
  FailConversion: { name: 'FailConversion', data: {} },
};

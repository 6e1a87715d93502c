// The service desk: its only wiring.
import { uuid5 } from '@tenure/core';
import {
  AgentsPolicySchema,
  CalendarPolicySchema,
  defineService,
  DeploymentPolicySchema,
  modelOf,
  partyLookup,
  type AggregateSpec,
  type CustomerOf,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { serviceCase } from './case.ts';
import { caseContext } from './case-context.ts';
import { cases } from './case-list.ts';
import type { CaseState } from './case-parts.ts';
import { CaseView, caseView } from './case-view.ts';
import { caseCommands, complaintCommands } from './commands.ts';
import { complaint, type ComplaintState } from './complaint.ts';
import { complaintContext } from './complaint-context.ts';
import { complaints } from './complaint-list.ts';
import { ComplaintView, complaintView } from './complaint-view.ts';
import { deadlines } from './deadlines.ts';
import { deskPolicies } from './policy.ts';
import { caseSla } from './reactions.ts';

/** Whom the sender names, else whose case it follows, else a party of its own: identifying him later is a merge. */
const caller: CustomerOf = async ({ id, named, body }, sources) => {
  if (named !== null) return named;
  const { followsCaseId } = body as { readonly followsCaseId?: string | null };
  const followed = followsCaseId ? (await sources.read('case', followsCaseId)).key : null;
  return followed ?? uuid5(id, 'customer');
};

const caseAggregate: AggregateSpec = {
  model: modelOf(serviceCase),
  plural: 'cases',
  idField: 'caseId',
  creates: 'OpenCase',
  commands: caseCommands,
  internal: ['StartSlaClock', 'BreachSla'],
  naturalKey: (body) => {
    const { interactionId } = body as { readonly interactionId?: string | null };
    return interactionId ? [interactionId] : null;
  },
  customer: caller,
  ownerOf: (state) => (state as CaseState).agentId,
  view: { schema: CaseView, of: (state, about) => caseView(state as CaseState, about) },
  context: caseContext,
  list: cases,
  filters: {
    owner: { column: 'agent_id', op: 'eq' },
    queueId: { column: 'queue_id', op: 'eq' },
    priority: { column: 'priority', op: 'in' },
    category: { column: 'category', op: 'eq' },
    breached: { column: 'breached', op: 'eq' },
    dueTo: { column: 'due_at', op: 'lt' },
  },
};

const complaintAggregate: AggregateSpec = {
  model: modelOf(complaint),
  plural: 'complaints',
  idField: 'complaintId',
  creates: 'RegisterComplaint',
  commands: complaintCommands,
  customer: 'body',
  view: { schema: ComplaintView, of: (state, about) => complaintView(state as ComplaintState, about) },
  context: complaintContext,
  list: complaints,
  filters: {
    caseId: { column: 'case_id', op: 'eq' },
    topic: { column: 'topic', op: 'in' },
    severity: { column: 'severity', op: 'in' },
  },
};

export const serviceService: ServiceDefinition = defineService({
  name: 'service',
  aggregates: [caseAggregate, complaintAggregate],
  reactions: [caseSla],
  deadlines,
  lookups: [partyLookup('service')],
  policies: [
    ...deskPolicies,
    { policy: 'deployment', schema: DeploymentPolicySchema },
    { policy: 'calendar', schema: CalendarPolicySchema },
    { policy: 'agents', schema: AgentsPolicySchema },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
});

// The lead service: its only wiring.
import { uuid5 } from '@tenure/core';
import {
  AgentsPolicySchema,
  CalendarPolicySchema,
  defineService,
  DeploymentPolicySchema,
  modelOf,
  partyLookup,
  type AggregateSpec,
  type PolicySpec,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { commands } from './commands.ts';
import { deadlines } from './deadlines.ts';
import { duplicateWatch } from './duplicates.ts';
import { leadContext } from './knowledge.ts';
import { leads } from './lead-list.ts';
import type { LeadState } from './lead-state.ts';
import { LeadView, leadView } from './lead-view.ts';
import { lead } from './lead.ts';
import { assignments, deals } from './lookups.ts';
import { AssignmentPolicy, LeadReasonsPolicy, ScoringPolicy } from './policy.ts';
import { leadConversion } from './reactions.ts';

const naturalKey = (body: object): readonly string[] | null => {
  const { source, sourceRef } = body as { readonly source: string; readonly sourceRef?: string | null };
  return sourceRef === undefined || sourceRef === null ? null : [source, sourceRef];
};

const leadAggregate: AggregateSpec = {
  model: modelOf(lead),
  plural: 'leads',
  idField: 'leadId',
  creates: 'CaptureLead',
  commands,
  internal: ['FlagResponseOverdue', 'CompleteConversion', 'FailConversion'],
  naturalKey,
  // The party is minted with the lead and stays the key for life.
  customer: ({ id }) => uuid5(id, 'customer'),
  ownerOf: (state) => (state as LeadState).ownerId,
  view: { schema: LeadView, of: (state, about) => leadView(state as LeadState, about) },
  list: leads,
  filters: {
    owner: { column: 'owner', op: 'eq' },
    source: { column: 'source', op: 'in' },
    grade: { column: 'grade', op: 'in' },
    level: { column: 'level', op: 'eq' },
    overdue: { column: 'overdue', op: 'eq' },
  },
  context: leadContext,
};

/** The calendar in whose minutes responses are promised has to exist. */
const assignmentPolicy: PolicySpec = {
  policy: 'lead-assignment',
  schema: AssignmentPolicy,
  check(policy, policies) {
    const { calendar, validFrom } = policy as AssignmentPolicy;
    try {
      policies.at('calendar', validFrom, calendar);
      return [];
    } catch {
      return [{ path: '/calendar', reason: 'is no calendar that holds then' }]; // POLICY_MISSING is all it throws
    }
  },
};

export const leadService: ServiceDefinition = defineService({
  name: 'lead',
  aggregates: [leadAggregate],
  reactions: [leadConversion, duplicateWatch],
  deadlines,
  lookups: [partyLookup('lead'), assignments, deals],
  policies: [
    { policy: 'lead-scoring', schema: ScoringPolicy },
    assignmentPolicy,
    { policy: 'lead-reasons', schema: LeadReasonsPolicy },
    { policy: 'deployment', schema: DeploymentPolicySchema },
    { policy: 'agents', schema: AgentsPolicySchema },
    { policy: 'calendar', schema: CalendarPolicySchema },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
});

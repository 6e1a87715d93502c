// The customer service: its only wiring.
import { uuid5 } from '@tenure/core';
import {
  defineService,
  DeploymentPolicySchema,
  modelOf,
  partyLookup,
  type AggregateSpec,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { AttributesPolicy } from './attribute-schema.ts';
import { commands } from './commands.ts';
import { customerContext } from './customer-context.ts';
import { CustomerView, customerView } from './customer-view.ts';
import { customer, type CustomerState } from './customer.ts';
import { duplicateWatch } from './duplicate-watch.ts';
import { leadConversion } from './lead-conversion.ts';
import { matchCommands } from './match-commands.ts';
import { matchContext } from './match-context.ts';
import { matchCandidates, MatchView, matchView } from './match-list.ts';
import { matchRecords } from './match-records.ts';
import { match, matchIdOf, type MatchState } from './match.ts';
import { mergePropagation } from './merge-propagation.ts';
import { MatchPolicy } from './policy.ts';

/** A registration that comes from a lead keeps the party id that was minted with the lead. */
const idOf = (body: object): string | null => {
  const { originLeadId } = body as { readonly originLeadId?: string | null };
  return originLeadId === undefined || originLeadId === null ? null : uuid5(originLeadId, 'customer');
};

const customerAggregate: AggregateSpec = {
  model: modelOf(customer),
  plural: 'customers',
  idField: 'customerId',
  creates: 'RegisterCustomer',
  commands,
  internal: ['AbsorbCustomer', 'RestoreCustomer', 'DestroySubjectKeys', 'EraseCustomer', 'ExportSubjectData'],
  idOf,
  customer: 'self',
  ownerOf: (state) => (state as CustomerState).ownerId,
  view: { schema: CustomerView, of: (state) => customerView(state as CustomerState) },
  context: customerContext,
};

const matchAggregate: AggregateSpec = {
  model: modelOf(match),
  plural: 'match-candidates',
  idField: 'matchId',
  creates: 'ProposeMatch',
  commands: matchCommands,
  idOf(body) {
    const { leftId, rightId } = body as { readonly leftId: string; readonly rightId: string };
    return matchIdOf(leftId, rightId);
  },
  customer: 'none',
  view: { schema: MatchView, of: (state) => matchView(state as MatchState) },
  context: matchContext,
  list: matchCandidates,
  filters: { minScore: { column: 'score', op: 'gte' } },
};

export const customerService: ServiceDefinition = defineService({
  name: 'customer',
  aggregates: [customerAggregate, matchAggregate],
  reactions: [leadConversion, duplicateWatch, mergePropagation],
  lookups: [partyLookup('customer'), matchRecords],
  policies: [
    { policy: 'deployment', schema: DeploymentPolicySchema },
    { policy: 'match', schema: MatchPolicy },
    { policy: 'attributes', schema: AttributesPolicy },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
});

// The loyalty service: its only wiring.
import {
  defineService,
  DeploymentPolicySchema,
  modelOf,
  partyLookup,
  type AggregateSpec,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { accountBodies } from './account-bodies.ts';
import { accountIdOf } from './account-id.ts';
import type { AccountState } from './account-state.ts';
import { account } from './account.ts';
import { accountContext, programContext } from './context.ts';
import { customerLookup } from './customer-lookup.ts';
import { deadlines } from './deadlines.ts';
import { accounts, programs, retentionCases } from './lists.ts';
import { LimitsPolicy, ProgrammePolicy, RetentionPolicy } from './policy.ts';
import { programBodies } from './program-bodies.ts';
import { program, type ProgramState } from './program.ts';
import { reactions } from './reactions/index.ts';
import { retentionBodies } from './retention-bodies.ts';
import { retentionCase, type RetentionCaseState } from './retention-case.ts';
import { retentionContext } from './retention-cases.ts';
import {
  AccountView,
  accountView,
  ProgramView,
  programView,
  RetentionCaseView,
  retentionCaseView,
} from './views.ts';

const programAggregate: AggregateSpec = {
  model: modelOf(program),
  plural: 'loyalty-programs',
  idField: 'programId',
  creates: 'DraftProgram',
  commands: programBodies,
  customer: 'none',
  view: { schema: ProgramView, of: (state) => programView(state as ProgramState) },
  list: programs,
  context: programContext,
};

const accountAggregate: AggregateSpec = {
  model: modelOf(account),
  plural: 'loyalty-accounts',
  idField: 'accountId',
  creates: 'EnrolMember',
  commands: accountBodies,
  internal: ['UnlockPoints', 'ExpirePoints', 'ReceivePoints', 'ChangeTier'],
  idOf(body) {
    const { customerId, programId } = body as { readonly customerId: string; readonly programId: string };
    return accountIdOf(customerId, programId);
  },
  customer: 'body',
  view: { schema: AccountView, of: (state) => accountView(state as AccountState) },
  list: accounts,
  filters: {
    programId: { column: 'program_id', op: 'eq' },
    tierId: { column: 'tier_id', op: 'eq' },
  },
  context: accountContext,
};

const retentionAggregate: AggregateSpec = {
  model: modelOf(retentionCase),
  plural: 'retention-cases',
  idField: 'retentionCaseId',
  creates: 'OpenRetentionCase',
  commands: retentionBodies,
  internal: ['CloseRetentionSaved'],
  customer: 'body',
  ownerOf: (state) => (state as RetentionCaseState).ownerId,
  view: {
    schema: RetentionCaseView,
    of: (state, about) => retentionCaseView(state as RetentionCaseState, about),
  },
  list: retentionCases,
  filters: {
    owner: { column: 'owner', op: 'eq' },
    riskLevel: { column: 'risk_level', op: 'in' },
  },
  context: retentionContext,
};

export const loyaltyService: ServiceDefinition = defineService({
  name: 'loyalty',
  aggregates: [programAggregate, accountAggregate, retentionAggregate],
  reactions,
  deadlines,
  lookups: [partyLookup('loyalty'), customerLookup],
  policies: [
    { policy: 'programme', schema: ProgrammePolicy },
    { policy: 'limits', schema: LimitsPolicy },
    { policy: 'retention', schema: RetentionPolicy },
    { policy: 'deployment', schema: DeploymentPolicySchema },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
});

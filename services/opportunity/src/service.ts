// The opportunity service: its only wiring.
import { isTenureError } from '@tenure/core';
import {
  defineService,
  DeploymentPolicySchema,
  modelOf,
  partyLookup,
  type AggregateSpec,
  type ContextSources,
  type DeploymentPolicy,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { commands } from './commands.ts';
import { deadlines } from './deadlines.ts';
import { opportunities } from './opportunity-list.ts';
import type { OpportunityContext } from './opportunity-rules.ts';
import { OpportunityView, opportunityView } from './opportunity-view.ts';
import type { OpportunityState } from './opportunity-state.ts';
import { opportunity } from './opportunity.ts';
import { OpportunityReasonsPolicy, PipelinePolicy } from './policy.ts';
import { leadConversion, wonToOrder } from './reactions.ts';

type Asked = Parameters<NonNullable<AggregateSpec['context']>>[1];

/** Which pipeline a command is about: that of the new deal, or the one its stream recorded. */
const pipelineOf = async (
  { policies, read }: ContextSources,
  { name, data, base }: Asked,
): Promise<PipelinePolicy | null> => {
  const { pipelineId, pipelineVersion } = (
    name === 'OpenOpportunity' ? data : (await read('opportunity', base.id)).state
  ) as Partial<Pick<OpportunityState, 'pipelineId' | 'pipelineVersion'>>;
  if (pipelineId === undefined || pipelineId === null) return null;
  try {
    return pipelineVersion === undefined || pipelineVersion === null
      ? policies.at<PipelinePolicy>('pipeline', base.today, pipelineId)
      : policies.version<PipelinePolicy>('pipeline', pipelineVersion, pipelineId);
  } catch (error) {
    if (isTenureError(error, 'POLICY_MISSING')) return null; // the decider refuses it by a rule
    throw error;
  }
};

/** Commands that add to the open deals of a customer. */
const OPENING: readonly string[] = ['OpenOpportunity', 'ReopenOpportunity'];

const openDeals = ({ lookups }: ContextSources, { name, base }: Asked): Promise<number> | number =>
  OPENING.includes(name)
    ? lookups.count('opportunities', [
        { column: 'customer_id', op: 'eq', value: base.customerId },
        { column: 'status', op: 'eq', value: 'Open' },
      ])
    : 0;

const opportunityAggregate: AggregateSpec = {
  model: modelOf(opportunity),
  plural: 'opportunities',
  idField: 'opportunityId',
  creates: 'OpenOpportunity',
  commands,
  internal: ['FlagStalled', 'RevertWin'],
  customer: 'body',
  ownerOf: (state) => (state as OpportunityState).ownerId,
  view: { schema: OpportunityView, of: (state, about) => opportunityView(state as OpportunityState, about) },
  list: opportunities,
  filters: {
    owner: { column: 'owner', op: 'eq' },
    pipelineId: { column: 'pipeline_id', op: 'eq' },
    stageId: { column: 'stage_id', op: 'in' },
    kind: { column: 'kind', op: 'in' },
    stalled: { column: 'stalled', op: 'eq' },
    closeFrom: { column: 'expected_close_on', op: 'gte' },
    closeTo: { column: 'expected_close_on', op: 'lt' },
  },
  async context(sources, asked): Promise<OpportunityContext> {
    const { policies } = sources;
    const { today } = asked.base;
    const [pipeline, open] = await Promise.all([pipelineOf(sources, asked), openDeals(sources, asked)]);
    return {
      pipeline,
      openDeals: open,
      reasons: policies.at<OpportunityReasonsPolicy>('opportunity-reasons', today),
      zone: policies.at<DeploymentPolicy>('deployment', today).zone,
    };
  },
};

export const opportunityService: ServiceDefinition = defineService({
  name: 'opportunity',
  aggregates: [opportunityAggregate],
  reactions: [leadConversion, wonToOrder],
  deadlines,
  lookups: [partyLookup('opportunity')],
  policies: [
    { policy: 'pipeline', schema: PipelinePolicy },
    { policy: 'opportunity-reasons', schema: OpportunityReasonsPolicy },
    { policy: 'deployment', schema: DeploymentPolicySchema },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
});

// The churn service: its only wiring. It projects, and it publishes what it concludes.
import {
  defineProjectionService,
  defineService,
  modelOf,
  partyLookup,
  type AggregateSpec,
  type Deployment,
  type Policies,
  type ProjectionServiceDefinition,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { churn } from './churn.ts';
import { commands } from './commands.ts';
import { riskFollower } from './follower.ts';
import { RiskView, riskView } from './risk-view.ts';
import { risk, type RiskCommands, type RiskContext, type RiskState } from './risk.ts';
import { ChurnRules, type RuleBook } from './rules.ts';

export { churn, CHURN } from './churn.ts';
export { churnRoutes } from './routes.ts';

const POLICY = 'churn-rules';
const policy = { policy: POLICY, schema: ChurnRules };

const rulesOf = (policies: Policies, version: number): ChurnRules =>
  policies.version<ChurnRules>(POLICY, version);

const bookOf = ({ policies, homeCurrency }: Deployment): RuleBook => ({
  rules: (date) => policies.at<ChurnRules>(POLICY, date),
  nextRules: (date) => policies.nextChange(POLICY, date),
  version: (version) => rulesOf(policies, version),
  homeCurrency,
});

const riskAggregate: AggregateSpec = {
  model: modelOf(risk),
  plural: 'risks',
  idField: 'riskId',
  creates: 'ReviseRisk',
  commands,
  internal: ['ReviseRisk'],
  customer: 'body',
  view: { schema: RiskView, of: (state) => riskView(state as RiskState) },
  context({ policies }, { data }): Promise<RiskContext> {
    const { rulesVersion } = data as RiskCommands['ReviseRisk'];
    return Promise.resolve({ rules: rulesOf(policies, rulesVersion) });
  },
};

/** The aggregate Risk: what was published of each customer. */
export const churnService: ServiceDefinition = defineService({
  name: 'churn',
  aggregates: [riskAggregate],
  lookups: [partyLookup('churn')],
  policies: [policy],
  policyFolder: new URL('../policies/', import.meta.url),
});

/** The projection of assessments, and the follower that publishes them. */
export const churnProjections: ProjectionServiceDefinition = defineProjectionService({
  name: 'churn',
  projections: (deployment) => [
    { definition: churn(deployment.zone, bookOf(deployment)), module: import.meta.resolve('./churn.ts') },
  ],
  followers: (deployment) => [riskFollower(deployment, bookOf(deployment))],
});

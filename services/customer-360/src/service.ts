// The customer-360 service: its only wiring.
import { CustomerRules } from './rules.ts';
import {
  defineProjectionService,
  type Deployment,
  type ProjectionServiceDefinition,
} from '@tenure/service-kit';
import { customer360 } from './customer-360.ts';
import type { SummaryRules } from './summary.ts';

export { customer360Routes } from './routes.ts';
export { customer360 } from './customer-360.ts';

const POLICY = 'customer-360-rules';

const summaryRules = ({ policies, homeCurrency }: Deployment): SummaryRules => ({
  rules: (date) => policies.at<CustomerRules>(POLICY, date),
  nextRules: (date) => policies.nextChange(POLICY, date),
  homeCurrency,
});

export const customer360Service: ProjectionServiceDefinition = defineProjectionService({
  name: 'customer-360',
  policies: [{ policy: POLICY, schema: CustomerRules }],
  policyFolder: new URL('../policies/', import.meta.url),
  projections: (deployment) => [
    {
      definition: customer360(deployment.zone, summaryRules(deployment)),
      module: import.meta.resolve('./customer-360.ts'),
    },
  ],
});

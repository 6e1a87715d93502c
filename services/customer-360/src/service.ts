// The customer-360 service: its only wiring.
import type { z } from 'zod';
import { NextActionRules } from './next-action-rules.ts';
import { DataQualityRules, LifecycleRules, type CustomerRules } from './rules.ts';
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
const DATA_QUALITY = 'data-quality';
const NEXT_ACTIONS = 'next-actions';

const summaryRules = ({ policies, homeCurrency }: Deployment): SummaryRules => ({
  rules: (date) => ({
    ...policies.at<z.infer<typeof LifecycleRules>>(POLICY, date),
    dataQuality: policies.at<CustomerRules['dataQuality']>(DATA_QUALITY, date),
    nextActions: policies.at<CustomerRules['nextActions']>(NEXT_ACTIONS, date),
  }),
  nextRules: (date) =>
    [POLICY, DATA_QUALITY, NEXT_ACTIONS]
      .map((policy) => policies.nextChange(policy, date))
      .filter((change) => change !== null)
      .toSorted()[0] ?? null,
  homeCurrency,
});

export const customer360Service: ProjectionServiceDefinition = defineProjectionService({
  name: 'customer-360',
  policies: [
    { policy: POLICY, schema: LifecycleRules },
    { policy: DATA_QUALITY, schema: DataQualityRules },
    { policy: NEXT_ACTIONS, schema: NextActionRules },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
  projections: (deployment) => [
    {
      definition: customer360(deployment.zone, summaryRules(deployment)),
      module: import.meta.resolve('./customer-360.ts'),
    },
  ],
});

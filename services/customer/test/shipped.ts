// The policies that ship, read as at a start.
import { loadPolicies, SHARED_POLICIES, type Policies, type ServiceDefinition } from '@tenure/service-kit';

const shared = new URL('../../../policies/', import.meta.url);

export const shippedPolicies = async (services: readonly ServiceDefinition[]): Promise<Policies> => {
  const own = services.flatMap(({ policyFolder }) => (policyFolder === undefined ? [] : [policyFolder]));
  const schemas = [...SHARED_POLICIES, ...services.flatMap(({ policies = [] }) => policies)];
  return (await loadPolicies({ folders: [shared, ...own], schemas })).policies;
};

// The customer service: its only wiring.
import { uuid5 } from '@tenure/core';
import { matchKey } from '@tenure/events';
import {
  defineService,
  DeploymentPolicySchema,
  partyLookup,
  type AggregateSpec,
  type DeploymentPolicy,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { commands } from './commands.ts';
import { CustomerView, customerView } from './customer-view.ts';
import { customer, type CustomerContext, type CustomerState } from './customer.ts';

/** A registration that comes from a lead keeps the party id that was minted with the lead. */
const idOf = (body: object): string | null => {
  const { originLeadId } = body as { readonly originLeadId?: string | null };
  return originLeadId === undefined || originLeadId === null ? null : uuid5(originLeadId, 'customer');
};

/** Lower-case mail; null for what is no address. */
const mailAddress = (value: string): string | null => {
  const address = value.normalize('NFKC').trim().toLowerCase();
  return /^[^\s@]+@[^\s@]+$/.test(address) ? address : null;
};

/** The form in which a contact point is kept; null for what is no address of its channel. */
const normaliseFor =
  (region: string) =>
  (channel: string, value: string): string | null => {
    switch (channel) {
      case 'EMAIL':
        return mailAddress(value);
      case 'PHONE':
      case 'SMS':
        return matchKey('PHONE', value, region);
      default:
        return value.trim() === '' ? null : value.trim();
    }
  };

const customerAggregate: AggregateSpec = {
  model: customer,
  plural: 'customers',
  idField: 'customerId',
  creates: 'RegisterCustomer',
  commands,
  idOf,
  customer: 'self',
  ownerOf: (state) => (state as CustomerState).ownerId,
  view: { schema: CustomerView, of: (state) => customerView(state as CustomerState) },
  context({ policies }, { base }): Promise<CustomerContext> {
    const deployment = policies.at<DeploymentPolicy>('deployment', base.today);
    return Promise.resolve({ deployment, normalise: normaliseFor(deployment.telephoneRegion) });
  },
};

export const customerService: ServiceDefinition = defineService({
  name: 'customer',
  aggregates: [customerAggregate],
  lookups: [partyLookup('customer')],
  policies: [{ policy: 'deployment', schema: DeploymentPolicySchema }],
});

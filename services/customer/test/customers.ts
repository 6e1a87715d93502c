// Customers for specifications: facts as they are read back (personal values as references), a command of each name.
import type { Sealable } from '@tenure/events';
import { idOf, SCENARIO_CONTEXT, scenarios, type Command, type Given } from '@tenure/testing';
import { customer, type CustomerContext, type CustomerParts } from '../src/customer.ts';

export const customerId = SCENARIO_CONTEXT.id;

/** Addresses of this specification: e-mail in lower case, everything else as it is, nothing for "bad". */
const normalise: CustomerContext['normalise'] = (channel, value) =>
  value === 'bad' ? null : channel === 'EMAIL' ? value.toLowerCase() : value;

export const context: CustomerContext = {
  deployment: { locale: 'zh-CN', zone: 'UTC', homeCurrency: 'CNY' },
  normalise,
};
export const given = scenarios<CustomerParts>(customer, context);

export type CustomerFact = Given<CustomerParts>;
export type CustomerCommand = Command<CustomerParts>;

/** A value sealed in some event. */
export const sealed = (field: string, entry?: string): Sealable<string> => ({
  $sealed: idOf('some event'),
  field,
  ...(entry !== undefined && { entry }),
});

export const registered = {
  type: 'CustomerRegistered',
  data: {
    kind: 'PERSON',
    displayName: sealed('displayName'),
    source: 'MANUAL',
    originLeadId: null,
    locale: 'en-US',
    timeZone: 'UTC',
    homeCurrency: 'USD',
    ownerId: null,
  },
} as const satisfies CustomerFact;

export const pointAdded = (
  name: string,
  more: { readonly channel?: 'EMAIL' | 'PHONE'; readonly primary?: boolean } = {},
) =>
  ({
    type: 'ContactPointAdded',
    data: { contactPointId: idOf(name), channel: 'EMAIL', value: sealed('value'), primary: false, ...more },
  }) as const satisfies CustomerFact;

export const pointVerified = (name: string) =>
  ({
    type: 'ContactPointVerified',
    data: { contactPointId: idOf(name), method: 'code' },
  }) as const satisfies CustomerFact;

export const pointRetired = (name: string) =>
  ({
    type: 'ContactPointRetired',
    data: { contactPointId: idOf(name), reason: 'BOUNCED' },
  }) as const satisfies CustomerFact;

export const contactAdded = (name: string) =>
  ({
    type: 'RelatedContactAdded',
    data: { contactId: idOf(name), name: sealed('name'), role: 'BUYER' },
  }) as const satisfies CustomerFact;

export const linked = (externalId: string, confidence = 100) =>
  ({
    type: 'ExternalIdentityLinked',
    data: { system: 'erp', externalId, confidence },
  }) as const satisfies CustomerFact;

export const ownerAssigned = (
  owner: string,
  previous: string | null = null,
  territory: string | null = null,
) =>
  ({
    type: 'AccountOwnerAssigned',
    data: {
      ownerId: idOf(owner),
      previousOwnerId: previous === null ? null : idOf(previous),
      territoryId: territory === null ? null : idOf(territory),
    },
  }) as const satisfies CustomerFact;

export const granted = (purpose: string, channel = 'EMAIL', policyVersion = '1') =>
  ({
    type: 'ConsentGranted',
    data: { purpose, channel, legalBasis: 'CONSENT', policyVersion, evidenceRef: 'form-1' },
  }) as const satisfies CustomerFact;

export const withdrawn = (purpose: string, channel = 'EMAIL') =>
  ({
    type: 'ConsentWithdrawn',
    data: { purpose, channel, reason: null },
  }) as const satisfies CustomerFact;

/** A command of each name that no rule but the state could refuse after `ready`. */
export const ready: readonly CustomerFact[] = [
  registered,
  pointAdded('mail'),
  contactAdded('buyer'),
  granted('news'),
];
export const commands: {
  readonly [C in CustomerCommand['name']]: Extract<CustomerCommand, { name: C }>;
} = {
  RegisterCustomer: {
    name: 'RegisterCustomer',
    data: { kind: 'PERSON', displayName: 'Ada Lovelace', source: 'MANUAL' },
  },
  ChangeProfile: { name: 'ChangeProfile', data: { changes: { jobTitle: 'Countess' }, source: 'FORM' } },
  AddContactPoint: {
    name: 'AddContactPoint',
    data: { contactPointId: idOf('new'), channel: 'EMAIL', value: 'Ada@Example.org', primary: true },
  },
  VerifyContactPoint: {
    name: 'VerifyContactPoint',
    data: { contactPointId: idOf('mail'), method: 'code' },
  },
  RetireContactPoint: {
    name: 'RetireContactPoint',
    data: { contactPointId: idOf('mail'), reason: 'BOUNCED' },
  },
  AddRelatedContact: { name: 'AddRelatedContact', data: { name: 'Charles', role: 'USER' } },
  RetireRelatedContact: {
    name: 'RetireRelatedContact',
    data: { contactId: idOf('buyer'), reason: 'left' },
  },
  LinkExternalIdentity: {
    name: 'LinkExternalIdentity',
    data: { system: 'erp', externalId: '4711', confidence: 100 },
  },
  AssignAccountOwner: { name: 'AssignAccountOwner', data: { ownerId: idOf('owner') } },
  GrantConsent: {
    name: 'GrantConsent',
    data: {
      purpose: 'research',
      channel: 'EMAIL',
      legalBasis: 'CONSENT',
      policyVersion: '1',
      evidenceRef: 'form-2',
    },
  },
  WithdrawConsent: { name: 'WithdrawConsent', data: { purpose: 'news', channel: 'EMAIL' } },
};

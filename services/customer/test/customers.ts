// Customers for specifications: facts as they are read back (personal values as references), a command of each name.
import type { Sealable } from '@tenure/events';
import { idOf, SCENARIO_CONTEXT, scenarios, type Command, type Given } from '@tenure/testing';
import {
  customer,
  type CustomerContext,
  type CustomerParts,
  type CustomerStatus,
  type OtherParty,
} from '../src/customer.ts';

export const customerId = SCENARIO_CONTEXT.id;

/** Addresses of this specification: e-mail in lower case, everything else as it is, nothing for "bad". */
const normalise: CustomerContext['normalise'] = (channel, value) =>
  value === 'bad' ? null : channel === 'EMAIL' ? value.toLowerCase() : value;

export const context: CustomerContext = {
  deployment: { locale: 'zh-CN', zone: 'UTC', homeCurrency: 'CNY' },
  normalise,
  others: new Map(),
  match: null,
  schema: { version: 1, check: () => [] },
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
const holdsMerge = (absorbed: string): OtherParty => ({
  id: idOf('survivor'),
  status: 'Registered',
  survivorId: null,
  mergeId: null,
  merges: [{ mergeId: idOf('merge'), absorbedIds: [absorbed] }],
});

/** Somebody who is absorbed by a merge. */
export const absorbedParty = (name: string, merge: string): OtherParty => ({
  id: idOf(name),
  status: 'Absorbed',
  survivorId: customerId,
  mergeId: idOf(merge),
  merges: [],
});

/** A world in which the survivor has a merge that names this customer, who has absorbed somebody himself. */
export const survivorKnows: Partial<CustomerContext> = {
  others: new Map([
    [idOf('survivor'), holdsMerge(customerId)],
    [idOf('other'), absorbedParty('other', 'merged')],
  ]),
};

export const merged = (name: string, ...absorbed: readonly string[]) =>
  ({
    type: 'CustomersMerged',
    data: {
      mergeId: idOf(name),
      survivorId: customerId,
      absorbedIds: absorbed.map(idOf),
      ruleId: 'manual',
      ruleVersion: 1,
      score: 100,
      approvedBy: SCENARIO_CONTEXT.actor,
      fieldChoices: {},
    },
  }) as const satisfies CustomerFact;

export const unmerged = (name: string, ...restored: readonly string[]) =>
  ({
    type: 'CustomersUnmerged',
    data: {
      mergeId: idOf(name),
      survivorId: customerId,
      restoredIds: restored.map(idOf),
      reason: sealed('reason'),
      approvedBy: SCENARIO_CONTEXT.actor,
    },
  }) as const satisfies CustomerFact;

export const absorbed = {
  type: 'CustomerAbsorbed',
  data: { mergeId: idOf('merge'), survivorId: idOf('survivor') },
} as const satisfies CustomerFact;

export const restored = {
  type: 'CustomerRestored',
  data: { mergeId: idOf('merge') },
} as const satisfies CustomerFact;

export const holdPlaced = {
  type: 'LegalHoldPlaced',
  data: { holdId: idOf('hold'), basis: 'case 7' },
} as const satisfies CustomerFact;

export const erasureRequested = {
  type: 'ErasureRequested',
  data: { requestId: idOf('request'), requestedBy: SCENARIO_CONTEXT.actor, dueBy: '2026-02-14' },
} as const satisfies CustomerFact;

export const keysDestroyed = {
  type: 'SubjectKeysDestroyed',
  data: { requestId: idOf('request'), subjectKeyIds: ['key-1'] },
} as const satisfies CustomerFact;

export const erased = {
  type: 'CustomerErased',
  data: { requestId: idOf('request'), certificateSha256: 'a'.repeat(64) },
} as const satisfies CustomerFact;

/** A history that ends in each status. */
export const histories: Readonly<Record<CustomerStatus, readonly CustomerFact[]>> = {
  '∅': [],
  Bare: [absorbed, restored],
  Registered: [...ready, merged('merged', 'other'), holdPlaced],
  ErasurePending: [...ready, erasureRequested, keysDestroyed],
  Absorbed: [...ready, merged('merged', 'other'), absorbed],
  Erased: [...ready, erasureRequested, keysDestroyed, erased],
};

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
  SetCustomAttributes: {
    name: 'SetCustomAttributes',
    data: { schemaId: 'customer', attributes: { employees: 7 }, clear: [] },
  },
  MergeCustomers: { name: 'MergeCustomers', data: { absorbedIds: [idOf('party')], fieldChoices: {} } },
  AbsorbCustomer: {
    name: 'AbsorbCustomer',
    data: { mergeId: idOf('merge'), survivorId: idOf('survivor') },
  },
  UnmergeCustomer: { name: 'UnmergeCustomer', data: { mergeId: idOf('merged'), reason: 'two people' } },
  RestoreCustomer: { name: 'RestoreCustomer', data: { mergeId: idOf('merge') } },
  PlaceLegalHold: { name: 'PlaceLegalHold', data: { basis: 'case 8' } },
  ReleaseLegalHold: { name: 'ReleaseLegalHold', data: { holdId: idOf('hold') } },
  RequestErasure: { name: 'RequestErasure', data: {} },
  CancelErasure: { name: 'CancelErasure', data: { reason: 'asked by mistake' } },
  DestroySubjectKeys: { name: 'DestroySubjectKeys', data: { subjectKeyIds: ['key-1'] } },
  EraseCustomer: { name: 'EraseCustomer', data: { certificateSha256: 'a'.repeat(64) } },
  ExportSubjectData: {
    name: 'ExportSubjectData',
    data: { format: 'JSON', artefactSha256: 'b'.repeat(64) },
  },
};

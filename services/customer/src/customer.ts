// The customer: who it is, how to reach it, who answers for it, what it agreed to. Personal values stay sealed in the state.
import { aggregate, NOTHING, uuid5, type Aggregate } from '@tenure/core';
import type { CustomerEvents, CustomerFacts } from '@tenure/events/generated/customer';
import type { Sealable } from '@tenure/events';
import {
  checkConsent,
  checkExternalIds,
  checkNewContact,
  checkNewContactPoint,
  checkProfile,
  consentKey,
  knownContact,
  knownContactPoint,
  liveContactPoint,
  normalisedContact,
  withContactPoint,
  writableRole,
  type Consent,
  type ContactPoint,
  type RelatedContact,
} from './customer-rules.ts';

export type CustomerStatus =
  | typeof NOTHING
  | 'Bare'
  | 'Registered'
  | 'ErasurePending'
  | 'Absorbed'
  | 'Erased';

type ExternalIdentity = CustomerEvents['ExternalIdentityLinked'];

export type CustomerState = {
  readonly status: CustomerStatus;
  readonly kind: string | null;
  readonly displayName: Sealable<string> | null;
  readonly profile: Readonly<Record<string, Sealable<string>>>;
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly homeCurrency: string | null;
  readonly originLeadId: string | null;
  readonly ownerId: string | null;
  readonly territoryId: string | null;
  readonly contactPoints: readonly ContactPoint[];
  readonly contacts: readonly RelatedContact[];
  readonly externalIds: readonly ExternalIdentity[];
  readonly consents: Readonly<Record<string, Consent>>;
};

/** What deciders know beyond the stream. */
export type CustomerContext = {
  /** Defaults of the deployment for a registration that does not say. */
  readonly deployment: { readonly locale: string; readonly zone: string; readonly homeCurrency: string };
  /** E.164, lower-case mail, …; null for a value that is none of its channel. */
  readonly normalise: (channel: string, value: string) => string | null;
};

/** The id of a part may be the client's; else it derives from the command. */
type OptionalId<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]?: T[P] | undefined };

type Registration = CustomerFacts['CustomerRegistered'];

export type CustomerCommands = {
  readonly RegisterCustomer: Pick<Registration, 'kind' | 'displayName' | 'source'> &
    Partial<Pick<Registration, 'originLeadId' | 'locale' | 'timeZone' | 'homeCurrency' | 'ownerId'>>;
  readonly ChangeProfile: { readonly changes: Readonly<Record<string, string>>; readonly source: string };
  readonly AddContactPoint: OptionalId<CustomerFacts['ContactPointAdded'], 'contactPointId'>;
  readonly VerifyContactPoint: CustomerFacts['ContactPointVerified'];
  readonly RetireContactPoint: CustomerFacts['ContactPointRetired'];
  readonly AddRelatedContact: OptionalId<CustomerFacts['RelatedContactAdded'], 'contactId'>;
  readonly RetireRelatedContact: { readonly contactId: string; readonly reason: string };
  readonly LinkExternalIdentity: CustomerFacts['ExternalIdentityLinked'];
  readonly AssignAccountOwner: { readonly ownerId: string; readonly territoryId?: string | null | undefined };
  readonly GrantConsent: CustomerFacts['ConsentGranted'];
  readonly WithdrawConsent: CustomerFacts['ConsentWithdrawn'];
};

/** The events that make up the state so far; merging, holds and erasure come with their processes. */
type HandledEvents = Pick<
  CustomerEvents,
  | 'CustomerRegistered'
  | 'CustomerProfileChanged'
  | 'ContactPointAdded'
  | 'ContactPointVerified'
  | 'ContactPointRetired'
  | 'RelatedContactAdded'
  | 'RelatedContactRetired'
  | 'ExternalIdentityLinked'
  | 'AccountOwnerAssigned'
  | 'ConsentGranted'
  | 'ConsentWithdrawn'
>;

/** The types that make up the aggregate. */
export type CustomerParts = {
  readonly state: CustomerState;
  readonly events: HandledEvents;
  readonly facts: CustomerFacts;
  readonly commands: CustomerCommands;
  readonly context: CustomerContext;
};

const noCustomer: CustomerState = {
  status: NOTHING,
  kind: null,
  displayName: null,
  profile: {},
  locale: null,
  timeZone: null,
  homeCurrency: null,
  originLeadId: null,
  ownerId: null,
  territoryId: null,
  contactPoints: [],
  contacts: [],
  externalIds: [],
  consents: {},
};

const sameIdentity = (a: ExternalIdentity, b: ExternalIdentity): boolean =>
  a.system === b.system && a.externalId === b.externalId;

const changeContactPoint = (
  state: CustomerState,
  id: string,
  change: Partial<ContactPoint>,
): CustomerState => ({
  ...state,
  contactPoints: state.contactPoints.map((point) =>
    point.contactPointId === id ? { ...point, ...change } : point,
  ),
});

/** States, rules and events of the customer aggregate. */
export const customer: Aggregate<CustomerParts> = aggregate<CustomerParts>({
  name: 'customer',
  initial: noCustomer,
  transitions: {
    RegisterCustomer: [NOTHING, 'Bare'],
    ChangeProfile: ['Registered'],
    AddContactPoint: ['Registered'],
    VerifyContactPoint: ['Registered'],
    RetireContactPoint: ['Registered'],
    AddRelatedContact: ['Registered'],
    RetireRelatedContact: ['Registered'],
    LinkExternalIdentity: ['Registered'],
    AssignAccountOwner: ['Registered'],
    GrantConsent: ['Registered'],
    WithdrawConsent: ['Registered', 'ErasurePending'],
  },
  decide: {
    RegisterCustomer(_, command, { deployment }) {
      const data = {
        ...command,
        originLeadId: command.originLeadId ?? null,
        locale: command.locale ?? deployment.locale,
        timeZone: command.timeZone ?? deployment.zone,
        homeCurrency: command.homeCurrency ?? deployment.homeCurrency,
        ownerId: command.ownerId ?? null,
      };
      return [{ type: 'CustomerRegistered', data }];
    },
    ChangeProfile({ profile }, { changes, source }) {
      const changed = Object.keys(changes).toSorted();
      checkProfile(profile, changed);
      return [{ type: 'CustomerProfileChanged', data: { changes, fields: changed, source } }];
    },
    AddContactPoint(state, command, context) {
      const contactPointId = command.contactPointId ?? uuid5(context.commandId, 'contactPointId');
      checkNewContactPoint(state.contactPoints, contactPointId);
      const value = normalisedContact(command.channel, command.value, context.normalise);
      return [{ type: 'ContactPointAdded', data: { ...command, contactPointId, value } }];
    },
    VerifyContactPoint(state, { contactPointId, method }) {
      const point = liveContactPoint(state.contactPoints, contactPointId);
      return point.verified ? [] : [{ type: 'ContactPointVerified', data: { contactPointId, method } }];
    },
    RetireContactPoint(state, { contactPointId, reason }) {
      const point = knownContactPoint(state.contactPoints, contactPointId);
      return point.retired === null
        ? [{ type: 'ContactPointRetired', data: { contactPointId, reason } }]
        : [];
    },
    AddRelatedContact(state, command, { commandId }) {
      const contactId = command.contactId ?? uuid5(commandId, 'contactId');
      checkNewContact(state.contacts, contactId);
      return [{ type: 'RelatedContactAdded', data: { ...command, contactId } }];
    },
    RetireRelatedContact(state, { contactId, reason }) {
      const role = writableRole(knownContact(state.contacts, contactId));
      return [{ type: 'RelatedContactRetired', data: { contactId, role, reason } }];
    },
    LinkExternalIdentity({ externalIds }, command) {
      const known = externalIds.find((other) => sameIdentity(other, command));
      if (known?.confidence === command.confidence) return [];
      if (known === undefined) checkExternalIds(externalIds);
      return [{ type: 'ExternalIdentityLinked', data: command }];
    },
    AssignAccountOwner({ ownerId: previousOwnerId, ...state }, { ownerId, ...command }) {
      const territoryId = command.territoryId ?? null;
      if (ownerId === previousOwnerId && territoryId === state.territoryId) return [];
      return [{ type: 'AccountOwnerAssigned', data: { ownerId, previousOwnerId, territoryId } }];
    },
    GrantConsent(state, command) {
      const { legalBasis, policyVersion, evidenceRef } = command;
      const known = state.consents[consentKey(command)];
      const same =
        known?.legalBasis === legalBasis &&
        known.policyVersion === policyVersion &&
        known.evidenceRef === evidenceRef;
      if (same) return [];
      checkConsent(state.consents, command);
      return [{ type: 'ConsentGranted', data: command }];
    },
    WithdrawConsent(state, command) {
      const known = state.consents[consentKey(command)];
      return known === undefined || known.legalBasis === null
        ? []
        : [{ type: 'ConsentWithdrawn', data: command }];
    },
  },
  evolve: {
    CustomerRegistered(state, { data }) {
      const { kind, displayName, originLeadId, locale, timeZone, homeCurrency, ownerId } = data;
      return {
        ...state,
        status: 'Registered',
        kind,
        displayName,
        originLeadId,
        locale,
        timeZone,
        homeCurrency,
        ownerId,
      };
    },
    CustomerProfileChanged(state, event) {
      const refs = event.data.fields.map((entry): [string, Sealable<string>] => [
        entry,
        { $sealed: event.id, field: 'changes', entry },
      ]);
      const { displayName, ...profile } = Object.fromEntries(refs);
      return {
        ...state,
        displayName: displayName ?? state.displayName,
        profile: { ...state.profile, ...profile },
      };
    },
    ContactPointAdded: (state, { data }) => ({
      ...state,
      contactPoints: withContactPoint(state.contactPoints, { ...data, verified: false, retired: null }),
    }),
    ContactPointVerified: (state, { data }) =>
      changeContactPoint(state, data.contactPointId, { verified: true }),
    ContactPointRetired: (state, { data }) =>
      changeContactPoint(state, data.contactPointId, { retired: data.reason, primary: false }),
    RelatedContactAdded: (state, { data }) => ({ ...state, contacts: [...state.contacts, data] }),
    RelatedContactRetired: (state, { data }) => ({
      ...state,
      contacts: state.contacts.filter((contact) => contact.contactId !== data.contactId),
    }),
    ExternalIdentityLinked: (state, { data }) => ({
      ...state,
      externalIds: [...state.externalIds.filter((other) => !sameIdentity(other, data)), data],
    }),
    AccountOwnerAssigned: (state, { data: { ownerId, territoryId } }) => ({ ...state, ownerId, territoryId }),
    ConsentGranted(state, { data }) {
      const { purpose, channel, legalBasis, policyVersion, evidenceRef } = data;
      const consent = { purpose, channel, legalBasis, policyVersion, evidenceRef };
      return { ...state, consents: { ...state.consents, [consentKey(data)]: consent } };
    },
    ConsentWithdrawn(state, { data }) {
      const { purpose, channel } = data;
      const consent = { purpose, channel, legalBasis: null, policyVersion: null, evidenceRef: null };
      return { ...state, consents: { ...state.consents, [consentKey(data)]: consent } };
    },
  },
});

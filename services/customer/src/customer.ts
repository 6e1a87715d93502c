// The customer: who it is, how to reach it, who answers for it, what it agreed to. Personal values stay sealed in the state.
import { aggregate, NOTHING, uuid5, type Aggregate } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import { setAttributes, withAttributes } from './attributes.ts';
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
  type ContactPoint,
} from './customer-rules.ts';
import {
  noCustomer,
  type CustomerParts,
  type CustomerState,
  type ExternalIdentity,
} from './customer-state.ts';
import { erasing, erasureEvents } from './erasure.ts';
import { merging, mergeEvents } from './merging.ts';

export type * from './customer-state.ts';

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
    SetCustomAttributes: ['Registered'],
    GrantConsent: ['Registered'],
    WithdrawConsent: ['Registered', 'ErasurePending'],
    MergeCustomers: ['Registered'],
    AbsorbCustomer: [NOTHING, 'Bare', 'Registered'],
    UnmergeCustomer: ['Registered', 'Absorbed'],
    RestoreCustomer: ['Absorbed'],
    PlaceLegalHold: ['Registered', 'ErasurePending'],
    ReleaseLegalHold: ['Registered', 'ErasurePending'],
    RequestErasure: ['Registered', 'Absorbed'],
    CancelErasure: ['ErasurePending'],
    DestroySubjectKeys: ['ErasurePending'],
    EraseCustomer: ['ErasurePending'],
    ExportSubjectData: ['Registered', 'ErasurePending'],
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
    SetCustomAttributes: ({ attributes }, command, { schema }) => setAttributes(attributes, command, schema),
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
    ...merging,
    ...erasing,
  },
  evolve: {
    CustomerRegistered(state, { data, occurredAt }) {
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
        registeredAt: occurredAt,
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
    CustomAttributesSet: (state, { data }) => ({
      ...state,
      attributes: withAttributes(state.attributes, data.attributes),
    }),
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
    ...mergeEvents,
    ...erasureEvents,
  },
});

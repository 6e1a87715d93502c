// The customer part of the document: who this is, how to reach them, who answers for them, what they agreed to.
import { formatInstant } from '@tenure/core';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import type { DecodedEvent, Sealable } from '@tenure/events';
import { slice, type Slice } from '@tenure/projections';
import { withTimes, type Times } from './times.ts';

export type ContactPoint = {
  readonly contactPointId: string;
  readonly eventId: string;
  readonly channel: string;
  readonly value: Sealable<string>;
  readonly primary: boolean;
  readonly verified: boolean;
  /** Why it is no longer used; null while it is live. */
  readonly retired: string | null;
};

export type RelatedContact = {
  readonly contactId: string;
  readonly eventId: string;
  readonly name: Sealable<string>;
  readonly role: string;
};

export type Consent = {
  readonly purpose: string;
  readonly channel: string;
  readonly granted: boolean;
  readonly legalBasis: string | null;
  readonly policyVersion: string | null;
  readonly eventId: string;
};

export type ExternalId = { readonly system: string; readonly id: string; readonly eventId: string };

export type MergedParty = {
  readonly customerId: string;
  readonly displayName: Sealable<string>;
  readonly eventId: string;
  readonly kind: string;
};

export type CustomerSlice = Times & {
  readonly status: 'Bare' | 'Registered' | 'ErasurePending' | 'Absorbed' | 'Erased';
  readonly kind: string | null;
  readonly displayName: Sealable<string> | null;
  /** Further profile values by name. */
  readonly profile: Readonly<Record<string, Sealable<string>>>;
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly homeCurrency: string | null;
  readonly ownerId: string | null;
  readonly externalIds: readonly ExternalId[];
  readonly contactPoints: readonly ContactPoint[];
  readonly contacts: readonly RelatedContact[];
  readonly consents: readonly Consent[];
  readonly attributes: {
    readonly schemaId: string;
    readonly schemaVersion: number;
    readonly values: Readonly<Record<string, unknown>>;
  } | null;
  readonly legalHolds: readonly string[];
  /** Registered parties that were merged into this one: their profile as it was. */
  readonly merged: readonly MergedParty[];
  /** The newest fact about the profile: registered, changed, a contact point added or verified. */
  readonly profileFact: { readonly at: string; readonly eventId: string } | null;
};

// Keys in the order of canonical JSON: writing the document copies nothing.
export const unknownCustomer: CustomerSlice = {
  attributes: null,
  consents: [],
  contactPoints: [],
  contacts: [],
  createdAt: null,
  displayName: null,
  externalIds: [],
  homeCurrency: null,
  kind: null,
  legalHolds: [],
  locale: null,
  merged: [],
  ownerId: null,
  profile: {},
  profileFact: null,
  status: 'Bare',
  timeZone: null,
  updatedAt: null,
};

// The limits of the customer aggregate; the document repeats them, so that it stays bounded whatever a stream holds.
const EXTERNAL_IDS = 50;
const CONTACT_POINTS = 50;
const CONTACTS = 200;
const CONSENTS = 200;
const LEGAL_HOLDS = 50; // a court has fewer
const MERGED = 50;

/** Beyond the limit the oldest retired one goes; no live one is lost as long as the aggregate keeps its own limit. */
const withNewContactPoint = (state: CustomerSlice, added: ContactPoint): CustomerSlice => {
  const others = state.contactPoints.map((point) =>
    added.primary && point.channel === added.channel ? { ...point, primary: false } : point,
  );
  const oldest = others.length < CONTACT_POINTS ? -1 : others.findIndex(({ retired }) => retired !== null);
  const kept = others.filter((_, i) => i !== oldest);
  return { ...state, contactPoints: [...kept, added].slice(-CONTACT_POINTS) };
};

const withContactPoint = (
  state: CustomerSlice,
  id: string,
  change: Partial<ContactPoint>,
): CustomerSlice => ({
  ...state,
  contactPoints: state.contactPoints.map((point) =>
    point.contactPointId === id ? { ...point, ...change } : point,
  ),
});

const withConsent = (state: CustomerSlice, consent: Consent): CustomerSlice => {
  const others = state.consents.filter(
    (other) => other.purpose !== consent.purpose || other.channel !== consent.channel,
  );
  return { ...state, consents: [...others, consent].slice(-CONSENTS) };
};

const withProfile = (state: CustomerSlice, eventId: string, fields: readonly string[]): CustomerSlice => {
  const changed = fields.map((entry): [string, Sealable<string>] => [
    entry,
    { $sealed: eventId, entry, field: 'changes' },
  ]);
  const { displayName, ...profile } = Object.fromEntries(changed);
  return {
    ...state,
    displayName: displayName ?? state.displayName,
    profile: { ...state.profile, ...profile },
  };
};

type ProfileFact = { readonly id: string; readonly occurredAt: number };

const withFact = (state: CustomerSlice, { id: eventId, occurredAt }: ProfileFact): CustomerSlice => {
  const at = formatInstant(occurredAt);
  const { profileFact } = state;
  return profileFact !== null && profileFact.at > at ? state : { ...state, profileFact: { at, eventId } };
};

type Registered = DecodedEvent<'CustomerRegistered', CustomerEvents['CustomerRegistered']>;

// Who the survivor is does not change by a merge; what was known of the others is listed beside it.
const registered = (state: CustomerSlice, event: Registered, documentId: string): CustomerSlice => {
  const { kind, displayName, locale, timeZone, homeCurrency, ownerId } = event.data;
  if (event.key === documentId) {
    const self = { displayName, homeCurrency, kind, locale, ownerId, timeZone };
    return withFact({ ...state, status: 'Registered', ...self }, event);
  }
  const party = { customerId: event.key, displayName, eventId: event.id, kind };
  return { ...state, merged: [...state.merged, party].slice(-MERGED) };
};

/** The slice of source `customer`. */
export const customerSlice: Slice<CustomerSlice> = withTimes(
  slice<CustomerSlice, CustomerEvents>({
    init: () => unknownCustomer,
    on: {
      CustomerRegistered: registered,
      CustomerProfileChanged: (state, event, documentId) =>
        event.key === documentId ? withFact(withProfile(state, event.id, event.data.fields), event) : state,
      ContactPointAdded(state, event) {
        const { contactPointId, channel, value, primary } = event.data;
        const point = { channel, contactPointId, eventId: event.id, primary, retired: null };
        return withFact(withNewContactPoint(state, { ...point, value, verified: false }), event);
      },
      ContactPointVerified: (state, event) =>
        withFact(withContactPoint(state, event.data.contactPointId, { verified: true }), event),
      ContactPointRetired: (state, event) =>
        withContactPoint(state, event.data.contactPointId, { retired: event.data.reason, primary: false }),
      RelatedContactAdded(state, event) {
        const { contactId, name, role } = event.data;
        return {
          ...state,
          contacts: [...state.contacts, { contactId, eventId: event.id, name, role }].slice(-CONTACTS),
        };
      },
      RelatedContactRetired: (state, event) => ({
        ...state,
        contacts: state.contacts.filter((contact) => contact.contactId !== event.data.contactId),
      }),
      ExternalIdentityLinked(state, event) {
        const { system, externalId: id } = event.data;
        const others = state.externalIds.filter((other) => other.system !== system || other.id !== id);
        return { ...state, externalIds: [...others, { eventId: event.id, id, system }].slice(-EXTERNAL_IDS) };
      },
      AccountOwnerAssigned: (state, event, documentId) =>
        event.key === documentId ? { ...state, ownerId: event.data.ownerId } : state,
      CustomAttributesSet(state, { key, data: { schemaId, schemaVersion, attributes } }, documentId) {
        if (key !== documentId) return state;
        const values = { ...state.attributes?.values, ...(JSON.parse(attributes) as object) };
        return { ...state, attributes: { schemaId, schemaVersion, values } };
      },
      ConsentGranted(state, event) {
        const { purpose, channel, legalBasis, policyVersion } = event.data;
        return withConsent(state, {
          channel,
          eventId: event.id,
          granted: true,
          legalBasis,
          policyVersion,
          purpose,
        });
      },
      ConsentWithdrawn(state, event) {
        const { purpose, channel } = event.data;
        return withConsent(state, {
          channel,
          eventId: event.id,
          granted: false,
          legalBasis: null,
          policyVersion: null,
          purpose,
        });
      },
      LegalHoldPlaced: (state, event) => ({
        ...state,
        legalHolds: [...state.legalHolds, event.data.holdId].slice(-LEGAL_HOLDS),
      }),
      LegalHoldReleased: (state, event) => ({
        ...state,
        legalHolds: state.legalHolds.filter((hold) => hold !== event.data.holdId),
      }),
      ErasureRequested: (state, event, documentId) =>
        event.key === documentId ? { ...state, status: 'ErasurePending' } : state,
      ErasureCancelled: (state, event, documentId) =>
        event.key === documentId ? { ...state, status: state.kind === null ? 'Bare' : 'Registered' } : state,
      CustomerErased: (state, event, documentId) =>
        event.key === documentId ? { ...state, status: 'Erased' } : state,
    },
  }),
);

// The rules of contact points, consents and limits.
import { ruleViolated } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import type { CustomerEvents, RelatedContactRole } from '@tenure/events/generated/customer';

export type ContactPoint = {
  readonly contactPointId: string;
  readonly channel: string;
  readonly value: Sealable<string>;
  readonly primary: boolean;
  readonly verified: boolean;
  /** Why it is no longer used; null while it is live. */
  readonly retired: string | null;
};

export type RelatedContact = CustomerEvents['RelatedContactAdded'];

/** UNKNOWN stands for a role of a newer version and is never written. */
export const writableRole = ({ role }: RelatedContact): RelatedContactRole =>
  role === 'UNKNOWN' ? 'OTHER' : role;

/** A consent ever given; withdrawn when `legalBasis` is null. Absence means no consent. */
export type Consent = {
  readonly purpose: string;
  readonly channel: string;
  readonly legalBasis: string | null;
  readonly policyVersion: string | null;
  readonly evidenceRef: string | null;
};

/** DEFAULTS §12; profile fields are ours: as many as custom attributes. */
const limits = {
  contactPoints: 50,
  relatedContacts: 200,
  externalIds: 50,
  consents: 200,
  profileFields: 100,
} as const;

/** Each limit as a sentence names it. */
const things: Readonly<Record<keyof typeof limits, string>> = {
  contactPoints: 'live contact points; retire one first',
  relatedContacts: 'related contacts; retire one first',
  externalIds: 'external ids',
  consents: 'purposes and channels with a consent on record',
  profileFields: 'profile fields',
};

/** @throws LIMIT_EXCEEDED when the customer would have more */
const checkCount = (limit: keyof typeof limits, count: number): void => {
  if (count > limits[limit])
    throw ruleViolated('LIMIT_EXCEEDED', `A customer has at most ${limits[limit]} ${things[limit]}.`, {
      limit,
      value: limits[limit],
    });
};

type PurposeAndChannel = { readonly purpose: string; readonly channel: string };

/** Consent is given per purpose and channel. */
export const consentKey = ({ purpose, channel }: PurposeAndChannel): string =>
  JSON.stringify([purpose, channel]);

/** @throws LIMIT_EXCEEDED for a consent of a new purpose and channel beyond the limit */
export const checkConsent = (
  consents: Readonly<Record<string, Consent>>,
  consent: PurposeAndChannel,
): void => {
  if (!Object.hasOwn(consents, consentKey(consent))) checkCount('consents', Object.keys(consents).length + 1);
};

/** @throws LIMIT_EXCEEDED */
export const checkProfile = (
  profile: Readonly<Record<string, unknown>>,
  changed: readonly string[],
): void => {
  const added = changed.filter((field) => field !== 'displayName' && !Object.hasOwn(profile, field));
  if (added.length > 0) checkCount('profileFields', Object.keys(profile).length + added.length);
};

/** @throws LIMIT_EXCEEDED */
export const checkExternalIds = (known: readonly unknown[]): void =>
  checkCount('externalIds', known.length + 1);

/** @throws DUPLICATE_CONTACT, LIMIT_EXCEEDED */
export const checkNewContact = (contacts: readonly RelatedContact[], contactId: string): void => {
  if (contacts.some((known) => known.contactId === contactId))
    throw ruleViolated(
      'DUPLICATE_CONTACT',
      'The customer has a related contact with this id; choose another.',
      {
        contactId,
      },
    );
  checkCount('relatedContacts', contacts.length + 1);
};

/** @throws UNKNOWN_CONTACT */
export const knownContact = (contacts: readonly RelatedContact[], contactId: string): RelatedContact => {
  const contact = contacts.find((known) => known.contactId === contactId);
  if (contact === undefined)
    throw ruleViolated('UNKNOWN_CONTACT', 'The customer has no such related contact, or no longer.', {
      contactId,
    });
  return contact;
};

const isLive = ({ retired }: ContactPoint): boolean => retired === null;

/** Retired points do not count: who moves often may add the next address. @throws DUPLICATE_CONTACT_POINT, LIMIT_EXCEEDED */
export const checkNewContactPoint = (points: readonly ContactPoint[], contactPointId: string): void => {
  if (points.some((known) => known.contactPointId === contactPointId))
    throw ruleViolated(
      'DUPLICATE_CONTACT_POINT',
      'The customer has a contact point with this id; choose another.',
      { contactPointId },
    );
  checkCount('contactPoints', points.filter(isLive).length + 1);
};

/** The points with one more. Beyond the limit the oldest retired one goes: the list stays bounded. */
export const withContactPoint = (
  points: readonly ContactPoint[],
  added: ContactPoint,
): readonly ContactPoint[] => {
  const others = points.map((point) =>
    added.primary && point.channel === added.channel ? { ...point, primary: false } : point,
  );
  const oldest = others.length < limits.contactPoints ? -1 : others.findIndex((point) => !isLive(point));
  return [...others.filter((_, i) => i !== oldest), added];
};

/** @throws UNKNOWN_CONTACT_POINT */
export const knownContactPoint = (points: readonly ContactPoint[], id: string): ContactPoint => {
  const point = points.find((known) => known.contactPointId === id);
  if (point === undefined)
    throw ruleViolated('UNKNOWN_CONTACT_POINT', 'The customer has no such contact point.', {
      contactPointId: id,
    });
  return point;
};

/** @throws UNKNOWN_CONTACT_POINT, CONTACT_POINT_RETIRED */
export const liveContactPoint = (points: readonly ContactPoint[], id: string): ContactPoint => {
  const point = knownContactPoint(points, id);
  if (!isLive(point))
    throw ruleViolated('CONTACT_POINT_RETIRED', 'The contact point is retired; add it anew.', {
      contactPointId: id,
    });
  return point;
};

/** @throws CONTACT_POINT_INVALID without repeating the value */
export const normalisedContact = (
  channel: string,
  value: string,
  normalise: (channel: string, value: string) => string | null,
): string => {
  const normalised = normalise(channel, value);
  if (normalised === null)
    throw ruleViolated('CONTACT_POINT_INVALID', `The value is no ${channel} address that can be reached.`, {
      channel,
    });
  return normalised;
};

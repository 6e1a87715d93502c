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
};

const limits = { contactPoints: 50, relatedContacts: 200, externalIds: 50, consents: 200 } as const;

/** @throws LIMIT_EXCEEDED when one more would be too many */
export const checkCount = (limit: keyof typeof limits, count: number): void => {
  if (count >= limits[limit])
    throw ruleViolated('LIMIT_EXCEEDED', `A customer has at most ${limits[limit]} ${limit}.`, {
      limit,
      value: limits[limit],
    });
};

export const consentKey = ({
  purpose,
  channel,
}: {
  readonly purpose: string;
  readonly channel: string;
}): string => `${purpose}/${channel}`;

/** @throws LIMIT_EXCEEDED for a consent of a new purpose and channel beyond the limit */
export const checkConsent = (
  consents: Readonly<Record<string, Consent>>,
  consent: { readonly purpose: string; readonly channel: string },
): void => {
  if (!Object.hasOwn(consents, consentKey(consent))) checkCount('consents', Object.keys(consents).length);
};

/** @throws UNKNOWN_CONTACT_POINT, CONTACT_POINT_RETIRED */
export const liveContactPoint = (points: readonly ContactPoint[], id: string): ContactPoint => {
  const point = points.find((known) => known.contactPointId === id);
  if (point === undefined)
    throw ruleViolated('UNKNOWN_CONTACT_POINT', 'The customer has no such contact point.', {
      contactPointId: id,
    });
  if (point.retired !== null)
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

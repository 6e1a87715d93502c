// How good the record of a customer is: a sum of checks, each with its points and the event behind it (policy, "dataQuality").
import { dateAt, dayNumber, daysBetween, parseInstant } from '@tenure/core';
import type { ContactPoint, CustomerSlice } from './customer-slice.ts';
import type { CustomerRules } from './rules.ts';

export type QualityRules = CustomerRules['dataQuality'];
export type QualityCheckCode = keyof QualityRules['points'];

/** `eventId`: the event that shows it; null where it fails or where there is nothing to show. */
export type QualityCheck = {
  readonly code: QualityCheckCode;
  readonly eventId: string | null;
  /** Points it gave. */
  readonly points: number;
};

/** `score` 0–100: the sum of the points. */
export type DataQuality = { readonly checks: readonly QualityCheck[]; readonly score: number };

/** The newest event of any service: when (ISO 8601, UTC). */
export type Newest = { readonly at: string | null; readonly date: string; readonly zone: string };

/** Null before the customer is registered. */
export const dataQualityOf = (
  customer: CustomerSlice,
  newest: Newest,
  rules: QualityRules,
): DataQuality | null => {
  if (customer.kind === null) return null;
  const found = findings(customer, newest, rules);
  const checks = (Object.keys(rules.points) as QualityCheckCode[]).toSorted().map((code): QualityCheck => {
    const { holds, eventId } = found[code];
    return { code, eventId: holds ? eventId : null, points: holds ? rules.points[code] : 0 };
  });
  return { checks, score: checks.reduce((sum, { points }) => sum + points, 0) };
};

type Finding = { readonly holds: boolean; readonly eventId: string | null };

/** Holds where there is an event that shows it. */
const shownBy = (eventId: string | null | undefined): Finding => ({
  holds: eventId !== null && eventId !== undefined,
  eventId: eventId ?? null,
});

const isMail = ({ channel }: ContactPoint): boolean => channel === 'EMAIL';
const isPhone = ({ channel }: ContactPoint): boolean => channel === 'PHONE' || channel === 'SMS';
const isLive = ({ retired }: ContactPoint): boolean => retired === null;
/** Retired because nobody was reached. */
const isDead = ({ retired }: ContactPoint): boolean => retired === 'BOUNCED' || retired === 'WRONG';

const findings = (
  customer: CustomerSlice,
  newest: Newest,
  rules: QualityRules,
): Readonly<Record<QualityCheckCode, Finding>> => {
  const live = customer.contactPoints.filter(isLive);
  const verified = live.filter((point) => point.verified);
  const { profileFact } = customer;
  return {
    displayName: { holds: customer.displayName !== null, eventId: customer.displayName?.$sealed ?? null },
    email: shownBy(live.find(isMail)?.eventId),
    phone: shownBy(live.find(isPhone)?.eventId),
    owner: { holds: customer.ownerId !== null, eventId: null },
    relation: shownBy(relationOf(customer)),
    verifiedEmail: shownBy(verified.find(isMail)?.eventId),
    verifiedPhone: shownBy(verified.find(isPhone)?.eventId),
    reachableChannels: { holds: !hasDeadChannel(customer.contactPoints), eventId: null },
    attributes: { holds: true, eventId: null }, // a command with attributes that break their schema is refused
    profileFresh: isFresh(profileFact?.at ?? null, newest, rules.profileDays, profileFact?.eventId ?? null),
    eventFresh: isFresh(newest.at, newest, rules.eventDays, null),
  };
};

/** A person's consent on record, an organisation's related contact. */
const relationOf = ({ kind, consents, contacts }: CustomerSlice): string | undefined =>
  (kind === 'PERSON' ? consents[0] : contacts[0])?.eventId;

/** A channel in which every contact point turned out to reach nobody. */
const hasDeadChannel = (points: readonly ContactPoint[]): boolean =>
  points.some(
    (point) => isDead(point) && points.every((other) => other.channel !== point.channel || isDead(other)),
  );

const isFresh = (
  at: string | null,
  { date, zone }: Newest,
  days: number,
  eventId: string | null,
): Finding => ({
  holds: at !== null && daysBetween(dateOf(at, zone), date) <= days,
  eventId,
});

const dateOf = (at: string, zone: string): string => dateAt(parseInstant(at) ?? 0, zone);

/** The dates (day numbers) at whose closing a check may fail by time alone. */
export const qualityChanges = (
  { kind, profileFact }: CustomerSlice,
  { at, zone }: Newest,
  { eventDays, profileDays }: QualityRules,
): readonly number[] => {
  if (kind === null) return [];
  const after = (instant: string | null | undefined, days: number): readonly number[] =>
    instant === null || instant === undefined ? [] : [dayNumber(dateOf(instant, zone)) + days + 1];
  return [...after(profileFact?.at, profileDays), ...after(at, eventDays)];
};

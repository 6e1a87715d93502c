import { dayNumber } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import { day, folded, idOf, recorded, rules, sealed, happened, type Told } from '../test/stories.ts';
import { customerSlice } from './customer-slice.ts';
import { dataQualityOf, qualityChanges } from './data-quality.ts';

const slice = (...events: readonly Told[]) => folded(customerSlice, recorded('customer', events));
const registered = (kind: 'PERSON' | 'ORGANISATION' = 'PERSON', ownerId: string | null = null): Told =>
  happened('CustomerRegistered', day(0), { kind, displayName: sealed('r', 'displayName'), ownerId });
const point = (channel: 'EMAIL' | 'PHONE' | 'SMS' | 'POSTAL', name: string = channel): Told =>
  happened('ContactPointAdded', day(1), {
    contactPointId: idOf(name),
    channel,
    value: sealed(name, 'value'),
    primary: true,
  });
const verified = (name: string): Told =>
  happened('ContactPointVerified', day(2), { contactPointId: idOf(name), method: 'link' });
const retired = (name: string, reason: 'BOUNCED' | 'WRONG' | 'CUSTOMER_REQUEST'): Told =>
  happened('ContactPointRetired', day(3), { contactPointId: idOf(name), reason });
const consent = happened('ConsentGranted', day(2), {
  purpose: 'marketing',
  channel: 'EMAIL',
  legalBasis: 'CONSENT',
});
const quality = (events: readonly Told[], today = 10) => {
  const customer = slice(...events);
  return dataQualityOf(
    customer,
    { at: customer.updatedAt, date: day(today), zone: 'UTC' },
    rules.dataQuality,
  );
};
const failing = (events: readonly Told[], today?: number) =>
  quality(events, today)
    ?.checks.filter(({ points }) => points === 0)
    .map(({ code }) => code);

const whole = [
  registered('PERSON', idOf('agent')),
  point('EMAIL'),
  verified('EMAIL'),
  point('PHONE'),
  verified('PHONE'),
  consent,
];

describe('the quality of a record', () => {
  it('is unknown before the registration', () => {
    expect(quality([point('EMAIL')])).toBeNull();
  });

  it('is 100 when nothing is missing, with the event behind each check', () => {
    const all = quality(whole);
    expect(all?.score).toBe(100);
    expect(all?.checks.find(({ code }) => code === 'verifiedEmail')).toEqual({
      code: 'verifiedEmail',
      eventId: idOf('customer event 1'),
      points: 15,
    });
  });

  it.each([
    ['owner', 95, [registered(), ...whole.slice(1)]],
    ['relation', 95, whole.slice(0, -1)],
    ['verifiedPhone', 90, whole.filter((_, i) => i !== 4)],
  ] as const)('misses the points of %s', (code, score, events) => {
    expect(quality(events)?.score).toBe(score);
    expect(failing(events)).toEqual([code]);
  });

  it('counts the shipped points to 100', () => {
    expect(Object.values(rules.dataQuality.points).reduce((sum, points) => sum + points, 0)).toBe(100);
  });

  it('asks an organisation for a related contact instead of a consent', () => {
    const contact = happened('RelatedContactAdded', day(1), {
      contactId: idOf('c'),
      name: sealed('c', 'name'),
      role: 'BUYER',
    });
    expect(failing([registered('ORGANISATION'), consent])).toContain('relation');
    expect(failing([registered('ORGANISATION'), contact])).not.toContain('relation');
  });

  it('does not count what is retired, and a channel in which nobody was reached', () => {
    expect(failing([...whole, retired('PHONE', 'WRONG')])).toEqual([
      'phone',
      'reachableChannels',
      'verifiedPhone',
    ]);
    expect(failing([...whole, retired('PHONE', 'CUSTOMER_REQUEST')])).toEqual(['phone', 'verifiedPhone']);
    expect(failing([...whole, retired('PHONE', 'WRONG'), point('PHONE', 'second')])).toEqual([
      'verifiedPhone',
    ]);
    expect(failing([...whole.slice(0, 3), point('SMS'), verified('SMS'), consent])).toEqual([]);
  });

  it('is fresh for a year', () => {
    expect(failing(whole, 367)).toEqual([]);
    expect(failing(whole, 368)).toEqual(['eventFresh', 'profileFresh']);
    const customer = slice(...whole);
    const newest = { at: customer.updatedAt, date: day(10), zone: 'UTC' };
    expect(qualityChanges(customer, newest, rules.dataQuality)).toEqual([
      dayNumber(day(368)),
      dayNumber(day(368)),
    ]);
  });
});

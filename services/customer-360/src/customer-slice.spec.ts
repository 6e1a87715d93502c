import type { CustomerEvents } from '@tenure/events/generated/customer';
import { describe, expect, it } from 'vitest';
import { day, folded, happened, idOf, recorded, sealed, type Told } from '../test/stories.ts';
import { customerSlice, unknownCustomer, type CustomerSlice } from './customer-slice.ts';

const after = (...told: readonly Told[]): CustomerSlice => folded(customerSlice, recorded('customer', told));
const event = <T extends keyof CustomerEvents>(
  type: T,
  data: Partial<CustomerEvents[T]>,
  on = day(0),
): Told => ({
  type,
  on,
  data,
});

const registered = event('CustomerRegistered', {
  kind: 'PERSON',
  displayName: sealed('registration', 'displayName'),
  locale: 'en-US',
  timeZone: 'UTC',
  homeCurrency: 'USD',
  ownerId: null,
});
const point = (name: string, primary = false): Told =>
  event('ContactPointAdded', {
    contactPointId: idOf(name),
    channel: 'EMAIL',
    value: sealed(name, 'value'),
    primary,
  });

describe('a customer in the document', () => {
  it('is a bare id until somebody registers him', () => {
    expect(customerSlice.init()).toBe(unknownCustomer);
    expect(after(registered)).toMatchObject({
      status: 'Registered',
      kind: 'PERSON',
      displayName: { $sealed: idOf('registration') },
      homeCurrency: 'USD',
      createdAt: `${day(0)}T00:00:00.000Z`,
    });
  });

  it('has the newest value of each field of his profile', () => {
    const change = (...fields: readonly string[]) => event('CustomerProfileChanged', { fields });
    const { profile, displayName } = after(
      registered,
      change('jobTitle', 'city'),
      change('displayName', 'city'),
    );
    const at = (index: number, entry: string) => ({
      $sealed: idOf(`customer event ${index}`),
      field: 'changes',
      entry,
    });
    expect(profile).toEqual({ jobTitle: at(1, 'jobTitle'), city: at(2, 'city') });
    expect(displayName).toEqual(at(2, 'displayName'));
  });

  it('has an owner, and attributes that keep their values until they are set again', () => {
    const set = (attributes: string, schemaVersion: number) =>
      event('CustomAttributesSet', { schemaId: 'b2b', schemaVersion, attributes });
    const state = after(
      registered,
      event('AccountOwnerAssigned', { ownerId: idOf('owner') }),
      set('{"size":3,"tier":"A"}', 1),
      set('{"size":4}', 2),
    );
    expect(state).toMatchObject({
      ownerId: idOf('owner'),
      attributes: { schemaId: 'b2b', schemaVersion: 2, values: { size: 4, tier: 'A' } },
    });
  });

  it('is on hold until every hold is released', () => {
    const hold = (holdId: string) => event('LegalHoldPlaced', { holdId, basis: 'law suit' });
    const state = after(registered, hold('a'), hold('b'), event('LegalHoldReleased', { holdId: 'a' }));
    expect(state.legalHolds).toEqual(['b']);
  });

  it('goes through an erasure', () => {
    const asked = event('ErasureRequested', {});
    expect(after(registered, asked).status).toBe('ErasurePending');
    expect(after(registered, asked, event('ErasureCancelled', {})).status).toBe('Registered');
    expect(after(asked, event('ErasureCancelled', {})).status).toBe('Bare');
    expect(after(registered, asked, event('CustomerErased', {})).status).toBe('Erased');
  });
});

describe('contact points in the document', () => {
  it('are one first choice per channel, verified or retired', () => {
    const verified = event('ContactPointVerified', { contactPointId: idOf('b'), method: 'code' });
    const retired = event('ContactPointRetired', { contactPointId: idOf('b'), reason: 'BOUNCED' });
    expect(
      after(registered, point('a', true), point('b', true), verified, retired).contactPoints,
    ).toMatchObject([
      { contactPointId: idOf('a'), primary: false, verified: false, retired: null },
      { contactPointId: idOf('b'), primary: false, verified: true, retired: 'BOUNCED' },
    ]);
  });

  it('are 50 at most: the oldest retired one goes first', () => {
    const points = Array.from({ length: 50 }, (_, i) => point(`point ${i}`));
    const retired = event('ContactPointRetired', { contactPointId: idOf('point 9'), reason: 'WRONG' });
    const state = after(registered, ...points, retired, point('new'));
    expect(state.contactPoints).toHaveLength(50);
    expect(state.contactPoints.map(({ contactPointId }) => contactPointId)).not.toContain(idOf('point 9'));
    expect(state.contactPoints[0]?.contactPointId).toBe(idOf('point 0'));
    // A stream beyond the limits of the aggregate makes no document grow.
    expect(after(registered, ...points, point('new')).contactPoints).toHaveLength(50);
  });
});

describe('related contacts, identities and consents in the document', () => {
  it('come and go', () => {
    const contact = (name: string) =>
      event('RelatedContactAdded', { contactId: idOf(name), name: sealed(name, 'name'), role: 'BUYER' });
    const gone = event('RelatedContactRetired', { contactId: idOf('a') });
    expect(after(contact('a'), contact('b'), gone).contacts).toMatchObject([{ contactId: idOf('b') }]);
  });

  it('name an external id once, as it was linked last', () => {
    const link = (externalId: string) =>
      event('ExternalIdentityLinked', { system: 'erp', externalId, confidence: 100 });
    expect(after(link('1'), link('2'), link('1')).externalIds).toEqual([
      { system: 'erp', id: '2', eventId: idOf('customer event 1') },
      { system: 'erp', id: '1', eventId: idOf('customer event 2') },
    ]);
  });

  it('say per purpose and channel whether a consent is in force', () => {
    const grant = (channel: string) =>
      event('ConsentGranted', { purpose: 'news', channel, legalBasis: 'CONSENT', policyVersion: '1' });
    const withdrawn = event('ConsentWithdrawn', { purpose: 'news', channel: 'EMAIL' });
    expect(after(grant('EMAIL'), grant('PHONE'), withdrawn).consents).toMatchObject([
      { channel: 'PHONE', granted: true, legalBasis: 'CONSENT', policyVersion: '1' },
      { channel: 'EMAIL', granted: false, legalBasis: null, policyVersion: null },
    ]);
  });

  it('stay bounded whatever a stream holds', () => {
    const many = <T>(one: (i: number) => T): readonly T[] => Array.from({ length: 250 }, (_, i) => one(i));
    const state = after(
      ...many((i) => event('RelatedContactAdded', { contactId: idOf(`${i}`), role: 'USER' })),
      ...many((i) => event('ExternalIdentityLinked', { system: 'erp', externalId: `${i}` })),
      ...many((i) => event('ConsentGranted', { purpose: `${i}`, channel: 'EMAIL' })),
      ...many((i) => event('LegalHoldPlaced', { holdId: `${i}` })),
    );
    expect(state.contacts).toHaveLength(200);
    expect(state.externalIds).toHaveLength(50);
    expect(state.consents).toHaveLength(200);
    expect(state.legalHolds).toHaveLength(50);
  });
});

describe('a party that was merged into this customer', () => {
  const register = (name: string): Told =>
    happened('CustomerRegistered', day(0), {
      kind: 'ORGANISATION',
      displayName: sealed(name, 'displayName'),
      locale: 'de-DE',
      timeZone: 'UTC',
      homeCurrency: 'EUR',
      ownerId: idOf(`owner of ${name}`),
    });
  const address = happened('ContactPointAdded', day(1), {
    contactPointId: idOf('point'),
    channel: 'EMAIL',
    value: sealed('point', 'value'),
    primary: true,
  });
  const owner = happened('AccountOwnerAssigned', day(2), { ownerId: idOf('somebody else') });
  const self = recorded('customer', [register('self')]);
  const other = recorded('customer', [register('other'), address, owner], idOf('other'));

  it('adds how it can be reached, and does not change who the customer is', () => {
    for (const events of [
      [...self, ...other],
      [...other, ...self],
    ]) {
      const state = folded(customerSlice, events);
      expect(state).toMatchObject({
        displayName: sealed('self', 'displayName'),
        ownerId: idOf('owner of self'),
        merged: [{ customerId: idOf('other'), displayName: sealed('other', 'displayName') }],
        contactPoints: [{ contactPointId: idOf('point') }],
      });
    }
  });

  it('is all there is of a survivor nobody has registered', () => {
    expect(folded(customerSlice, other)).toMatchObject({ status: 'Bare', kind: null, displayName: null });
  });
});

import { uuid5 } from '@tenure/core';
import fc from 'fast-check';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  commands,
  given,
  pointAdded,
  pointRetired,
  pointVerified,
  registered,
  sealed,
} from '../test/customers.ts';
import { withContactPoint, type ContactPoint } from './customer-rules.ts';

describe('AddContactPoint', () => {
  const add = commands.AddContactPoint;

  it('keeps the value in its normal form', () => {
    given(registered)
      .when(add)
      .then({
        type: 'ContactPointAdded',
        data: { ...add.data, contactPointId: idOf('new'), value: 'ada@example.org' },
      });
  });

  it('makes an id of its own where none is given', () => {
    const data = { channel: 'EMAIL', value: 'a@b.de', primary: false } as const;
    expect(given(registered).when({ name: 'AddContactPoint', data }).facts()[0]?.data).toMatchObject({
      contactPointId: uuid5(SCENARIO_CONTEXT.commandId, 'contactPointId'),
    });
  });

  it('refuses what is no address, without repeating it', () => {
    const outcome = given(registered).when({ name: 'AddContactPoint', data: { ...add.data, value: 'bad' } });
    outcome.refused('CONTACT_POINT_INVALID', { channel: 'EMAIL' });
    expect(() => outcome.facts()).toThrow(/^The value is no EMAIL address that can be reached\.$/);
  });

  it('takes an id once', () => {
    given(registered, pointAdded('new'), pointRetired('new'))
      .when(add)
      .refused('DUPLICATE_CONTACT_POINT', { contactPointId: idOf('new') });
  });

  it('leaves one first choice per channel', () => {
    const { contactPoints } = given(
      registered,
      pointAdded('a', { primary: true }),
      pointAdded('b', { channel: 'PHONE', primary: true }),
      pointAdded('c', { primary: true }),
      pointAdded('d'),
    ).state();
    expect(contactPoints.map(({ primary }) => primary)).toEqual([false, true, true, false]);
  });

  it('holds at most 50 that are live, and forgets the oldest retired ones', () => {
    const points = Array.from({ length: 50 }, (_, i) => pointAdded(`point ${i}`));
    given(registered, ...points)
      .when(add)
      .refused('LIMIT_EXCEEDED', { limit: 'contactPoints', value: 50 });
    const moved = given(registered, ...points, pointRetired('point 7'), pointRetired('point 3'));
    expect(moved.when(add).facts()).toHaveLength(1);
    const after = given(
      registered,
      ...points,
      pointRetired('point 7'),
      pointRetired('point 3'),
      pointAdded('new'),
    ).state();
    expect(after.contactPoints).toHaveLength(50);
    expect(after.contactPoints.map(({ contactPointId }) => contactPointId)).not.toContain(idOf('point 3'));
    expect(after.contactPoints.at(-1)?.contactPointId).toBe(idOf('new'));
  });
});

describe('VerifyContactPoint', () => {
  const verify = commands.VerifyContactPoint;

  it('says how it was verified, once', () => {
    given(registered, pointAdded('mail')).when(verify).then(pointVerified('mail'));
    given(registered, pointAdded('mail'), pointVerified('mail')).when(verify).then([]);
  });

  it('needs a live contact point of the customer', () => {
    given(registered)
      .when(verify)
      .refused('UNKNOWN_CONTACT_POINT', { contactPointId: idOf('mail') });
    given(registered, pointAdded('mail'), pointRetired('mail')).when(verify).refused('CONTACT_POINT_RETIRED');
  });
});

describe('RetireContactPoint', () => {
  const retire = commands.RetireContactPoint;

  it('says why, once', () => {
    given(registered, pointAdded('mail')).when(retire).then(pointRetired('mail'));
    given(registered, pointAdded('mail'), pointRetired('mail')).when(retire).then([]);
    given(registered).when(retire).refused('UNKNOWN_CONTACT_POINT');
  });

  it('leaves no first choice behind', () => {
    const [point] = given(
      registered,
      pointAdded('mail', { primary: true }),
      pointVerified('mail'),
      pointRetired('mail'),
    ).state().contactPoints;
    expect(point).toMatchObject({ primary: false, verified: true, retired: 'BOUNCED' });
  });
});

describe('a list of contact points', () => {
  it('is never longer than 50, and loses no live one', () => {
    const point = fc.record({
      contactPointId: fc.uuid(),
      channel: fc.constantFrom('EMAIL', 'PHONE'),
      primary: fc.boolean(),
      verified: fc.boolean(),
      retired: fc.constantFrom(null, 'BOUNCED', 'WRONG'),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 40, maxLength: 90 }), (added) => {
        let points: readonly ContactPoint[] = [];
        for (const one of added) {
          // The decider lets a new one in only while 49 at most are live.
          if (points.filter(({ retired }) => retired === null).length >= 50) continue;
          const live = points
            .filter(({ retired }) => retired === null)
            .map(({ contactPointId }) => contactPointId);
          points = withContactPoint(points, { ...one, value: sealed('value') });
          expect(points.length).toBeLessThanOrEqual(50);
          expect(points.map(({ contactPointId }) => contactPointId)).toEqual(expect.arrayContaining(live));
          expect(points.at(-1)).toMatchObject(one);
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { day, happened, idOf, severity } from '../../test/story.ts';
import { contactLost } from './contact-lost.ts';

const point = (type: string, offset: number, name = 'mail') =>
  happened('customer', type, day(offset), { contactPointId: idOf(name) }, `${type} ${name}`);
const added = point('ContactPointAdded', 0);

describe('CONTACT_LOST', () => {
  it('is high when the last way to reach the customer is gone', () => {
    const second = point('ContactPointAdded', 1, 'phone');
    expect(severity(contactLost, day(10), added, second, point('ContactPointRetired', 5))).toBe(0);
    const both = [point('ContactPointRetired', 5), point('ContactPointRetired', 6, 'phone')];
    expect(severity(contactLost, day(10), added, second, ...both)).toBe(3);
  });

  it('is silent where there never was one, and over with a new one', () => {
    expect(severity(contactLost, day(10))).toBe(0);
    const again = [point('ContactPointRetired', 5), point('ContactPointAdded', 9, 'new mail')];
    expect(severity(contactLost, day(10), added, ...again)).toBe(0);
  });
});

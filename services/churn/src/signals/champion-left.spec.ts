import { describe, expect, it } from 'vitest';
import { assessed, day, happened, severity } from '../../test/story.ts';
import { championLeft } from './champion-left.ts';

const left = (offset: number, role = 'CHAMPION') =>
  happened('customer', 'RelatedContactRetired', day(offset), { role });
const came = (offset: number, role = 'BUYER') =>
  happened('customer', 'RelatedContactAdded', day(offset), { role });

describe('CHAMPION_LEFT', () => {
  it('is medium from day 30 on, when nobody came in his place', () => {
    expect(severity(championLeft, day(29), left(0))).toBe(0);
    expect(severity(championLeft, day(30), left(0))).toBe(2);
    expect(severity(championLeft, day(60), left(0), came(30))).toBe(0);
    expect(severity(championLeft, day(60), left(0), came(31))).toBe(2);
  });

  it('is none for others, and no other is a replacement', () => {
    expect(severity(championLeft, day(60), left(0, 'USER'))).toBe(0);
    expect(severity(championLeft, day(60), left(0), came(10, 'USER'))).toBe(2);
  });

  it('is 30 days old when it rises, and gone when less than a tenth of it is left', () => {
    expect(assessed(day(30), left(0)).signals[0]).toMatchObject({ code: 'CHAMPION_LEFT', ageDays: 30 });
    expect(assessed(day(398), left(0)).signals).toHaveLength(1); // ½^(398/120) = .1004
    expect(assessed(day(399), left(0)).signals).toHaveLength(0);
  });
});

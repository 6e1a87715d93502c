import { describe, expect, it } from 'vitest';
import { day, points, severity } from '../../test/story.ts';
import { tierDown } from './tier-down.ts';

const enrolled = points('MemberEnrolled', day(0));
const tier = (direction: string, offset: number) => points('TierChanged', day(offset), { direction });

describe('TIER_DOWN', () => {
  it('is medium for 90 days', () => {
    expect(severity(tierDown, day(10), enrolled, tier('DOWN', 10))).toBe(2);
    expect(severity(tierDown, day(99), enrolled, tier('DOWN', 10))).toBe(2);
    expect(severity(tierDown, day(100), enrolled, tier('DOWN', 10))).toBe(0);
  });

  it('is over when the tier is won back', () => {
    expect(severity(tierDown, day(30), enrolled, tier('DOWN', 10), tier('UP', 20))).toBe(0);
  });
});

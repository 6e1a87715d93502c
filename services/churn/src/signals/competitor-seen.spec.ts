import { describe, expect, it } from 'vitest';
import { day, deal, severity } from '../../test/story.ts';
import { competitorSeen } from './competitor-seen.ts';

const withKind = (kind: string) => [
  deal('OpportunityOpened', day(0), kind),
  deal('CompetitorRecorded', day(5), kind),
];

describe('COMPETITOR_SEEN', () => {
  it.each([
    ['RENEWAL', 2],
    ['UP_SELL', 2],
    ['NEW_BUSINESS', 0],
    ['CROSS_SELL', 0],
  ])('on an open deal of kind %s: %i', (kind, expected) => {
    expect(severity(competitorSeen, day(6), ...withKind(kind))).toBe(expected);
  });

  it.each(['OpportunityWon', 'OpportunityLost', 'OpportunityAbandoned'])('is over with %s', (type) => {
    expect(severity(competitorSeen, day(9), ...withKind('RENEWAL'), deal(type, day(8)))).toBe(0);
  });
});

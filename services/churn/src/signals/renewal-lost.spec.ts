import { describe, expect, it } from 'vitest';
import { day, deal, idOf, seen, severity } from '../../test/story.ts';
import { renewalLost } from './renewal-lost.ts';

const lost = [deal('OpportunityOpened', day(0)), deal('OpportunityLost', day(10))] as const;

describe('RENEWAL_LOST', () => {
  it('is critical for 180 days', () => {
    expect(seen(renewalLost, day(10), ...lost)).toMatchObject({
      severity: 4,
      events: [idOf('OpportunityLost deal 2026-01-11')],
    });
    expect(severity(renewalLost, day(189), ...lost)).toBe(4);
    expect(severity(renewalLost, day(190), ...lost)).toBe(0);
  });

  it('is none for other deals', () => {
    const other = [deal('OpportunityOpened', day(0), 'UP_SELL'), deal('OpportunityLost', day(10), 'UP_SELL')];
    expect(severity(renewalLost, day(10), ...other)).toBe(0);
  });

  it('is over when that deal is opened again, or a renewal is won', () => {
    expect(severity(renewalLost, day(20), ...lost, deal('OpportunityReopened', day(15)))).toBe(0);
    const won = [
      deal('OpportunityOpened', day(12), 'RENEWAL', 'next'),
      deal('OpportunityWon', day(15), 'RENEWAL', 'next'),
    ];
    expect(severity(renewalLost, day(20), ...lost, ...won)).toBe(0);
    const reverted = deal('OpportunityWinReverted', day(18), 'RENEWAL', 'next');
    expect(severity(renewalLost, day(20), ...lost, ...won, reverted)).toBe(4);
  });

  it('is none for a deal that was given up', () => {
    const abandoned = [deal('OpportunityOpened', day(0)), deal('OpportunityAbandoned', day(10))];
    expect(severity(renewalLost, day(11), ...abandoned)).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { cancelled, day, idOf, placed, seen, severity } from '../../test/story.ts';
import { earlyStall } from './early-stall.ts';

describe('EARLY_STALL', () => {
  it('is medium after 120 days with one order day', () => {
    expect(severity(earlyStall, day(120), placed(day(0)))).toBe(0);
    expect(seen(earlyStall, day(121), placed(day(0)), placed(day(0), 'same day'))).toMatchObject({
      severity: 2,
      events: [idOf('placed order 2026-01-01'), idOf('placed same day')],
    });
  });

  it('is over with a second order day, unless that order is cancelled', () => {
    const second = placed(day(60), 'second');
    expect(severity(earlyStall, day(300), placed(day(0)), second)).toBe(0);
    expect(severity(earlyStall, day(300), placed(day(0)), second, cancelled(day(61), 'second'))).toBe(2);
    expect(severity(earlyStall, day(300))).toBe(0);
  });
});

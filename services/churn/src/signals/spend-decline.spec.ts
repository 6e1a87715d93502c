import { describe, expect, it } from 'vitest';
import { day, fulfilled, refunded, seen, severity } from '../../test/story.ts';
import { spendDecline } from './spend-decline.ts';

const today = day(179);
const before = fulfilled(day(80), 10_000);

describe('SPEND_DECLINE', () => {
  it('is medium from 30 % less, high from 60 %', () => {
    expect(severity(spendDecline, today, before, fulfilled(day(100), 7_001))).toBe(0);
    expect(severity(spendDecline, today, before, fulfilled(day(100), 7_000))).toBe(2);
    expect(severity(spendDecline, today, before, fulfilled(day(100), 4_001))).toBe(2);
    expect(severity(spendDecline, today, before, fulfilled(day(100), 4_000))).toBe(3);
  });

  it('takes refunds off the days they were issued on', () => {
    expect(
      seen(spendDecline, today, before, fulfilled(day(100), 10_000), refunded(day(110), 3_000)),
    ).toMatchObject({
      severity: 2,
      observed: { minor: 7_000, minorBefore: 10_000, currency: 'CNY' },
    });
  });

  it('does not count other currencies, nor compare with nothing', () => {
    expect(severity(spendDecline, today, fulfilled(day(80), 10_000, { currency: 'USD' }))).toBe(0);
    expect(severity(spendDecline, today, fulfilled(day(100), 1))).toBe(0);
  });

  it('counts what is fulfilled in the open day', () => {
    expect(severity(spendDecline, today, before, fulfilled(day(180), 10_000))).toBe(0);
  });
});

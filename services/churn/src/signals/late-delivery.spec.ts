import { describe, expect, it } from 'vitest';
import { day, fulfilled, seen, severity } from '../../test/story.ts';
import { lateDelivery } from './late-delivery.ts';

const late = (offset: number, name?: string) =>
  fulfilled(day(offset), 1, { onTime: false, ...(name !== undefined && { name }) });

describe('LATE_DELIVERY', () => {
  it('is medium from two in 90 days, high from four; orders of one day count each', () => {
    expect(severity(lateDelivery, day(90), late(20))).toBe(0);
    expect(severity(lateDelivery, day(90), late(20), late(20, 'second'))).toBe(2);
    expect(severity(lateDelivery, day(90), late(20), late(21), late(22), late(23))).toBe(3);
  });

  it('does not count what came in time, or longer ago', () => {
    expect(severity(lateDelivery, day(90), late(20), fulfilled(day(21), 1))).toBe(0);
    expect(severity(lateDelivery, day(109), late(20), late(21))).toBe(2);
    expect(severity(lateDelivery, day(110), late(20), late(21))).toBe(0);
  });

  it('cites the late ones', () => {
    expect(seen(lateDelivery, day(90), late(20), late(21))?.events).toHaveLength(2);
  });
});

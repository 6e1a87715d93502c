import { describe, expect, it } from 'vitest';
import { day, fulfilled, received, refunded, seen, severity } from '../../test/story.ts';
import { returnSpike } from './return-spike.ts';

const today = day(179);
const sold = fulfilled(day(10), 10_000);

describe('RETURN_SPIKE', () => {
  it('is medium from a quarter of the value and two returns', () => {
    expect(severity(returnSpike, today, sold, refunded(day(20), 2_500))).toBe(0); // one return
    expect(severity(returnSpike, today, sold, refunded(day(20), 1_250), refunded(day(21), 1_249))).toBe(0);
    expect(severity(returnSpike, today, sold, refunded(day(20), 1_250), refunded(day(21), 1_250))).toBe(2);
  });

  it('is high from half of it and three returns', () => {
    const half = [refunded(day(20), 2_500), refunded(day(21), 2_500)];
    expect(severity(returnSpike, today, sold, ...half)).toBe(2);
    expect(severity(returnSpike, today, sold, ...half, received(day(22)))).toBe(3);
  });

  it('counts a return once that was received and refunded', () => {
    const one = [received(day(20), 'r'), refunded(day(25), 5_000, 'r')];
    expect(severity(returnSpike, today, sold, ...one)).toBe(0);
    expect(seen(returnSpike, today, sold, ...one, received(day(26), 's'))?.observed).toMatchObject({
      returns: 2,
    });
  });

  it('forgets what is older than 180 days', () => {
    expect(severity(returnSpike, day(201), sold, refunded(day(20), 2_500), refunded(day(21), 2_500))).toBe(0);
  });
});

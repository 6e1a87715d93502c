import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from './instants.ts';

describe('an instant in text', () => {
  it.each([
    ['2026-11-20T09:14:03Z', '2026-11-20T09:14:03.000Z'],
    ['2026-11-20T10:14:03+01:00', '2026-11-20T09:14:03.000Z'],
    ['2026-11-20T09:14:03.1Z', '2026-11-20T09:14:03.100Z'],
    ['2026-11-20T09:14:03.123456789Z', '2026-11-20T09:14:03.123Z'],
    ['2026-11-20T09:14Z', '2026-11-20T09:14:00.000Z'],
    ['2026-01-01T00:30+0530', '2025-12-31T19:00:00.000Z'],
    ['2025-12-31T20:30:00-03:30', '2026-01-01T00:00:00.000Z'],
    ['1969-12-31t23:59:59.999z', '1969-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, utc) => {
    const instant = parseInstant(text);
    expect(instant).toBe(Date.parse(utc));
    expect(formatInstant(instant ?? 0)).toBe(utc);
  });

  it.each([
    '2026-11-20T09:14:03',
    '2026-11-20',
    '2026-02-29T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T23:60:00Z',
    '2026-11-20T23:59:60Z',
    '2026-11-20T09:14:03+24:00',
    '2026-11-20T09:14:03+01:60',
    '2026-11-20 09:14:03Z',
    '2026-11-20T09:14:03.Z',
    ' 2026-11-20T09:14:03Z',
    '1700000000000',
    '',
  ])('is not %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('is written as the runtime writes it, and read back', () => {
    const from = Date.parse('0001-01-01T00:00:00Z');
    const to = Date.parse('9999-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (instant) => {
        expect(formatInstant(instant)).toBe(new Date(instant).toISOString());
        expect(parseInstant(formatInstant(instant))).toBe(instant);
      }),
    );
  });
});

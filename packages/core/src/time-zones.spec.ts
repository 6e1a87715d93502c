import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant } from './instants.ts';
import { dateAt, instantAt, isTimeZone, startOfDate, zoneOffset } from './time-zones.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'Asia/Beirut',
];
const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: at('1972-01-01T00:00:00Z'), max: at('2037-12-31T00:00:00Z') });

/** The same from the runtime's own formatter. */
const wallDate = (instant: number, zone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(instant);

describe('the date on the wall', () => {
  it.each([
    ['2026-03-17T23:59:59.999Z', 'UTC', '2026-03-17'],
    ['2026-03-17T15:59:59.999Z', 'Asia/Shanghai', '2026-03-17'],
    ['2026-03-17T16:00:00Z', 'Asia/Shanghai', '2026-03-18'],
    ['2026-07-01T22:00:00Z', 'Europe/Berlin', '2026-07-02'],
    ['2026-01-01T22:30:00Z', 'Europe/Berlin', '2026-01-01'],
    ['2026-01-01T04:59:59Z', 'America/New_York', '2025-12-31'],
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
  ])('at %s in %s is %s', (text, zone, date) => {
    expect(dateAt(at(text), zone)).toBe(date);
  });

  it('is that of the runtime, in any zone at any instant', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        expect(dateAt(instant, zone)).toBe(wallDate(instant, zone));
      }),
    );
  });
});

describe('the offset of a zone', () => {
  it('changes to the millisecond', () => {
    const spring = at('2026-03-29T01:00:00Z');
    expect([spring - 1, spring].map((instant) => zoneOffset(instant, 'Europe/Berlin') / HOUR)).toEqual([
      1, 2,
    ]);
    const autumn = at('2026-10-25T01:00:00Z');
    expect([autumn - 1, autumn].map((instant) => zoneOffset(instant, 'Europe/Berlin') / HOUR)).toEqual([
      2, 1,
    ]);
    expect(zoneOffset(at('2026-07-01T00:00:00Z'), 'Australia/Lord_Howe') / HOUR).toBe(10.5);
  });

  it('is refused for what is no zone and beyond the calendar', () => {
    for (const name of ['', '+08:00', 'Mars/Olympus', 'GMT+25', '__proto__'])
      expect([name, isTimeZone(name)]).toEqual([name, false]);
    expect(() => dateAt(0, 'Mars/Olympus')).toThrow(expect.objectContaining({ code: 'ZONE_UNKNOWN' }));
    expect(() => dateAt(1e18, 'Europe/Berlin')).toThrow(expect.objectContaining({ code: 'DATE_INVALID' }));
    expect(() => dateAt(Number.NaN, 'Europe/Berlin')).toThrow(
      expect.objectContaining({ code: 'DATE_INVALID' }),
    );
    expect(ZONES.every(isTimeZone)).toBe(true);
  });
});

describe('the start of a date', () => {
  it.each([
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'], // 00:00 did not exist
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'], // 23:00 came twice the evening before
    ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00.000Z'], // 00:00 came twice: the first
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'], // a date that was left out
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s is %s', (date, zone, utc) => {
    expect(formatInstant(startOfDate(date, zone))).toBe(utc);
  });

  it('is the first instant of that date', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const date = dateAt(instant, zone);
        const start = startOfDate(date, zone);
        expect(start).toBeLessThanOrEqual(instant);
        expect(dateAt(start, zone)).toBe(date);
        expect(dateAt(start - 1, zone) < date).toBe(true);
      }),
    );
  });
});

describe('a time on the wall', () => {
  it.each([
    ['2026-03-29', 150, 'Europe/Berlin', '2026-03-29T01:00:00.000Z'], // 02:30 is jumped over: 03:00
    ['2026-10-25', 150, 'Europe/Berlin', '2026-10-25T00:30:00.000Z'], // 02:30 comes twice: the first
    ['2026-10-25', 180, 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['2026-06-01', 1_440, 'Asia/Shanghai', '2026-06-01T16:00:00.000Z'],
  ])('%s, minute %d in %s is %s', (date, minutes, zone, utc) => {
    expect(formatInstant(instantAt(date, minutes, zone))).toBe(utc);
  });

  it('comes later for a later time of the same date', () => {
    fc.assert(
      fc.property(instants, zones, fc.nat(1_440), fc.nat(1_440), (instant, zone, a, b) => {
        fc.pre(a <= b);
        const date = dateAt(instant, zone);
        expect(instantAt(date, a, zone)).toBeLessThanOrEqual(instantAt(date, b, zone));
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  addYears,
  dateOfDay,
  dayNumber,
  dayOfWeek,
  daysBetween,
  daysInMonth,
  isDate,
} from './dates.ts';

const FIRST = dayNumber('0001-01-01');
const LAST = dayNumber('9999-12-31');
const dates = fc.integer({ min: FIRST, max: LAST }).map(dateOfDay);
const invalid = expect.objectContaining({ code: 'DATE_INVALID' });

describe('a calendar date', () => {
  it.each(['2026-02-28', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('is %s', (text) => {
    expect(isDate(text)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-5',
    '0000-01-01',
    '20260105',
    '2026-01-05T00:00Z',
    '',
  ])('is not %j', (text) => {
    expect(isDate(text)).toBe(false);
    expect(() => dayNumber(text)).toThrow(invalid);
  });

  it('is the same as its day number, which grows by one a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), (day) => {
        const date = dateOfDay(day);
        expect(isDate(date)).toBe(true);
        expect(dayNumber(date)).toBe(day);
        expect(date).toBe(new Date(day * 86_400_000).toISOString().slice(0, 10));
        expect(day === LAST || date < dateOfDay(day + 1)).toBe(true);
      }),
    );
    expect([dayNumber('1970-01-01'), dayNumber('2000-03-01'), FIRST]).toEqual([0, 11_017, -719_162]);
    expect(() => addDays('9999-12-31', 1)).toThrow(invalid);
    expect(() => addDays('0001-01-01', -1)).toThrow(invalid);
  });

  it('has the days between it and another', () => {
    fc.assert(
      fc.property(dates, dates, (from, to) => {
        expect(addDays(from, daysBetween(from, to))).toBe(to);
        expect(daysBetween(to, from)).toBe(0 - daysBetween(from, to));
      }),
    );
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
  });

  it('has a day of the week: Monday is 1', () => {
    expect(['2026-01-05', '2026-01-11', '1970-01-01', '1969-12-31', '0001-01-01'].map(dayOfWeek)).toEqual([
      1, 7, 4, 3, 1,
    ]);
  });
});

describe('months and years', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-01-15', -13, '2024-12-15'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-05-10', 0, '2026-05-10'],
  ])('%s + %d months is %s', (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected);
  });

  it('end on the last day where a day does not exist', () => {
    expect(addYears('2024-02-29', 1)).toBe('2025-02-28');
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
    expect([daysInMonth(2024, 2), daysInMonth(1900, 2), daysInMonth(2026, 12)]).toEqual([29, 28, 31]);
  });

  it('go as many months back as forth from any day that all months have', () => {
    const safe = dates.filter((date) => Number(date.slice(8)) <= 28 && date > '0500' && date < '9500');
    fc.assert(
      fc.property(safe, fc.integer({ min: -5_000, max: 5_000 }), (date, months) => {
        expect(addMonths(addMonths(date, months), -months)).toBe(date);
      }),
    );
  });
});

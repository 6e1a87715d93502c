import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBusinessDays,
  addBusinessMinutes,
  businessCalendar,
  businessMinutesBetween,
  isBusinessDay,
  isOpen,
  nextOpenInstant,
  type CalendarData,
} from './business-calendar.ts';
import { formatInstant } from './instants.ts';

const MINUTE = 60_000;
const at = (text: string): number => Date.parse(text);
const day = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
];
const business: CalendarData = {
  zone: 'UTC',
  week: [day, day, day, day, day, [], []],
  holidays: ['2026-01-01', '2026-05-01', '2026-10-01', '2026-12-25'],
  extraWorkdays: [],
};
const wholeDay = [{ from: '00:00', to: '24:00' }];
const always: CalendarData = {
  zone: 'Europe/Berlin',
  week: Array.from({ length: 7 }, () => wholeDay),
  holidays: [],
  extraWorkdays: [],
};
const night: CalendarData = {
  zone: 'America/Sao_Paulo',
  week: Array.from({ length: 7 }, () => [
    { from: '00:00', to: '01:30' },
    { from: '22:15', to: '24:00' },
  ]),
  holidays: ['2018-11-03'],
  extraWorkdays: [],
};
const desk = businessCalendar(business);
const due = (from: string, minutes: number): string =>
  formatInstant(addBusinessMinutes(desk, at(from), minutes));

describe('a target in business minutes', () => {
  it.each([
    ['2026-03-17T09:00:00Z', 240, '2026-03-17T14:00:00.000Z'], // 09–12 and 13–14
    ['2026-03-17T09:00:00Z', 2_400, '2026-03-23T18:00:00.000Z'], // five days: due at 18:00, not the next morning
    ['2026-03-19T11:00:00Z', 2_010, '2026-03-25T13:30:00.000Z'],
    ['2026-03-19T11:00:00Z', 480, '2026-03-20T11:00:00.000Z'],
    ['2026-03-25T13:30:00Z', 960, '2026-03-27T13:30:00.000Z'],
    ['2026-03-17T11:00:00Z', 60, '2026-03-17T12:00:00.000Z'],
    ['2026-03-17T12:00:00Z', 1, '2026-03-17T13:01:00.000Z'], // the end of an interval is not open
    ['2026-03-20T18:00:00Z', 30, '2026-03-23T09:30:00.000Z'], // over a weekend
    ['2026-04-30T17:00:00Z', 90, '2026-05-04T09:30:00.000Z'], // over a holiday and a weekend
    ['2026-03-21T03:00:00Z', 0, '2026-03-21T03:00:00.000Z'],
  ])('from %s, %d minutes, is due at %s', (from, minutes, expected) => {
    expect(due(from, minutes)).toBe(expected);
  });

  it('counts what was used of it', () => {
    expect(businessMinutesBetween(desk, at('2026-03-17T09:00:00Z'), at('2026-03-17T16:30:00Z'))).toBe(390);
    expect(businessMinutesBetween(desk, at('2026-03-21T00:00:00Z'), at('2026-03-22T23:00:00Z'))).toBe(0);
    expect(businessMinutesBetween(desk, at('2026-03-17T11:59:30Z'), at('2026-03-17T13:00:15Z'))).toBe(0.75);
    expect(businessMinutesBetween(desk, at('2026-03-17T10:00:00Z'), at('2026-03-17T09:30:00Z'))).toBe(-30);
  });

  it('cannot be negative or no number', () => {
    for (const minutes of [-1, Number.NaN])
      expect(() => addBusinessMinutes(desk, 0, minutes)).toThrow(
        expect.objectContaining({ code: 'CALENDAR_INVALID' }),
      );
  });
});

describe('opening hours', () => {
  it.each([
    ['2026-03-17T08:59:59.999Z', false, '2026-03-17T09:00:00.000Z'],
    ['2026-03-17T09:00:00Z', true, '2026-03-17T09:00:00.000Z'],
    ['2026-03-17T11:59:59.999Z', true, '2026-03-17T11:59:59.999Z'],
    ['2026-03-17T12:00:00Z', false, '2026-03-17T13:00:00.000Z'],
    ['2026-03-20T18:00:00Z', false, '2026-03-23T09:00:00.000Z'],
  ])('at %s: open %s, next open at %s', (text, open, next) => {
    expect(isOpen(desk, at(text))).toBe(open);
    expect(formatInstant(nextOpenInstant(desk, at(text)))).toBe(next);
  });

  it('are those of the first working day on an extra workday', () => {
    const short = [{ from: '10:00', to: '11:00' }];
    const worked = businessCalendar({
      ...business,
      week: [short, day, day, day, day, [], []],
      extraWorkdays: ['2026-03-21'],
    });
    expect(isBusinessDay(worked, '2026-03-21') && !isBusinessDay(worked, '2026-03-22')).toBe(true);
    expect(businessMinutesBetween(worked, at('2026-03-21T00:00:00Z'), at('2026-03-22T00:00:00Z'))).toBe(60);
  });
});

describe('a day with a clock change', () => {
  it('has the minutes that really pass', () => {
    const clock = businessCalendar(always);
    const minutes = (from: string, to: string): number => businessMinutesBetween(clock, at(from), at(to));
    expect(minutes('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toBe(23 * 60);
    expect(minutes('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toBe(25 * 60);
    expect(formatInstant(addBusinessMinutes(clock, at('2026-03-28T23:00:00Z'), 24 * 60))).toBe(
      '2026-03-29T23:00:00.000Z',
    );
  });

  it('opens at the first instant on or after an hour that the clock jumps over', () => {
    const early = businessCalendar({
      ...always,
      week: Array.from({ length: 7 }, () => [{ from: '02:15', to: '04:00' }]),
    });
    expect(formatInstant(nextOpenInstant(early, at('2026-03-29T00:00:00Z')))).toBe(
      '2026-03-29T01:00:00.000Z',
    );
    expect(businessMinutesBetween(early, at('2026-03-29T00:00:00Z'), at('2026-03-29T12:00:00Z'))).toBe(60);
  });
});

describe('adding and counting', () => {
  const calendars = fc.constantFrom(desk, businessCalendar(always), businessCalendar(night));
  const from = fc.integer({ min: at('2018-01-01T00:00:00Z'), max: at('2019-12-31T00:00:00Z') });

  it('undo each other', () => {
    fc.assert(
      fc.property(calendars, from, fc.nat(20_000 * MINUTE), (calendar, instant, ms) => {
        const minutes = ms / MINUTE;
        const end = addBusinessMinutes(calendar, instant, minutes);
        expect(Math.round(businessMinutesBetween(calendar, instant, end) * MINUTE)).toBe(ms);
        expect(ms === 0 || isOpen(calendar, end - 1)).toBe(true);
      }),
    );
  });

  it('are additive', () => {
    fc.assert(
      fc.property(calendars, from, fc.nat(9_000), fc.nat(9_000), (calendar, instant, a, b) => {
        fc.pre(b > 0);
        const middle = addBusinessMinutes(calendar, instant, a);
        expect(addBusinessMinutes(calendar, middle, b)).toBe(addBusinessMinutes(calendar, instant, a + b));
      }),
    );
  });

  it('never count more than passes', () => {
    fc.assert(
      fc.property(calendars, from, fc.nat(10 ** 9), (calendar, instant, ms) => {
        const open = Math.round(businessMinutesBetween(calendar, instant, instant + ms) * MINUTE);
        expect(open >= 0 && open <= ms).toBe(true);
      }),
    );
  });
});

describe('business days', () => {
  it.each([
    ['2026-03-17', 5, '2026-03-24'],
    ['2026-03-21', 1, '2026-03-23'],
    ['2026-04-30', 1, '2026-05-04'],
    ['2026-03-23', -1, '2026-03-20'],
    ['2026-03-21', 0, '2026-03-21'],
  ])('%s and %d of them is %s', (date, n, expected) => {
    expect(addBusinessDays(desk, date, n)).toBe(expected);
  });
});

const monday = (...intervals: CalendarData['week'][number]): CalendarData['week'] => [
  intervals,
  ...Array.from({ length: 6 }, () => []),
];

describe('a calendar', () => {
  it.each<[string, Partial<CalendarData>]>([
    ['zone', { zone: 'Mars/Olympus' }],
    ['seven days', { week: [day] }],
    ['no day of its week is open', { week: monday() }],
    ['ends before it begins', { week: monday({ from: '09:00', to: '09:00' }) }],
    ['HH:MM', { week: monday({ from: '9:00', to: '10:00' }) }],
    ['HH:MM', { week: monday({ from: '09:00', to: '24:01' }) }],
    ['overlap', { week: monday({ from: '09:00', to: '12:00' }, { from: '11:00', to: '13:00' }) }],
    ['not a date', { holidays: ['2026-02-30'] }],
    ['both a holiday and an extra workday', { extraWorkdays: ['2026-01-01'] }],
  ])('that cannot be used is refused, saying %j', (why, change) => {
    expect(() => businessCalendar({ ...business, ...change })).toThrow(
      expect.objectContaining({ code: 'CALENDAR_INVALID', message: expect.stringContaining(why) }),
    );
  });

  it('that never opens again is reported instead of searched for ever', () => {
    const rare = businessCalendar({ ...business, week: monday({ from: '09:00', to: '09:01' }) });
    expect(() => addBusinessMinutes(rare, 0, 1_000_000)).toThrow(
      expect.objectContaining({ code: 'CALENDAR_INVALID' }),
    );
  });
});

// Business time: when a desk is open, as data. Minutes are counted on instants, so a day with a clock change has the
// minutes that really pass in it.
import { addDays, dayOfWeek, isDate, MS_PER_DAY, type CalendarDate } from './dates.ts';
import { TenureError } from './errors.ts';
import { dateAt, instantAt, isTimeZone } from './time-zones.ts';

/** From (inclusive) to (exclusive), HH:MM on the wall clock; `to` may be 24:00. */
export type OpenInterval = { readonly from: string; readonly to: string };

/** A calendar as it stands in a policy file. */
export type CalendarData = {
  /** IANA zone of the wall clock. */
  readonly zone: string;
  /** Open intervals by ISO day of the week (Monday first, seven entries), in order, not touching each other's inside. */
  readonly week: readonly (readonly OpenInterval[])[];
  /** Dates that are closed. */
  readonly holidays: readonly CalendarDate[];
  /** Dates that are worked although their weekday is not: with the intervals of the week's first working day. */
  readonly extraWorkdays: readonly CalendarDate[];
};

/** A checked calendar, ready to count with. Minutes since 00:00. */
export type BusinessCalendar = {
  readonly zone: string;
  readonly hoursOf: (date: CalendarDate) => readonly Hours[];
};

export type Hours = { readonly from: number; readonly to: number };

/** A calendar that is closed for longer than this is a mistake: a century. Bounds every walk over days. */
const MAX_DAYS = 36_525;
const CLOSED: readonly Hours[] = [];

/** Checks a calendar. @throws CALENDAR_INVALID saying what is wrong with it. */
export const businessCalendar = (data: CalendarData): BusinessCalendar => {
  if (!isTimeZone(data.zone)) throw invalid('its zone is not in the IANA list');
  if (data.week.length !== 7) throw invalid('its week does not have seven days, Monday first');
  const week = data.week.map(hoursOfDay);
  const workday = week.find((hours) => hours.length > 0);
  if (workday === undefined) throw invalid('no day of its week is open');
  const special = new Map<CalendarDate, readonly Hours[]>();
  for (const date of data.holidays) special.set(checked(date), CLOSED);
  for (const date of data.extraWorkdays) {
    if (special.has(checked(date))) throw invalid(`${date} is both a holiday and an extra workday`);
    const usual = week[dayOfWeek(date) - 1] ?? CLOSED;
    special.set(date, usual.length > 0 ? usual : workday);
  }
  return {
    zone: data.zone,
    hoursOf: (date) => special.get(date) ?? week[dayOfWeek(date) - 1] ?? CLOSED,
  };
};

const hoursOfDay = (intervals: readonly OpenInterval[]): readonly Hours[] => {
  const hours = intervals.map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) }));
  for (const [index, { from, to }] of hours.entries()) {
    if (from >= to) throw invalid('an interval ends before it begins');
    if (from < (hours[index - 1]?.to ?? 0))
      throw invalid('the intervals of a day overlap or are not in order');
  }
  return hours;
};

const minutesOf = (text: string): number => {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  const minutes = Number(match?.[1]) * 60 + Number(match?.[2]);
  if (!(minutes <= 1_440)) throw invalid('a time is not HH:MM between 00:00 and 24:00');
  return minutes;
};

const checked = (date: CalendarDate): CalendarDate => {
  if (!isDate(date)) throw invalid('a holiday or extra workday is not a date YYYY-MM-DD');
  return date;
};

const invalid = (why: string): TenureError =>
  new TenureError('CALENDAR_INVALID', `The business calendar cannot be used: ${why}.`);

/** True for a date with any open time. */
export const isBusinessDay = (calendar: BusinessCalendar, date: CalendarDate): boolean =>
  calendar.hoursOf(date).length > 0;

type Open = { readonly start: number; readonly end: number };

// Open spans of instants that end after `from`, in order, for at most MAX_DAYS.
function* openSpans(calendar: BusinessCalendar, from: number): Generator<Open> {
  // A wall clock may be set back over midnight: what a date has open may end on the date before.
  let date = addDays(dateAt(from, calendar.zone), -1);
  for (let days = 0; days < MAX_DAYS; days++, date = addDays(date, 1)) {
    for (const hours of calendar.hoursOf(date)) {
      const start = instantAt(date, hours.from, calendar.zone);
      const end = instantAt(date, hours.to, calendar.zone);
      if (end > from && end > start) yield { start, end };
    }
  }
}

const nothingOpen = (): TenureError =>
  new TenureError('CALENDAR_INVALID', 'The business calendar has no such time open within a century.');

/** The instant itself when the calendar is open, else the next opening. The end of an interval is not open. */
export const nextOpenInstant = (calendar: BusinessCalendar, instant: number): number => {
  for (const { start } of openSpans(calendar, instant)) return Math.max(start, instant);
  throw nothingOpen();
};

/** True when the calendar is open at that instant. */
export const isOpen = (calendar: BusinessCalendar, instant: number): boolean =>
  nextOpenInstant(calendar, instant) === instant;

/**
 * The instant at which so many business minutes (≥ 0, to the ms) after `from` are used up. A target used up at the end
 * of an interval is due at that end, not at the next opening; zero minutes are used up at `from`.
 */
export const addBusinessMinutes = (calendar: BusinessCalendar, from: number, minutes: number): number => {
  let left = Math.round(minutes * 60_000);
  if (!(left >= 0))
    throw new TenureError('CALENDAR_INVALID', 'Business minutes to add are a number of zero or more.');
  if (left === 0) return from;
  for (const { start, end } of openSpans(calendar, from)) {
    const begin = Math.max(start, from);
    if (left <= end - begin) return begin + left;
    left -= end - begin;
  }
  throw nothingOpen();
};

/** Business minutes from one instant to another, to the ms (so possibly a fraction); negative when `to` is earlier. */
export const businessMinutesBetween = (calendar: BusinessCalendar, from: number, to: number): number => {
  if (to < from) return -businessMinutesBetween(calendar, to, from);
  if (to - from > MAX_DAYS * MS_PER_DAY) throw nothingOpen();
  let open = 0;
  for (const { start, end } of openSpans(calendar, from)) {
    if (start >= to) break;
    open += Math.min(end, to) - Math.max(start, from);
  }
  return open / 60_000;
};

/** The n-th business day after a date (before it for a negative n); the date itself does not count. 0: the date. */
export const addBusinessDays = (calendar: BusinessCalendar, date: CalendarDate, n: number): CalendarDate => {
  const step = n < 0 ? -1 : 1;
  let left = Math.abs(n);
  let day = date;
  for (let walked = 0; left > 0; walked++) {
    if (walked >= MAX_DAYS) throw nothingOpen();
    day = addDays(day, step);
    if (isBusinessDay(calendar, day)) left--;
  }
  return day;
};

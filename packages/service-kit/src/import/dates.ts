// Dates in files: a fixed format of year, month and day, and of the time of day where the file has one.
import { instantAt, isDate, type CalendarDate } from '@tenure/core';

const DAY = ['yyyy', 'MM', 'dd'] as const;
const TIME = ['HH', 'mm', 'ss'] as const;
const PARTS = [...DAY, ...TIME] as const;

/** What is wrong with a date format; null: nothing. */
export const dateFormatProblem = (format: string): string | null => {
  if (format.length > 32) return 'is longer than 32 characters';
  const times = (part: string): number => format.split(part).length - 1;
  const [hours, minutes, seconds] = TIME.map(times);
  const once = DAY.every((part) => times(part) === 1);
  const timed = hours === minutes && (hours ?? 0) <= 1 && (seconds ?? 0) <= (minutes ?? 0);
  return once && timed
    ? null
    : 'must have yyyy, MM and dd once each, such as yyyyMMdd or dd.MM.yyyy, and may have HH and mm, and ss, such as yyyy-MM-dd HH:mm';
};

/** What stands on a calendar and a clock; without a time of day it is midnight. */
export type Moment = { readonly date: CalendarDate; readonly minutes: number; readonly seconds: number };

const MS_PER_SECOND = 1_000;

/** The instant (ms) at which the clocks of a zone show this. */
export const instantOfMoment = ({ date, minutes, seconds }: Moment, zone: string): number =>
  instantAt(date, minutes, zone) + seconds * MS_PER_SECOND;

/** Reads moments of one format; null for what is none, or does not exist in the calendar. */
export const momentReader = (format: string): ((text: string) => Moment | null) => {
  const places = PARTS.map((part) => ({ part, at: format.indexOf(part) })).filter(({ at }) => at >= 0);
  // One entry per UTF-16 unit: what stands there, or null where a part of the moment does.
  const between = Array.from({ length: format.length }, (_, i) =>
    places.some(({ part, at }) => i >= at && i < at + part.length) ? null : (format[i] ?? null),
  );
  const part = (text: string, name: (typeof PARTS)[number]): string => {
    const at = format.indexOf(name);
    return at < 0 ? '00' : text.slice(at, at + name.length);
  };
  return (text) => {
    if (text.length !== between.length) return null;
    if (between.some((char, i) => char !== null && char !== text[i])) return null;
    const date = DAY.map((name) => part(text, name)).join('-');
    const time = TIME.map((name) => part(text, name));
    const clock = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(time.join(':'));
    if (clock === null || !isDate(date)) return null;
    return { date, minutes: Number(clock[1]) * 60 + Number(clock[2]), seconds: Number(clock[3]) };
  };
};

/** The date alone. */
export const dateReader = (format: string): ((text: string) => CalendarDate | null) => {
  const read = momentReader(format);
  return (text) => read(text)?.date ?? null;
};

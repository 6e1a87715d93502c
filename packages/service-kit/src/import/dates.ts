// Dates in files: a fixed format of year, month and day.
import { isDate, type CalendarDate } from '@tenure/core';

const PARTS = ['yyyy', 'MM', 'dd'] as const;

/** What is wrong with a date format; null: nothing. */
export const dateFormatProblem = (format: string): string | null => {
  if (format.length > 32) return 'is longer than 32 characters';
  const once = PARTS.every((part) => format.split(part).length === 2);
  return once ? null : 'must have yyyy, MM and dd once each, such as yyyyMMdd or dd.MM.yyyy';
};

/** Reads dates of one format; null for what is none, or does not exist in the calendar. */
export const dateReader = (format: string): ((text: string) => CalendarDate | null) => {
  const places = PARTS.map((part) => ({ part, at: format.indexOf(part) }));
  // One entry per UTF-16 unit: what stands there, or null where a part of the date does.
  const between = Array.from({ length: format.length }, (_, i) =>
    places.some(({ part, at }) => i >= at && i < at + part.length) ? null : (format[i] ?? null),
  );
  return (text) => {
    if (text.length !== between.length) return null;
    if (between.some((char, i) => char !== null && char !== text[i])) return null;
    const date = places.map(({ part, at }) => text.slice(at, at + part.length)).join('-');
    return isDate(date) ? date : null;
  };
};

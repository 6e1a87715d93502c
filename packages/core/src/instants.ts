// Instants: ms since 1970-01-01T00:00:00Z. In text: ISO 8601, read with any offset, written in UTC.
import { dateOfDay, dayNumber, isDate, MS_PER_DAY } from './dates.ts';

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;

/**
 * Instant of an ISO 8601 text with offset (`2026-11-20T10:14:03+01:00`, `…Z`); digits beyond the millisecond are cut.
 * Null for anything else, also without an offset: a local time is not an instant.
 */
export const parseInstant = (text: string): number | null => {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, date = '', hours, minutes, seconds = '0', fraction = '', , sign, offsetHours, offsetMinutes] =
    match;
  const clock = clockMs(Number(hours), Number(minutes), Number(seconds));
  const offset = sign === undefined ? 0 : clockMs(Number(offsetHours), Number(offsetMinutes), 0);
  if (!isDate(date) || clock === null || offset === null) return null;
  const local = dayNumber(date) * MS_PER_DAY + clock + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return local - (sign === '-' ? -offset : offset);
};

const clockMs = (hours: number, minutes: number, seconds: number): number | null =>
  hours < 24 && minutes < 60 && seconds < 60 ? ((hours * 60 + minutes) * 60 + seconds) * 1_000 : null;

/** `2026-11-20T09:14:03.000Z`. @throws DATE_INVALID beyond the years 0001–9999. */
export const formatInstant = (instant: number): string => {
  const day = Math.floor(instant / MS_PER_DAY);
  const rest = instant - day * MS_PER_DAY;
  const part = (unit: number, size: number, width: number): string =>
    String(Math.floor(rest / unit) % size).padStart(width, '0');
  return `${dateOfDay(day)}T${part(3_600_000, 24, 2)}:${part(60_000, 60, 2)}:${part(1_000, 60, 2)}.${part(1, 1_000, 3)}Z`;
};

// Calendar dates: plain text YYYY-MM-DD in the Gregorian calendar, years 0001–9999. A date is not an instant.
import { TenureError } from './errors.ts';

/** A calendar date as YYYY-MM-DD. Dates compare as text. */
export type CalendarDate = string;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
export const MS_PER_DAY = 86_400_000;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Days of a month (1–12). */
export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);

type Parts = { readonly year: number; readonly month: number; readonly day: number };

const HYPHEN = 45;

/** The number that `count` ASCII digits form; not a number when one of them is none. */
const digits = (text: string, from: number, count: number): number => {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

// By hand: every fold and every order asks for dates, and a regular expression takes five times as long.
const parse = (text: string): Parts | null => {
  if (text.length !== 10 || text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return null;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  return year >= 1 && day >= 1 && day <= daysInMonth(year, month) ? { year, month, day } : null;
};

const partsOf = (date: CalendarDate): Parts => {
  const parts = parse(date);
  if (parts === null)
    throw new TenureError('DATE_INVALID', 'A date is YYYY-MM-DD and exists in the calendar (0001 to 9999).');
  return parts;
};

const text = ({ year, month, day }: Parts): CalendarDate => {
  if (year < 1 || year > 9999)
    throw new TenureError('DATE_INVALID', 'The date lies outside of the years 0001 to 9999.');
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
};

/** True for a date that exists: not 2026-02-29, not 2026-1-5. */
export const isDate = (value: string): boolean => parse(value) !== null;

// Civil-day arithmetic: years start in March, so a leap day is the last day of its year, and 400 years are 146,097 days.
/** Days since 1970-01-01. @throws DATE_INVALID */
export const dayNumber = (date: CalendarDate): number => {
  const { year, month, day } = partsOf(date);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
};

/** The date that many days after 1970-01-01. @throws DATE_INVALID beyond the years 0001–9999. */
export const dateOfDay = (dayNumberSince1970: number): CalendarDate => {
  const day = dayNumberSince1970 + 719_468;
  const era = Math.floor(day / 146_097);
  const dayOfEra = day - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return text({
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  });
};

/** @throws DATE_INVALID */
export const addDays = (date: CalendarDate, days: number): CalendarDate => dateOfDay(dayNumber(date) + days);

/** Days from one date to another: negative when `to` is earlier. @throws DATE_INVALID */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => dayNumber(to) - dayNumber(from);

/** The same day of another month; where it does not exist, that month's last day (01-31 + 1 → 02-28). @throws DATE_INVALID */
export const addMonths = (date: CalendarDate, months: number): CalendarDate => {
  const { year, month, day } = partsOf(date);
  const count = year * 12 + month - 1 + months;
  const target = { year: Math.floor(count / 12), month: (((count % 12) + 12) % 12) + 1 };
  return text({ ...target, day: Math.min(day, daysInMonth(target.year, target.month)) });
};

/** As `addMonths` by twelve: 02-29 becomes 02-28 in a common year. @throws DATE_INVALID */
export const addYears = (date: CalendarDate, years: number): CalendarDate => addMonths(date, years * 12);

/** ISO day of the week: Monday 1 … Sunday 7. @throws DATE_INVALID */
export const dayOfWeek = (date: CalendarDate): number => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;

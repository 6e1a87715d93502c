// Wall clocks: IANA zones with their daylight saving, from the tables that come with the runtime.
import { dateOfDay, dayNumber, MS_PER_DAY, type CalendarDate } from './dates.ts';
import { TenureError } from './errors.ts';

const HOUR = 3_600_000;
/** Asking the runtime costs microseconds, so the offsets of a UTC day are kept: 20,000 days are 55 years of one zone. */
const MAX_CACHED_DAYS = 20_000;
/** There are about 600 IANA zones; a caller that sends endless spellings must not fill the memory. */
const MAX_CACHED_ZONES = 1_000;

/** Offsets of one UTC day: `before` up to `change`, then `after`. */
type DayOffsets = { readonly change: number; readonly before: number; readonly after: number };
type Zone = { readonly format: Intl.DateTimeFormat; readonly days: Map<number, DayOffsets> };

const zones = new Map<string, Zone>();

const zoneOf = (name: string): Zone => {
  const known = zones.get(name);
  if (known !== undefined) return known;
  if (zones.size >= MAX_CACHED_ZONES) zones.clear();
  const zone = { format: formatOf(name), days: new Map<number, DayOffsets>() };
  zones.set(name, zone);
  return zone;
};

const formatOf = (name: string): Intl.DateTimeFormat => {
  // The runtime also takes fixed offsets such as +08:00, which are no zones.
  if (/^[A-Za-z]/.test(name)) {
    try {
      return new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'gregory',
        numberingSystem: 'latn',
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // a RangeError only says that there is no such zone
    }
  }
  throw new TenureError(
    'ZONE_UNKNOWN',
    'The time zone is not in the IANA list; use a name such as Europe/Berlin.',
  );
};

/** True for a zone that the runtime knows (`Asia/Shanghai`, `UTC`). */
export const isTimeZone = (name: string): boolean => {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false; // the only way in which it fails: there is no such zone
  }
};

/** Wall clock minus UTC at an instant, in ms (+2 h for Europe/Berlin in summer). @throws ZONE_UNKNOWN */
export const zoneOffset = (instant: number, zone: string): number => {
  if (zone === 'UTC') return 0;
  const { change, before, after } = offsetsOn(zoneOf(zone), Math.floor(instant / MS_PER_DAY));
  return instant < change ? before : after;
};

const FIRST_DAY = dayNumber('0001-01-02');
const LAST_DAY = dayNumber('9999-12-30');

const offsetsOn = (zone: Zone, day: number): DayOffsets => {
  if (!(day >= FIRST_DAY && day <= LAST_DAY))
    throw new TenureError('DATE_INVALID', 'The instant lies outside of the years 0001 to 9999.');
  const known = zone.days.get(day);
  if (known !== undefined) return known;
  if (zone.days.size >= MAX_CACHED_DAYS) zone.days.clear();
  const start = day * MS_PER_DAY;
  const [before, after] = [measure(zone, start), measure(zone, start + MS_PER_DAY)];
  // No zone has ever moved its clocks twice within 24 hours, so two equal ends mean one offset between them.
  const change = before === after ? start : changeBetween(zone, start, start + MS_PER_DAY, before);
  const offsets = { change, before, after };
  zone.days.set(day, offsets);
  return offsets;
};

/** First instant in (from, to] whose offset is no longer `before`. */
const changeBetween = (zone: Zone, from: number, to: number, before: number): number => {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (measure(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
};

const measure = (zone: Zone, instant: number): number => {
  const whole = Math.floor(instant / 1_000) * 1_000;
  const field: Record<string, string> = {};
  for (const { type, value } of zone.format.formatToParts(whole)) field[type] = value;
  const part = (name: string, width: number): string => (field[name] ?? '').padStart(width, '0');
  const day = dayNumber(`${part('year', 4)}-${part('month', 2)}-${part('day', 2)}`);
  const seconds = (Number(field['hour']) * 60 + Number(field['minute'])) * 60 + Number(field['second']);
  return day * MS_PER_DAY + seconds * 1_000 - whole;
};

/** The calendar date on the wall of a zone at an instant: the business date. @throws ZONE_UNKNOWN, DATE_INVALID */
export const dateAt = (instant: number, zone: string): CalendarDate =>
  dateOfDay(Math.floor((instant + zoneOffset(instant, zone)) / MS_PER_DAY));

/**
 * The first instant at which the wall clock of a zone stands at that time of that date, or beyond it: where the clock
 * jumps over the time, the instant of the jump; where it comes twice, the first. `minutes`: 0–1440 since 00:00.
 * @throws ZONE_UNKNOWN, DATE_INVALID
 */
export const instantAt = (date: CalendarDate, minutes: number, zone: string): number => {
  const wall = dayNumber(date) * MS_PER_DAY + minutes * 60_000;
  if (zone === 'UTC') return wall;
  // Offsets lie between −12 and +14 hours: these two are surely the one before and the one after a change.
  const before = zoneOffset(wall - 15 * HOUR, zone);
  const after = zoneOffset(wall + 13 * HOUR, zone);
  if (before === after || zoneOffset(wall - before, zone) === before) return wall - before;
  if (zoneOffset(wall - after, zone) === after) return wall - after;
  return changeBetween(zoneOf(zone), wall - after, wall - before, before);
};

/** First instant of a date in a zone (not always 00:00: clocks may jump over midnight). @throws ZONE_UNKNOWN, DATE_INVALID */
export const startOfDate = (date: CalendarDate, zone: string): number => instantAt(date, 0, zone);

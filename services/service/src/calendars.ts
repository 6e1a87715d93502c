// Calendars of the policies, ready to count with.
import { businessCalendar, type BusinessCalendar } from '@tenure/core';
import type { CalendarPolicy } from '@tenure/service-kit';

const calendars = new WeakMap<CalendarPolicy, BusinessCalendar>();

/** Checked once per version: every clock asks. */
export const calendarFrom = (policy: CalendarPolicy): BusinessCalendar => {
  const calendar = calendars.get(policy) ?? businessCalendar(policy);
  calendars.set(policy, calendar);
  return calendar;
};

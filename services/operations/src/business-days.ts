// Which business days are over: the deployment's zone cuts them, every date closes, one by one and in order.
import { addDays, dateAt, startOfDate } from '@tenure/core';

/** A closed day; `closedAt` is the instant at which the next one began in the zone. */
export type ClosedDay = { readonly date: string; readonly closedAt: number };

export const closedDay = (date: string, zone: string): ClosedDay => ({
  date,
  closedAt: startOfDate(addDays(date, 1), zone),
});

/**
 * The days to close now, oldest first: all after the last closed one that are over at `now`. A new installation starts
 * with yesterday.
 */
export const daysToClose = (lastClosed: string | null, now: number, zone: string): readonly ClosedDay[] => {
  const yesterday = addDays(dateAt(now, zone), -1);
  return daysThrough(lastClosed ?? addDays(yesterday, -1), yesterday, zone);
};

/** The days after `lastClosed` up to and including `through`. */
export const daysThrough = (lastClosed: string, through: string, zone: string): readonly ClosedDay[] => {
  const days: ClosedDay[] = [];
  for (let date = addDays(lastClosed, 1); date <= through; date = addDays(date, 1))
    days.push(closedDay(date, zone));
  return days;
};

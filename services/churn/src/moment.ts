// The closed business day that an assessment stands on. Rules ask it and never see the date: so it knows which of its
// answers the passing of time turns next, and until then the whole assessment is the same.
import { dayNumber } from '@tenure/core';

export interface Moment {
  /** The date lies in the last `days` days, or in the open day after them. */
  within(on: string, days: number): boolean;
  /** The date lies in the `days` days before the last `days`. */
  before(on: string, days: number): boolean;
  /** More than `limit` days (a fraction counts) have passed since the date. */
  over(on: string, limit: number): boolean;
  /** At least `days` days have passed since the date. */
  reached(on: string, days: number): boolean;
  /** Days since the date, 0 for the open day: it turns every day. */
  age(on: string): number;
  /** Day number of the next closing that turns an answer given so far; null: none does. */
  next(): number | null;
}

/** @param date YYYY-MM-DD */
export const momentOf = (date: string): Moment => {
  const today = dayNumber(date);
  let next = Number.POSITIVE_INFINITY;
  const turns = (day: number): void => {
    if (day > today && day < next) next = day;
  };
  /** Holds from this day on. */
  const since = (day: number): boolean => {
    turns(day);
    return today >= day;
  };
  const within = (on: string, days: number): boolean => !since(dayNumber(on) + days);
  return {
    within,
    before: (on, days) => !within(on, days) && within(on, 2 * days),
    over: (on, limit) => since(dayNumber(on) + Math.floor(limit) + 1),
    reached: (on, days) => since(dayNumber(on) + days),
    age(on) {
      const day = dayNumber(on);
      turns(Math.max(today, day) + 1);
      return Math.max(0, today - day);
    },
    next: () => (Number.isFinite(next) ? next : null),
  };
};

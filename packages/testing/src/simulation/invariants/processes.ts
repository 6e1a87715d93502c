// What the service does by itself: reactions, deadlines, business days.
import { addDays, dateAt, startOfDate } from '@tenure/core';
import { placeOf } from '../durable.ts';
import { asksAgain, callsOff, REMIND_AFTER_MS } from '../counter.ts';
import { notesOf } from '../tally.ts';
import { ZONE } from '../time.ts';
import {
  groupBy,
  holds,
  isDayEnded,
  isFed,
  isNoted,
  isReminded,
  type FedEvent,
  type Stored,
} from './facts.ts';

/** Each cause has its notes once, and they stand in the order of the causes. */
export const checkReactions = (events: readonly Stored[]): void => {
  const notes = groupBy(events.filter(isNoted), ({ key }) => key);
  for (const [customer, causes] of groupBy(events.filter(isFed), ({ key }) => key)) {
    const expected = causes.flatMap(({ data }) => notesOf(data.x));
    const found = (notes.get(customer) ?? []).map(({ data }) => data.x);
    holds(
      String(found) === String(expected),
      'each event has its reactions once, in order',
      `${customer}: ${String(found)}, not ${String(expected)}`,
    );
  }
};

/** `order`: in which everything was stored; a repeated append stands there again, later. */
export const checkDeadlines = (
  events: readonly Stored[],
  days: readonly Stored[],
  order: readonly string[],
): void => {
  const closings = new Map(
    days.map((day) => [day.occurredAt, order.indexOf(placeOf('clock', day.position))]),
  );
  for (const [stream, own] of groupBy(events, (event) => event.stream)) {
    const fed = own.filter(isFed);
    if (fed.length === 0) continue; // a tally
    checkReminders(stream, own, fed);
    const ends = own.filter(isDayEnded);
    holds(ends.length === 1, 'a deadline fires once', `${stream}: its day has ended ${ends.length} times`);
    const [{ occurredAt }] = ends as [Stored];
    const [{ occurredAt: started, position }] = fed as [FedEvent];
    const firstEnd = startOfDate(addDays(dateAt(started, ZONE), 1), ZONE);
    holds(
      occurredAt >= firstEnd && occurredAt === startOfDate(dateAt(occurredAt, ZONE), ZONE),
      'a day ends when it is over',
      `${stream}: started at ${started}, ended at ${occurredAt}`,
    );
    const closed = closings.get(firstEnd) ?? -1;
    holds(
      occurredAt === firstEnd || order.indexOf(placeOf('counter', position)) > closed,
      'a day ends for everybody who was there',
      `${stream}: started at ${started}, ended at ${occurredAt}`,
    );
  }
};

const checkReminders = (stream: string, own: readonly Stored[], fed: readonly FedEvent[]): void => {
  const reminders = groupBy(own.filter(isReminded), ({ data }) => String(data.of));
  const calledOff = fed.some(({ type, data }) => type === 'CounterFed' && callsOff(data.x));
  const asked = fed.filter(({ type, data }) => type === 'CounterStarted' || asksAgain(data.x));
  for (const { revision, occurredAt, type } of asked) {
    const fired = reminders.get(String(revision)) ?? [];
    const may = type === 'CounterStarted' && calledOff;
    holds(
      fired.length === 1 || (may && fired.length === 0),
      'a deadline fires once',
      `${stream}: reminded ${fired.length} times of ${revision}`,
    );
    for (const reminder of fired)
      holds(
        reminder.occurredAt === occurredAt + REMIND_AFTER_MS,
        'a deadline is dated by its time',
        `${stream}: ${reminder.occurredAt}, asked at ${occurredAt}`,
      );
  }
  const answered = asked.reduce(
    (sum, { revision }) => sum + (reminders.get(String(revision))?.length ?? 0),
    0,
  );
  holds(
    answered === own.filter(isReminded).length,
    'only what was asked for fires',
    `${stream}: ${answered} of ${own.filter(isReminded).length} reminders`,
  );
};

/** The dates that have closed, oldest first. */
export const checkDays = (days: readonly Stored[]): readonly string[] => {
  const dates = days.map(({ data }) => (data as { readonly businessDate: string }).businessDate);
  for (const [i, date] of dates.entries()) {
    const before = dates[i - 1];
    holds(
      before === undefined || date === addDays(before, 1),
      'business days close once and in order',
      `${date} after ${before}`,
    );
  }
  return dates;
};

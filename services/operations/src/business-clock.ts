// The clock of the deployment: business days close as events, deadlines fire before the day that they fall in closes.
import {
  addDays,
  daysBetween,
  isTenureError,
  startOfDate,
  TenureError,
  type SettableClock,
} from '@tenure/core';
import type { DeadlineDesk } from '@tenure/http';
import type { Ledger } from './ledger.ts';
import { closedDay, daysThrough, daysToClose, type ClosedDay } from './business-days.ts';

export type BusinessClock = {
  /** Null before the first day. */
  readonly businessDay: () => string | null;
  /** Closes what is over by the machine's clock; called at the start and then every minute. */
  readonly closeDue: () => Promise<readonly string[]>;
  /** Only for a settable clock: fires what a stop kept from firing. */
  readonly resume: () => Promise<void>;
  /** Only for a settable clock: day by day, deadlines first; then the clock stands at the start of the next day. */
  readonly closeThrough: (
    date: string,
  ) => Promise<{ readonly closed: readonly string[]; readonly fired: number; readonly position: number }>;
};

/** The newest closed day in the store. */
export type LastDay = { readonly date: string; readonly revision: number; readonly position: number };

type Parts = {
  readonly ledger: Ledger;
  readonly clock: SettableClock;
  readonly zone: string;
  readonly desk: DeadlineDesk;
  /** Null: none yet. */
  readonly last: LastDay | null;
  /** Reads it anew. */
  readonly readLast: () => Promise<LastDay | null>;
};

const STREAM = { kind: 'businessday', id: 'deployment' } as const;
const MAX_DAYS = 3_660; // ten years in one request: more is a typing mistake

/** One caller at a time: days close in order. */
export const createBusinessClock = (parts: Parts): BusinessClock => {
  const { clock, zone } = parts;
  const inTurn = turns();
  const days = closing(parts);
  const resume = async (): Promise<void> => {
    try {
      await days.fire();
    } catch (error) {
      // What fires is not there yet (it may still be starting): the day stays unfired for the next call.
      if (!isTenureError(error) || !error.retriable) throw error;
    }
  };
  return {
    businessDay: () => days.newest()?.date ?? null,
    resume: () => inTurn(resume),
    closeDue: () =>
      inTurn(async () => {
        await resume();
        const due = daysToClose(days.newest()?.date ?? null, clock.now(), zone);
        for (const day of due) await days.close(day);
        return due.map(({ date }) => date);
      }),
    closeThrough: (date) =>
      inTurn(async () => {
        const newest = days.newest();
        if (newest !== null && daysBetween(newest.date, date) > MAX_DAYS) throw tooFar();
        let fired = await days.fire();
        const due = newest === null ? [closedDay(date, zone)] : daysThrough(newest.date, date, zone);
        for (const day of due) fired += await days.close(day, (at) => clock.set(at));
        return { closed: due.map((day) => day.date), fired, position: days.newest()?.position ?? 0 };
      }),
  };
};

type Closing = {
  readonly newest: () => LastDay | null;
  /** Fires what waits for the newest day, unless that was done; answers how many. */
  readonly fire: () => Promise<number>;
  /** Closes a day and fires what waits for it; `closed` is told the instant in between. */
  readonly close: (day: ClosedDay, closed?: (at: number) => void) => Promise<number>;
};

const closing = ({ ledger, zone, desk, last, readLast }: Parts): Closing => {
  let newest = last;
  // A process that died after closing a day may not have fired for it: the first call does it (again).
  let unfired = last?.date ?? null;
  const fire = async (): Promise<number> => {
    if (unfired === null) return 0;
    const fired = await desk.dayClosed(unfired);
    unfired = null;
    return fired;
  };
  const append = async (day: ClosedDay): Promise<void> => {
    try {
      newest = { date: day.date, ...(await appendDay(ledger, day, zone, newest)) };
    } catch (error) {
      // The answer to an earlier attempt was lost, or another process closes days: the next call starts from there.
      if (isTenureError(error, 'WRONG_EXPECTED_REVISION')) {
        newest = await readLast();
        unfired = newest?.date ?? null;
      }
      throw error;
    }
    unfired = day.date;
  };
  return {
    newest: () => newest,
    fire,
    async close(day, closed) {
      const before = (await fire()) + (await desk.fireUntil(day.closedAt - 1));
      await append(day);
      closed?.(day.closedAt);
      return before + (await fire());
    },
  };
};

/** Runs one piece of work after the other. */
const turns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined); // the caller has the error; the next turn must still come
    return done;
  };
};

const appendDay = (
  ledger: Ledger,
  { date, closedAt }: ClosedDay,
  timeZone: string,
  newest: LastDay | null,
): Promise<{ readonly revision: number; readonly position: number }> =>
  ledger.append(
    STREAM.kind,
    STREAM.id,
    newest?.revision ?? 'none',
    [
      {
        type: 'BusinessDayClosed',
        name: date,
        occurredAt: closedAt,
        data: { businessDate: date, timeZone, closedAt },
      },
    ],
    { kind: 'clock', id: 'business-day' },
  );

const tooFar = (): TenureError =>
  new TenureError('INVALID', `At most ${MAX_DAYS} days can be closed in one request.`, {
    errors: [{ path: '/closeThrough', message: `must be at most ${MAX_DAYS} days ahead` }],
  });

/** Where a settable clock stands after a start: at the beginning of the day after the last closed one. */
export const standingInstant = (lastClosed: string, zone: string): number =>
  startOfDate(addDays(lastClosed, 1), zone);

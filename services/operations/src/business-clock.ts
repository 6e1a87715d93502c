// The clock of the deployment: business days close as events, deadlines fire before the day that they fall in closes.
import { addDays, startOfDate, TenureError, type SettableClock } from '@tenure/core';
import type { Ledger } from './ledger.ts';
import { closedDay, daysThrough, daysToClose, type ClosedDay } from './business-days.ts';

/** What fires deadlines of the write services; both resolve when the commands are durable. */
export interface DeadlineDesk {
  /** Fires everything due up to an instant, in order of time; answers how many. */
  fireUntil(instant: number): Promise<number>;
  /** Fires what was set for the closing of this day. */
  dayClosed(date: string): Promise<number>;
}

export type BusinessClock = {
  /** Null before the first day. */
  readonly businessDay: () => string | null;
  /** Closes what is over by the machine's clock; called at the start and then every minute. */
  readonly closeDue: () => Promise<readonly string[]>;
  /** Only for a settable clock: day by day, deadlines first; then the clock stands at the start of the next day. */
  readonly closeThrough: (
    date: string,
  ) => Promise<{ readonly closed: readonly string[]; readonly fired: number; readonly position: number }>;
};

type Parts = {
  readonly ledger: Ledger;
  readonly clock: SettableClock;
  readonly zone: string;
  readonly desk: DeadlineDesk;
  /** The last closed day in the store, its revision and position; null: none yet. */
  readonly last: { readonly date: string; readonly revision: number; readonly position: number } | null;
};

const STREAM = { kind: 'businessday', id: 'deployment' } as const;

/** One caller at a time: days close in order. */
export const createBusinessClock = ({ ledger, clock, zone, desk, last }: Parts): BusinessClock => {
  let newest = last;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined); // the caller has the error; the next turn must still come
    return done;
  };
  const close = async ({ date, closedAt }: ClosedDay): Promise<number> => {
    const fired = await desk.fireUntil(closedAt - 1);
    const { revision, position } = await ledger.append(
      STREAM.kind,
      STREAM.id,
      newest?.revision ?? 'none',
      [
        {
          type: 'BusinessDayClosed',
          name: date,
          occurredAt: closedAt,
          data: { businessDate: date, timeZone: zone, closedAt },
        },
      ],
      { kind: 'clock', id: 'business-day' },
    );
    newest = { date, revision, position };
    return fired + (await desk.dayClosed(date));
  };
  return {
    businessDay: () => newest?.date ?? null,
    closeDue: () =>
      inTurn(async () => {
        const days = daysToClose(newest?.date ?? null, clock.now(), zone);
        for (const day of days) await close(day);
        return days.map(({ date }) => date);
      }),
    closeThrough: (date) =>
      inTurn(async () => {
        const days = newest === null ? [closedDay(date, zone)] : daysThrough(newest.date, date, zone);
        if (days.length > MAX_DAYS) throw tooFar();
        let fired = 0;
        for (const day of days) {
          fired += await close(day);
          clock.set(day.closedAt);
        }
        return { closed: days.map((day) => day.date), fired, position: newest?.position ?? 0 };
      }),
  };
};

const MAX_DAYS = 3_660; // ten years in one request: more is a typing mistake

const tooFar = (): TenureError =>
  new TenureError('INVALID', `At most ${MAX_DAYS} days can be closed in one request.`, {
    errors: [{ path: '/closeThrough', message: `must be at most ${MAX_DAYS} days ahead` }],
  });

/** Where a settable clock stands after a start: at the beginning of the day after the last closed one. */
export const standingInstant = (lastClosed: string, zone: string): number =>
  startOfDate(addDays(lastClosed, 1), zone);

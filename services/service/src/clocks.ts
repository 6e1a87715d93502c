// The promises of a case as clocks in business time. A due time is computed when a clock starts and when it runs on,
// and is stored in the event: nothing here is asked again when a calendar changes.
import { addBusinessMinutes, businessMinutesBetween, uuid5, type BusinessCalendar } from '@tenure/core';
import type { SlaClockKind } from '@tenure/events/generated/service';

export const CLOCK_KINDS = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION'] as const;

/** Time in which the customer was asked: it does not count. Instants, ms. */
export type Pause = { readonly from: number; readonly to: number };

export type Clock = {
  readonly clockId: string;
  readonly targetMinutes: number;
  readonly dueAt: number;
  /** A clock breaches once. */
  readonly breached: boolean;
};

/** Something the customer waits for: since when, the how-many-th time, and its clock once that runs. */
export type Waiting = { readonly since: number; readonly nth: number; readonly clock: Clock | null };

export type Clocks = {
  readonly waiting: { readonly [K in SlaClockKind]: Waiting | null };
  /** How often each was waited for so far: the clock's id derives from it. */
  readonly counts: { readonly [K in SlaClockKind]: number };
  /** Since when the customer has been asked; null: he has not. */
  readonly pausedAt: number | null;
  /** What is over of it, since the resolution is waited for. */
  readonly pauses: readonly Pause[];
};

export const noClocks: Clocks = {
  waiting: { FIRST_RESPONSE: null, NEXT_RESPONSE: null, RESOLUTION: null },
  counts: { FIRST_RESPONSE: 0, NEXT_RESPONSE: 0, RESOLUTION: 0 },
  pausedAt: null,
  pauses: [],
};

/** The same clock for the same wait, however often it is started. */
export const clockIdOf = (caseId: string, kind: SlaClockKind, nth: number): string =>
  uuid5(caseId, kind, String(nth));

/** A first response is waited for once, so the id tells it from the other clock that runs on after a pause. */
export const kindOfResumed = (caseId: string, clockId: string): SlaClockKind =>
  clockId === clockIdOf(caseId, 'FIRST_RESPONSE', 1) ? 'FIRST_RESPONSE' : 'RESOLUTION';

const waitFor = (clocks: Clocks, kinds: readonly SlaClockKind[], since: number): Clocks => {
  const counts = { ...clocks.counts };
  const waiting = { ...clocks.waiting };
  for (const kind of kinds) {
    counts[kind] = counts[kind] + 1;
    waiting[kind] = { since, nth: counts[kind], clock: null };
  }
  return { ...clocks, counts, waiting };
};

const withoutWaits = (clocks: Clocks, ...kinds: readonly SlaClockKind[]): Clocks => ({
  ...clocks,
  waiting: { ...clocks.waiting, ...Object.fromEntries(kinds.map((kind) => [kind, null])) },
});

export const clocksOfOpened = (at: number): Clocks => waitFor(noClocks, ['FIRST_RESPONSE', 'RESOLUTION'], at);

/** Somebody has answered: no response is waited for. */
export const answered = (clocks: Clocks): Clocks => withoutWaits(clocks, 'FIRST_RESPONSE', 'NEXT_RESPONSE');

export const paused = (clocks: Clocks, at: number): Clocks => ({
  ...withoutWaits(clocks, 'NEXT_RESPONSE'),
  pausedAt: at,
});

/** Resolved or merged: nothing is waited for. */
export const stopped = (clocks: Clocks): Clocks => ({
  ...withoutWaits(clocks, ...CLOCK_KINDS),
  pausedAt: null,
});

/** Not covered: what is waited for is no promise. One that is broken already never becomes one again. */
export const unpromised = (clocks: Clocks): Clocks =>
  mapClocks(
    withoutWaits(clocks, ...CLOCK_KINDS.filter((kind) => clocks.waiting[kind]?.clock?.breached === true)),
    () => null,
  );

/** A resolved case goes on: its solution and the next answer are waited for anew. */
export const restarted = (clocks: Clocks, at: number): Clocks =>
  waitFor({ ...clocks, pauses: [] }, ['NEXT_RESPONSE', 'RESOLUTION'], at);

/** Imported history promises nothing here: only what the customer waits for from now on does. */
export const promised = (
  clocks: Clocks,
  { meta }: { readonly meta: { readonly backfill?: boolean } },
): Clocks => (meta.backfill === true ? stopped(clocks) : clocks);

export type ClockDue = { readonly clockId: string; readonly dueAt: number };

/** The customer has answered: the clocks that `resume` named run on. */
export const resumed = (clocks: Clocks, at: number, due: readonly ClockDue[]): Clocks => {
  const running = mapClocks(clocks, (clock) => {
    const again = due.find(({ clockId }) => clockId === clock.clockId);
    return again === undefined ? clock : { ...clock, dueAt: again.dueAt };
  });
  const next = { ...running, pausedAt: null, pauses: pausesUntil(clocks, at) };
  return waitFor(next, ['NEXT_RESPONSE'], at);
};

export const started = (
  clocks: Clocks,
  { kind, ...clock }: Omit<Clock, 'breached'> & { readonly kind: SlaClockKind },
): Clocks => {
  const waiting = clocks.waiting[kind];
  if (waiting === null) return clocks; // a decider starts what is waited for
  return {
    ...clocks,
    waiting: { ...clocks.waiting, [kind]: { ...waiting, clock: { ...clock, breached: false } } },
  };
};

export const breached = (clocks: Clocks, clockId: string): Clocks =>
  mapClocks(clocks, (clock) => (clock.clockId === clockId ? { ...clock, breached: true } : clock));

const mapClocks = (clocks: Clocks, change: (clock: Clock) => Clock | null): Clocks => {
  const waiting = { ...clocks.waiting };
  for (const kind of CLOCK_KINDS) {
    const one = waiting[kind];
    if (one !== null && one.clock !== null) waiting[kind] = { ...one, clock: change(one.clock) };
  }
  return { ...clocks, waiting };
};

/** The clock with this id, when it runs or stands still. */
export const clockWithId = (
  { waiting }: Clocks,
  clockId: string,
): (Clock & { readonly kind: SlaClockKind }) | null => {
  for (const kind of CLOCK_KINDS) {
    const clock = waiting[kind]?.clock;
    if (clock?.clockId === clockId) return { ...clock, kind };
  }
  return null;
};

/** The pauses with the one that ends now. An answer that is said to be older than its question paused nothing. */
const pausesUntil = ({ pausedAt, pauses }: Clocks, at: number): readonly Pause[] =>
  pausedAt === null ? pauses : [...pauses, { from: pausedAt, to: Math.max(pausedAt, at) }];

/**
 * The instant at which so many business minutes after `since` are used up; pauses do not count. A target used up before
 * a pause stays due where it was.
 */
export const dueAfter = (
  calendar: BusinessCalendar,
  since: number,
  minutes: number,
  pauses: readonly Pause[],
): number => {
  let left = minutes;
  let from = since;
  for (const pause of pauses.toSorted((a, b) => a.from - b.from)) {
    if (pause.to <= from) continue;
    const used = pause.from <= from ? 0 : businessMinutesBetween(calendar, from, pause.from);
    if (used >= left) break;
    left -= used;
    from = pause.to;
  }
  return addBusinessMinutes(calendar, from, left);
};

/** The due times of what runs on when the customer answers. What is breached stays as it is: its promise is broken. */
export const resume = (clocks: Clocks, calendar: BusinessCalendar, at: number): readonly ClockDue[] => {
  const pauses = pausesUntil(clocks, at);
  return CLOCK_KINDS.flatMap((kind) => {
    const one = clocks.waiting[kind];
    if (one === null || one.clock === null || one.clock.breached) return [];
    const { clockId, targetMinutes } = one.clock;
    return [{ clockId, dueAt: dueAfter(calendar, one.since, targetMinutes, pauses) }];
  });
};

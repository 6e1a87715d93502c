// Deadlines at work: what is due by the runtime's clock is issued, once in effect however often a tick comes.
import { addDays, isTenureError, startOfDate, type Clock } from '@tenure/core';
import { backOff, type Pause } from '@tenure/event-log';
import type { ProjectionReader } from '@tenure/projections';
import type { Vector } from '@tenure/read-models';
import { atOnce } from '../at-once.ts';
import type { CommandBus } from '../command.ts';
import { deadlineCommandId } from '../commands/identity.ts';
import { createTurns } from '../commands/turns.ts';
import type { ServiceDefinition } from '../definition.ts';
import { issuedRequest, passes, submitIssued } from '../issue.ts';
import { dueDays, dueInstants, type Due } from './due.ts';
import { deadlinesName } from './projection.ts';

/** Resolution of deadlines (ARCHITECTURE §4). */
export const TICK_MS = 1_000;
/** Deadlines that were settled (done, or refused for good) and may still stand in the projection. One that falls out is issued again, without effect. */
const MAX_SETTLED = 100_000;
/** How long the projection may need to fold what the service has written. */
const MAX_FOLD_MS = 30_000;
/** Shown to operators; more are the same mistake. */
const MAX_FAILURES = 1_000;

export type DeadlineDeps = {
  readonly service: ServiceDefinition;
  readonly reader: Pick<ProjectionReader, 'query' | 'waitFor'>;
  readonly submit: CommandBus['submit'];
  readonly clock: Clock;
  /** IANA zone of business dates. */
  readonly zone: string;
  /** Position of the newest event of each of the service's sources. */
  readonly heads: () => Promise<Vector>;
  readonly pause: Pause;
  /** A settable clock moves with `fireUntil`: told each instant (or end of a day) before what is due then is issued. */
  readonly advanceTo?: (instant: number) => void;
  readonly observe?: {
    readonly refused?: (about: {
      readonly key: string;
      readonly command: string;
      readonly code: string;
    }) => void;
    readonly failed?: (failure: DeadlineFailure) => void;
  };
};

/** A deadline that could not be issued and will not be tried again before the next start. */
export type DeadlineFailure = { readonly key: string; readonly command: string; readonly class: string };

/** What is due at one instant. `fire` answers how many had an effect. */
export type DueGroup = { readonly at: number; readonly fire: () => Promise<number> };

export interface RunningDeadlines {
  /** Fires all that is due up to an instant, in order of time, also what comes to be due by that. Answers how many. @throws BEHIND, UNAVAILABLE: call it again */
  fireUntil(instant: number): Promise<number>;
  /** The first that is due up to an instant, all of one time; null: nothing is. @throws BEHIND, UNAVAILABLE */
  nextDue(until: number): Promise<DueGroup | null>;
  /** The same for what is due when a business date has closed. Within one closing each is asked once, however often it is called. */
  fireDay(day: string): Promise<number>;
  /** The instant at which a business date is over. */
  endOf(day: string): number;
  failures(): readonly DeadlineFailure[];
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

type Firing = {
  readonly deps: DeadlineDeps;
  readonly name: string;
  readonly settled: Set<string>;
  readonly failures: DeadlineFailure[];
  /** What the day that closes has asked already. */
  readonly closing: { day: string; readonly asked: Set<string> };
};

/** Starts the ticks of a service with deadlines. */
export const runDeadlines = (deps: DeadlineDeps): RunningDeadlines => {
  const firing: Firing = {
    ...{ deps, name: deadlinesName(deps.service.name), settled: new Set(), failures: [] },
    closing: { day: '', asked: new Set() },
  };
  const turns = createTurns();
  const stopped = new AbortController();
  const ended = tick(deps, stopped.signal, (now) => turns.take('fire', () => fireDue(firing, now)));
  return {
    fireUntil: (instant) => turns.take('fire', () => fireUntil(firing, instant)),
    async nextDue(until) {
      const group = await turns.take('fire', () => nextGroup(firing, until));
      return group && { at: group.at, fire: () => turns.take('fire', () => fireAt(firing, group)) };
    },
    fireDay: (day) => turns.take('fire', () => fireDay(firing, day)),
    endOf: (day) => endOf(day, deps.zone),
    failures: () => [...firing.failures],
    ended,
    async stop() {
      stopped.abort();
      await ended;
    },
  };
};

const tick = async (deps: DeadlineDeps, stopped: AbortSignal, fire: (now: number) => Promise<unknown>) => {
  let failed = 0;
  while (!stopped.aborted) {
    const now = deps.clock.now();
    try {
      if (Number.isFinite(now)) await fire(now); // a clock that stands nowhere makes nothing due
      failed = 0;
    } catch {
      failed++; // an engine is away: what is due stays due
    }
    await deps.pause(failed === 0 ? TICK_MS : backOff(failed), stopped);
  }
};

/** One tick: what is due now, in order. What passes by itself stays for the next tick. */
const fireDue = async (firing: Firing, now: number): Promise<void> => {
  const { reader } = firing.deps;
  for (;;) {
    const due = await dueInstants(reader, firing.name, now, (one) => !firing.settled.has(nameOf(one)));
    if (due.length === 0) return;
    for (const group of byTime(due)) await fireGroup(firing, group, (at) => at);
  }
};

/** Instant by instant: what one of them causes may be due before the next. */
const fireUntil = async (firing: Firing, until: number): Promise<number> => {
  let fired = 0;
  for (;;) {
    const group = await nextGroup(firing, until);
    if (group === null) return fired;
    fired += await fireAt(firing, group);
  }
};

type Group = { readonly at: number; readonly due: readonly Due<number>[] };

const nextGroup = async (firing: Firing, until: number): Promise<Group | null> => {
  const { reader } = firing.deps;
  await folded(firing);
  const due = await dueInstants(reader, firing.name, until, (one) => !firing.settled.has(nameOf(one)));
  const [group] = byTime(due);
  const at = group?.[0]?.when;
  return group === undefined || at === undefined ? null : { at, due: group };
};

const fireAt = (firing: Firing, { at, due }: Group): Promise<number> => {
  firing.deps.advanceTo?.(at);
  return fireGroup(firing, due, () => at);
};

/** What was refused on its day is asked again at the end of each later one. */
const fireDay = async (firing: Firing, day: string): Promise<number> => {
  const end = endOf(day, firing.deps.zone);
  const { closing } = firing;
  if (closing.day !== day) {
    closing.day = day;
    closing.asked.clear();
  }
  await folded(firing);
  firing.deps.advanceTo?.(end);
  let fired = 0;
  const due = await dueDays(firing.deps.reader, firing.name, day);
  for (const group of byTime(due.filter((one) => !closing.asked.has(nameOf(one)))))
    fired += await fireGroup(firing, group, () => end);
  return fired;
};

const endOf = (day: string, zone: string): number => startOfDate(addDays(day, 1), zone);

const folded = async ({ deps, name }: Firing): Promise<void> =>
  deps.reader.waitFor(name, await deps.heads(), MAX_FOLD_MS);

const nameOf = ({ key, when }: Due<number | string>): string => `${key}@${when}`;

const byTime = <W extends number | string>(due: readonly Due<W>[]): readonly (readonly Due<W>[])[] => {
  const groups: Due<W>[][] = [];
  for (const one of due) {
    const group = groups.at(-1);
    if (group?.[0]?.when === one.when) group.push(one);
    else groups.push([one]);
  }
  return groups;
};

/** Answers how many had an effect (or had it before). @throws what may pass; the others of the group are done then. */
const fireGroup = async <W extends number | string>(
  firing: Firing,
  group: readonly Due<W>[],
  occurredAt: (when: W) => number,
): Promise<number> => {
  let fired = 0;
  const problems = await atOnce(group, async (due) => {
    if (await fire(firing, due, occurredAt(due.when))) fired++;
  });
  if (problems.length > 0) throw problems[0];
  return fired;
};

const fire = async (firing: Firing, due: Due<number | string>, occurredAt: number): Promise<boolean> => {
  const { deps } = firing;
  const { command } = due.command;
  const request = issuedRequest(deps.service, due.command, {
    actor: { kind: 'clock', id: command },
    commandId: deadlineCommandId(due.key, due.when),
    occurredAt,
  });
  try {
    const answer = await submitIssued(deps.submit, request);
    settle(firing, due);
    if (answer.outcome === 'done') return true;
    deps.observe?.refused?.({ key: due.key, command, code: answer.code });
  } catch (error) {
    if (passes(error)) throw error;
    settle(firing, due); // it would fail at every tick; the next start tries again
    const failure = { key: due.key, command, class: isTenureError(error) ? error.code : 'INTERNAL' };
    if (firing.failures.length < MAX_FAILURES) firing.failures.push(failure);
    deps.observe?.failed?.(failure);
  }
  return false;
};

const settle = ({ settled, closing }: Firing, due: Due<number | string>): void => {
  if (typeof due.when === 'string') return void closing.asked.add(nameOf(due)); // a later day asks again
  settled.add(nameOf(due));
  for (const oldest of settled) {
    if (settled.size <= MAX_SETTLED) break;
    settled.delete(oldest);
  }
};

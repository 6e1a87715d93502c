// Virtual time and the order of things, both from a seed: whoever waits is resumed one at a time, and who comes next is
// drawn. Code under test runs as it is; only what it awaits of the outside (a port, a timer) waits here.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@tenure/core';
import type { Random } from './random.ts';

// A schedule that is not done after so many steps never will be: it turns in circles.
const MAX_STEPS = 50_000;
// Nor one that is not done within an hour: only clocks of the background still tick.
const MAX_MS = 3_600_000;
/** Turns that code may give the event loop by itself before time jumps: what turns for longer than any fold is no part of this. */
const MAX_TURNS = 64;
/** What a failing run prints of its end. */
export const TRACE_STEPS = 200;
/** A wait of the next in line above this is a jump. */
const JUMP_MS = 5;

type Waiting = { readonly what: string; readonly at: number; readonly resume: () => void };

export type Scheduler = {
  readonly random: Random;
  /** Virtual ms since the start of the schedule. */
  readonly clock: Clock;
  /** Waits up to `ms` (drawn) before the step named `what`. */
  step(what: string, ms: number): Promise<void>;
  /** A timer: exactly `ms`, or until the signal is aborted. An empty `what` leaves no trace. */
  sleep(ms: number, signal?: AbortSignal, what?: string): Promise<void>;
  /** Notes what happened, beside the steps. */
  note(what: string): void;
  /** Runs until `done`. @throws Stalled when nobody waits any more, or nobody ever gets done */
  run(done: () => boolean): Promise<void>;
  /** The last steps, oldest first. */
  trace(): readonly string[];
};

export class Stalled extends Error {}

/** `maxSteps`: a schedule that is not done by then never will be. */
export const scheduler = (random: Random, maxSteps = MAX_STEPS): Scheduler => {
  const waiting = new Set<Waiting>();
  const trace: string[] = [];
  let now = 0;
  const note = (what: string): void => {
    trace.push(`${now.toFixed(1)} ${what}`);
    if (trace.length > TRACE_STEPS) trace.shift();
  };
  const wait = (what: string, at: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const entry = { what, at, resume: resolve };
      waiting.add(entry);
      signal?.addEventListener('abort', () => {
        if (waiting.delete(entry)) resolve();
      });
    });

  const advance = (next: Waiting): void => {
    waiting.delete(next);
    now = Math.max(now, next.at);
    if (next.what !== '') note(next.what);
    next.resume();
  };

  return {
    random,
    clock: { now: () => now },
    step: (what, ms) => wait(what, now + random.next() * ms),
    sleep: (ms, signal, what = 'sleep') =>
      signal?.aborted === true ? Promise.resolve() : wait(what, now + ms, signal),
    note,
    async run(done) {
      let turns = 0;
      for (let steps = 0; ;) {
        await setImmediate(); // everything that can go on without us has gone on
        if (done()) return;
        if (now > MAX_MS) throw new Stalled('not done after an hour (of virtual time)');
        if (steps > maxSteps) throw new Stalled(`not done after ${maxSteps} steps`);
        const next = earliest(waiting);
        // Code may let the event loop turn by itself (a long fold breathes): it comes before time jumps.
        if (next === undefined || next.at - now > JUMP_MS) {
          if (process.getActiveResourcesInfo().includes('Immediate') && turns++ < MAX_TURNS) continue;
          if (next === undefined) throw new Stalled('nobody waits for anything any more, and it is not done');
        }
        turns = 0;
        steps++;
        advance(next);
      }
    },
    trace: () => trace,
  };
};

// Two that fall due at once keep the order in which they came; drawn delays make that rare.
const earliest = (waiting: ReadonlySet<Waiting>): Waiting | undefined => {
  let first: Waiting | undefined;
  for (const entry of waiting) if (first === undefined || entry.at < first.at) first = entry;
  return first;
};

// What every schedule has, whatever is deployed in it: faults that stop at some time, and an end.
import { drawRates, NO_FAULTS, type FaultRates } from '../faults.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { Violation } from './invariants/facts.ts';

// Faults stop for good after this (virtual) time or this many crashes; then everything must come to an end.
const MAX_FAULTY_MS = 20_000;
const MAX_CRASHES = 8;
/** Everything retries within 30 s and restarts within half a second: whatever takes longer will never end. */
export const SETTLE_MS = 300_000;
export const LOOK_MS = 250;

export type ScheduleResult = {
  readonly seed: number;
  /** What was broken; null: everything held. */
  readonly violation: string | null;
  readonly trace: readonly string[];
  readonly events: number;
  readonly crashes: number;
  readonly rates: FaultRates;
};

export type Faults = {
  readonly drawn: FaultRates;
  /** Those of the moment. */
  readonly rates: () => FaultRates;
  readonly crashes: () => number;
  readonly crashed: () => void;
  readonly stop: () => void;
};

/** The faults of one schedule. */
export const drawFaults = (random: Random, until: number, scheduler: Scheduler): Faults => {
  const drawn = drawRates(random);
  const state = { over: false, crashes: 0 };
  return {
    drawn,
    rates: () =>
      state.over || scheduler.clock.now() > until * MAX_FAULTY_MS || state.crashes >= MAX_CRASHES
        ? NO_FAULTS
        : drawn,
    crashes: () => state.crashes,
    crashed: () => void state.crashes++,
    stop() {
      state.over = true;
    },
  };
};

/** Runs the schedule to the end of the play; answers what was broken. */
export const outcomeOf = async (scheduler: Scheduler, playing: Promise<void>): Promise<string | null> => {
  let ended = false;
  const watch = async (): Promise<string | null> => {
    try {
      await playing;
      return null;
    } catch (error) {
      return messageOf(error);
    } finally {
      ended = true;
    }
  };
  const watching = watch();
  try {
    await scheduler.run(() => ended);
  } catch (error) {
    return `all work ends: ${messageOf(error)}`;
  }
  return watching;
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** By what stands still when it is wrong: the numbers to be reached, and those reached. */
export type Standing = ReadonlyMap<string, { readonly wanted: number; readonly reached: number }>;

/** Waits until all work has ended. @throws Violation */
export const settle = async (scheduler: Scheduler, look: () => Promise<Standing>): Promise<void> => {
  const deadline = scheduler.clock.now() + SETTLE_MS;
  for (;;) {
    const standing = await look();
    if ([...standing.values()].every(({ wanted, reached }) => reached >= wanted)) return;
    if (scheduler.clock.now() > deadline)
      throw new Violation(`all work ends: ${inWords(standing)} long after the faults stopped`);
    await scheduler.sleep(LOOK_MS, undefined, '');
  }
};

/** Where the deployment stands, in words: what is reached is left out. */
const inWords = (standing: Standing): string =>
  [...standing]
    .filter(([, { wanted, reached }]) => reached < wanted)
    .map(([what, { wanted, reached }]) => `${reached}/${wanted} ${what}`)
    .join(', ');

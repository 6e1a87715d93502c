// Waiting, as an argument: tests and the simulation hand in their own.
import { setTimeout } from 'node:timers/promises';

/** Resolves after `ms`, at once when the signal is aborted; never rejects. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export const timerPause: Pause = async (ms, signal) => {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    // Only an abort ends a timer early: whoever waited looks at the signal itself.
  }
};

const FIRST_RETRY_MS = 100; // a restarted neighbour is back within a few of these
const LAST_RETRY_MS = 30_000; // a stall must be seen within 30 s, so nobody sleeps longer

/** Delay before retry `attempt` (0, 1, 2, …): 0.1 s doubling to 30 s. */
export const backOff = (attempt: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);

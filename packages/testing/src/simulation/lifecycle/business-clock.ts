// Business time of a lifecycle: it runs with the schedule, and days pass when somebody says so. All processes share it.
import type { Clock } from '@tenure/core';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A working day, in the morning. */
const START = Date.UTC(2026, 2, 3, 9, 30);

export type BusinessClock = Clock & {
  /** Lets business time pass at once. */
  pass(ms: number): void;
};

export const businessClock = (virtual: Clock): BusinessClock => {
  let passed = 0;
  return {
    now: () => START + Math.floor(virtual.now()) + passed,
    pass(ms) {
      passed += Math.floor(ms);
    },
  };
};

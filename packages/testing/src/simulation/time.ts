// Business time in a schedule: the virtual seconds of a run are days, so that days close and deadlines fall due in it.
import type { Clock } from '@tenure/core';

export const ZONE = 'UTC';
export const HOUR_MS = 3_600_000;

const START = Date.UTC(2026, 0, 1, 15);
// Two virtual seconds are a day: a schedule of some seconds sees a few of them close, a stall of half a minute many at once.
const SPEED = 43_200;

/** Runs faster than the scheduler's clock, and whole milliseconds only. */
export const businessTime = (virtual: Clock): Clock => ({
  now: () => START + Math.floor(virtual.now() * SPEED),
});

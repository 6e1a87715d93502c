// The runtime's clock, seen by every thread: the machine's, or one that stands where `closeThrough` has put it.
import type { SettableClock } from '@tenure/core';

/** What a worker needs to see the same clock: null for the machine's. */
export type ClockHandle = SharedArrayBuffer | null;

/** The instant of a settable clock before the first command says where it stands. */
export const CLOCK_NOT_SET = Number.NEGATIVE_INFINITY;

/** A handle for a clock that stands still until it is set. */
export const createSettableHandle = (): SharedArrayBuffer => {
  const handle = new SharedArrayBuffer(8);
  new Float64Array(handle)[0] = CLOCK_NOT_SET;
  return handle;
};

/** The clock behind a handle. Setting the machine's clock is a mistake of the caller and throws. */
export const clockOf = (handle: ClockHandle): SettableClock => {
  if (handle === null)
    return {
      now: () => Date.now(),
      set() {
        throw new TypeError('only a server started with --settable-clock has a clock that can be set');
      },
    };
  const cell = new Float64Array(handle);
  return {
    now: () => cell[0] ?? CLOCK_NOT_SET,
    set(instant) {
      cell[0] = instant;
    },
  };
};

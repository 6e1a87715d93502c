/** The source of time. Domain code never holds one: it is given instants. */
export interface Clock {
  /** ms since the epoch, UTC. */
  now(): number;
}

/** A clock that stands where it was put: for tests and for servers with `--settable-clock`. */
export interface SettableClock extends Clock {
  set(instant: number): void;
}

export const settableClock = (start = 0): SettableClock => {
  let instant = start;
  return {
    now: () => instant,
    set(next) {
      instant = next;
    },
  };
};

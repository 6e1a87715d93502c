// A seeded source of choices: the same seed makes the same choices on every machine.

export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number;
  chance(probability: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** A generator of its own, so that what one part draws does not move what another part gets. */
  fork(): Random;
};

/** Mulberry32: 32 bits of state, good enough to choose with. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  const bits = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = (): number => bits() / 2 ** 32;
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('there is nothing to pick from');
      return list[below(list.length)] as T;
    },
    fork: () => seeded(bits()),
  };
};

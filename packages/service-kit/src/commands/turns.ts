// Whose turn it is: work on one stream runs one after the other, in the order it came; streams do not wait for each other.

export interface Turns {
  /** Runs `work` when everything that came before under this name is done, whatever came of it. */
  take<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(name, work) {
      const before = last.get(name);
      // The one before tells its own caller how it ended.
      const mine = before === undefined ? work() : before.then(work, work);
      last.set(name, mine);
      try {
        return await mine;
      } finally {
        if (last.get(name) === mine) last.delete(name);
      }
    },
  };
};

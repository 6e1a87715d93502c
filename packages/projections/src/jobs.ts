// Jobs that operators start and watch: the newest are kept, the oldest forgotten.

/** More than anybody looks at; replays stay known by their generations anyway. */
const MAX_JOBS = 100;

export type Jobs<T> = {
  add(id: string, job: T): void;
  get(id: string): T | undefined;
  all(): readonly T[];
};

export const jobs = <T>(): Jobs<T> => {
  const known = new Map<string, T>();
  return {
    add(id, job) {
      known.set(id, job);
      for (const oldest of known.keys()) {
        if (known.size <= MAX_JOBS) return;
        known.delete(oldest);
      }
    },
    get: (id) => known.get(id),
    all: () => [...known.values()],
  };
};

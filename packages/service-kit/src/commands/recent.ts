// A map of what was used lately, in two generations: when the young one is full it becomes the old one, and what nobody
// asked for since is gone. Every operation costs the same; an ordered map slows down with every entry it has dropped.

export interface Recent<V> {
  get(name: string): V | undefined;
  set(name: string, value: V): void;
  delete(name: string): void;
}

/** Keeps at least the `limit` newest units, at most twice as many. `weigh`: units of a value (1 by default). */
export const createRecent = <V>(limit: number, weigh: (value: V) => number = () => 1): Recent<V> => {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  let units = 0;
  const set = (name: string, value: V): void => {
    young.set(name, value);
    units += weigh(value); // a value that is set again counts again: the young generation then ends earlier
    if (units < limit) return;
    old = young;
    young = new Map();
    units = 0;
  };
  return {
    set,
    get(name) {
      const found = young.get(name);
      if (found !== undefined) return found;
      const older = old.get(name);
      if (older !== undefined) set(name, older);
      return older;
    },
    delete(name) {
      young.delete(name);
      old.delete(name);
    },
  };
};

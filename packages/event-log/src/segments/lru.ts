/** Keeps what was used last, up to a total weight; what falls out is let go. */
export type Lru<V> = {
  get(name: string): V | undefined;
  add(name: string, value: V): void;
  remove(name: string): void;
  clear(): void;
};

export const lru = <V>(limit: number, weigh: (value: V) => number, letGo: (value: V) => void): Lru<V> => {
  const kept = new Map<string, V>(); // in the order of use
  let weight = 0;
  const remove = (name: string): void => {
    const value = kept.get(name);
    if (value === undefined) return;
    kept.delete(name);
    weight -= weigh(value);
    letGo(value);
  };
  return {
    get(name) {
      const value = kept.get(name);
      if (value === undefined) return undefined;
      kept.delete(name);
      kept.set(name, value);
      return value;
    },
    add(name, value) {
      remove(name);
      kept.set(name, value);
      weight += weigh(value);
      for (const oldest of kept.keys()) {
        if (weight <= limit || oldest === name) break;
        remove(oldest);
      }
    },
    remove,
    clear() {
      for (const name of kept.keys()) remove(name);
    },
  };
};

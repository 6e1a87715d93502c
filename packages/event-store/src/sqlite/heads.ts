// Where the streams end, in memory: an append to a known stream asks the file nothing.

/** `id` 0: the stream does not exist. `revision` −1: it has no event. */
export type Head = { readonly id: number; readonly revision: number };

/** About 30 MB when full; twice the streams that are alive in a busy hour. */
const MAX_HEADS = 100_000;

export interface Heads {
  of(stream: string): Head;
  set(stream: string, head: Head): void;
  /** After a rollback: what was written in between is gone. */
  forget(): void;
}

/** Two generations instead of a list by age: the elder half is dropped at once when the younger is full. */
export const headCache = (load: (stream: string) => Head, max = MAX_HEADS): Heads => {
  let young = new Map<string, Head>();
  let old = new Map<string, Head>();
  const set = (stream: string, head: Head): void => {
    young.set(stream, head);
    if (young.size < max / 2) return;
    old = young;
    young = new Map();
  };
  return {
    of(stream) {
      const known = young.get(stream);
      if (known !== undefined) return known;
      const head = old.get(stream) ?? load(stream);
      if (head.id !== 0) set(stream, head);
      return head;
    },
    set,
    forget() {
      young = new Map();
      old = new Map();
    },
  };
};

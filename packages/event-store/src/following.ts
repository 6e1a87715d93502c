// Followers of a store that lives in this thread: they read until nothing is left, then sleep until they are woken.
import type { StoredEvent } from './event-store.ts';

/** Answers what comes next after a position, at once; empty: nothing yet. Throws when the store has ended. */
export type ReadNext = (after: number) => readonly StoredEvent[];

export interface Followers {
  /** There is more to read, or reading will fail now: everybody looks. */
  wake(): void;
  /** How many follow now. */
  count(): number;
  follow(readNext: ReadNext, after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;
}

/** Nothing is queued per follower: one that is slow simply reads later, so it cannot grow memory. */
export const followers = (): Followers => {
  const asleep = new Set<() => void>();
  let following = 0;

  async function* follow(
    readNext: ReadNext,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredEvent[]> {
    let wakeUp: (() => void) | undefined;
    const aborted = (): void => wakeUp?.();
    signal.addEventListener('abort', aborted);
    following++;
    try {
      let position = after;
      while (!signal.aborted) {
        const batch = readNext(position);
        const last = batch.at(-1);
        if (last === undefined) {
          await new Promise<void>((resolve) => asleep.add((wakeUp = resolve)));
        } else {
          position = last.position;
          yield batch;
        }
      }
    } finally {
      following--;
      if (wakeUp !== undefined) asleep.delete(wakeUp);
      signal.removeEventListener('abort', aborted);
    }
  }

  return {
    wake() {
      const woken = [...asleep];
      asleep.clear();
      for (const wakeUp of woken) wakeUp();
    },
    count: () => following,
    follow,
  };
};

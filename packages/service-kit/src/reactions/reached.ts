// Waiting until reactions have come somewhere: for whoever must know that nothing more follows from what he did.
import type { Lane } from '@tenure/event-log';

/** A place in a lane. */
export type LanePlace = Lane & { readonly seq: number };

export interface Reached {
  /** Resolves when everything up to these places is done; lanes that are not read are no reason to wait. Rejects as `signal` aborts. */
  wait(places: readonly LanePlace[], signal: AbortSignal): Promise<void>;
  /** Somebody has come further. */
  moved(): void;
}

/** `seq`: how far a lane is; undefined: it is not read. */
export const createReached = (seq: (lane: Lane) => number | undefined): Reached => {
  const waiting = new Set<() => void>();
  return {
    moved() {
      for (const look of waiting) look();
    },
    wait(places, signal) {
      const there = (): boolean => places.every((place) => (seq(place) ?? place.seq) >= place.seq);
      if (there()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const end = (): void => {
          waiting.delete(look);
          signal.removeEventListener('abort', abort);
        };
        const abort = (): void => {
          end();
          reject(signal.reason as Error);
        };
        const look = (): void => {
          if (!there()) return;
          end();
          resolve();
        };
        if (signal.aborted) return abort();
        waiting.add(look);
        signal.addEventListener('abort', abort);
      });
    },
  };
};

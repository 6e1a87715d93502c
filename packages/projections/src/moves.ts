// Waiting for a loop to get on.
import type { Pause } from '@tenure/event-log';

export type Moves = {
  /** Something was committed. */
  moved(): void;
  /** Nobody waits any longer. */
  end(): void;
  /**
   * Resolves with true when `reached` does, looked at again after each move; with false at the end or after `timeoutMs`.
   */
  until(reached: () => boolean | Promise<boolean>, timeoutMs?: number): Promise<boolean>;
};

export const movesOf = (pause: Pause): Moves => {
  const waiting = new Set<() => void>();
  const ending = new AbortController();
  let count = 0;
  const wakeAll = (): void => {
    for (const wake of waiting) wake();
  };
  const nextMove = (): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
    });
  return {
    moved() {
      count++;
      wakeAll();
    },
    end() {
      ending.abort();
      wakeAll();
    },
    async until(reached, timeoutMs) {
      const over = { late: false };
      const timer = new AbortController();
      if (timeoutMs !== undefined)
        void pause(timeoutMs, timer.signal).then(() => {
          over.late = true;
          return wakeAll();
        });
      try {
        for (let seen = count; ; seen = count) {
          if (await reached()) return true;
          if (over.late || ending.signal.aborted) return false;
          if (seen === count) await nextMove(); // else it moved while it was looked at
        }
      } finally {
        timer.abort();
      }
    },
  };
};

// Something that is told often and acted upon one at a time: what came meanwhile is skipped but for the newest.
import { isTenureError } from '@tenure/core';
import { backOff } from '@tenure/event-log';
import type { Timer } from './waiters.ts';

export type Newest<T> = {
  /** Resolves when this, or something newer, was acted upon. @throws what `act` throws and will not pass */
  tell(item: T): Promise<void>;
  /** Ends what is waited for. */
  close(): Promise<void>;
};

/** `act` is tried again with growing pauses while what it throws may pass. */
export const newest = <T>(act: (item: T) => Promise<void>, timer: Timer): Newest<T> => {
  let next: { readonly item: T } | null = null;
  let working: Promise<void> | null = null;
  const closing = new AbortController();
  const { signal } = closing;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const cancel = timer(ms, resolve);
      signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
    });
  const work = async (): Promise<void> => {
    for (let attempt = 0; next !== null && !signal.aborted;) {
      const now: { readonly item: T } = next;
      next = null;
      try {
        await act(now.item);
        attempt = 0;
      } catch (error) {
        const passes = isTenureError(error) && error.retriable;
        if (!passes && next === null) throw error;
        next ??= passes ? now : null;
        if (passes) await pause(backOff(attempt++));
      }
    }
  };
  return {
    tell(item) {
      next = { item };
      return (working ??= work().finally(() => (working = null)));
    },
    async close() {
      closing.abort();
      await working?.catch(() => undefined); // who told it hears of it
    },
  };
};

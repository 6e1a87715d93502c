// Work that goes on until it succeeds: a dependency that is away comes back, and the relay's place is kept meanwhile.
import { isTenureError, toPlainError } from '@tenure/core';
import { backOff, type Pause } from '../pause.ts';

/** Why a relay is waiting: code and sentence of the last error, and how often it was tried. */
export type Trouble = { readonly code: string; readonly detail: string; readonly attempts: number };

/**
 * Tries until it succeeds or is stopped (then undefined), with back-off; tells each failure, and null after a success.
 * An error that says it is not retriable is thrown: waiting would not mend it.
 */
export const untilDone = async <T>(
  attempt: () => Promise<T>,
  waiting: {
    readonly pause: Pause;
    readonly stopped: AbortSignal;
    readonly tell: (trouble: Trouble | null) => void;
  },
): Promise<T | undefined> => {
  const { pause, stopped, tell } = waiting;
  for (let attempts = 1; !stopped.aborted; attempts++) {
    try {
      const result = await attempt();
      tell(null);
      return result;
    } catch (error) {
      if (stopped.aborted) return undefined;
      if (isTenureError(error) && !error.retriable) throw error;
      const { code, detail } = toPlainError(error);
      tell({ code, detail, attempts });
      await pause(backOff(attempts - 1), stopped);
    }
  }
  return undefined;
};

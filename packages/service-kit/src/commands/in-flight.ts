// Commands under way by their id: whoever sends the same one meanwhile waits for it, then asks again and finds it known.
import type { Prepared } from './prepare.ts';
import { inFlight, keyReused } from './refusals.ts';

/** Longer than any healthy append; a client's own time-out is longer still (HTTP §3). */
export const MAX_WAIT_MS = 5_000;

export interface InFlight {
  /** Undefined: nobody is running this command. Else resolves when that one has ended. @throws IN_FLIGHT, IDEMPOTENCY_KEY_REUSED */
  other(prepared: Prepared): Promise<void> | undefined;
  enter(prepared: Prepared): void;
  leave(prepared: Prepared): void;
}

type Running = { readonly bodyHash: string; ended: PromiseWithResolvers<void> | undefined };

export const createInFlight = (sleep: (ms: number) => Promise<void>): InFlight => {
  const running = new Map<string, Running>();

  const waitFor = async (done: Promise<void>): Promise<void> => {
    const first = await Promise.race([done.then(() => 'done'), sleep(MAX_WAIT_MS).then(() => 'late')]);
    if (first === 'late') throw inFlight();
  };

  return {
    other({ commandId, bodyHash }) {
      const other = running.get(commandId);
      if (other === undefined) return undefined;
      if (other.bodyHash !== bodyHash) throw keyReused();
      other.ended ??= Promise.withResolvers<void>();
      return waitFor(other.ended.promise);
    },
    enter({ commandId, bodyHash }) {
      running.set(commandId, { bodyHash, ended: undefined });
    },
    leave({ commandId }) {
      running.get(commandId)?.ended?.resolve();
      running.delete(commandId);
    },
  };
};

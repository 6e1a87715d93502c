// Commands under way by their id: whoever sends the same one meanwhile waits for it, then asks again and finds it known.
import type { CommandResult } from '../command.ts';
import type { Prepared } from './prepare.ts';
import { inFlight, keyReused } from './refusals.ts';

/** Longer than any healthy append; a client's own time-out is longer still (HTTP §3). */
export const MAX_WAIT_MS = 5_000;

export interface InFlight {
  /** Runs `work` unless the same command is running; then waits for that one first. @throws IN_FLIGHT, IDEMPOTENCY_KEY_REUSED */
  once(prepared: Prepared, work: () => Promise<CommandResult>): Promise<CommandResult>;
}

export const createInFlight = (sleep: (ms: number) => Promise<void>): InFlight => {
  const running = new Map<string, { readonly bodyHash: string; readonly done: Promise<void> }>();

  const waitFor = async (done: Promise<void>): Promise<void> => {
    const first = await Promise.race([done.then(() => 'done'), sleep(MAX_WAIT_MS).then(() => 'late')]);
    if (first === 'late') throw inFlight();
  };

  return {
    async once(prepared, work) {
      const { commandId, bodyHash } = prepared;
      for (let other = running.get(commandId); other !== undefined; other = running.get(commandId)) {
        if (other.bodyHash !== bodyHash) throw keyReused();
        await waitFor(other.done);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(commandId, { bodyHash, done: promise });
      try {
        return await work();
      } finally {
        running.delete(commandId);
        resolve();
      }
    },
  };
};

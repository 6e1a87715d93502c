import type { RelayCheckpoint, RelayCheckpoints } from './checkpoints.ts';
import { fenced } from './fenced.ts';

/** Checkpoints in memory, for unit tests and the simulation. */
export const memoryCheckpoints = (): RelayCheckpoints => {
  const held = new Map<string, { readonly epoch: number; readonly checkpoint: RelayCheckpoint | null }>();
  const check = async (source: string, epoch: number): Promise<void> => {
    const newest = held.get(source)?.epoch ?? 0;
    if (newest !== epoch) throw fenced(source, epoch, newest);
  };
  return {
    async acquire(source) {
      const before = held.get(source);
      const now = { epoch: (before?.epoch ?? 0) + 1, checkpoint: before?.checkpoint ?? null };
      held.set(source, now);
      return now;
    },
    check,
    async save(source, epoch, checkpoint) {
      await check(source, epoch);
      held.set(source, { epoch, checkpoint });
    },
  };
};

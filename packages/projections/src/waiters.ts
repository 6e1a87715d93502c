// Readers that wait until a projection has folded what they have just written.
import { TenureError } from '@tenure/core';
import type { Vector } from '@tenure/read-models';

/** Calls `done` after `ms` unless it is cancelled. */
export type Timer = (ms: number, done: () => void) => () => void;

export const wallTimer: Timer = (ms, done) => {
  const timeout = setTimeout(done, ms);
  return () => clearTimeout(timeout);
};

/** Each waiter is an open request; the server takes 1,024 commands in flight, reads come with them. */
const MAX_WAITERS = 4_096;

type Waiter = { readonly positions: Vector; readonly arrive: () => void };

/** Tracks how far a projection is. Positions of sources that it does not fold are no reason to wait. */
export const positionWaiters = (projection: string, sources: readonly string[], timer: Timer = wallTimer) => {
  const folded: Record<string, number> = {};
  const waiting = new Set<Waiter>();
  const reached = (positions: Vector): boolean =>
    sources.every((source) => (folded[source] ?? 0) >= (positions[source] ?? 0));
  const behind = (): TenureError =>
    new TenureError(
      'BEHIND',
      `${projection} has not folded this position yet; try again in a moment.`,
      { asOf: { ...folded } },
      { retriable: true },
    );
  return {
    positions: (): Vector => ({ ...folded }),
    advance(positions: Vector): void {
      for (const [source, position] of Object.entries(positions))
        folded[source] = Math.max(folded[source] ?? 0, position);
      for (const waiter of waiting) if (reached(waiter.positions)) waiter.arrive();
    },
    /** @throws BEHIND after `timeoutMs`, at once when too many wait. */
    async wait(positions: Vector, timeoutMs: number): Promise<void> {
      if (reached(positions)) return;
      if (waiting.size >= MAX_WAITERS || timeoutMs <= 0) throw behind();
      await new Promise<void>((resolve, reject) => {
        const waiter = { positions, arrive: () => settle(resolve) };
        const cancel = timer(timeoutMs, () => settle(() => reject(behind())));
        const settle = (outcome: () => void): void => {
          cancel();
          waiting.delete(waiter);
          outcome();
        };
        waiting.add(waiter);
      });
    },
  };
};

// The deadlines of several services as one: what one of them causes in another is known before anything later fires.
import { TenureError } from '@tenure/core';
import type { DueGroup, RunningDeadlines } from './run.ts';

/** Rounds of one closing day: what a day causes may wait for that same day, a few services long. */
const MAX_ROUNDS = 50;

export type FiredTogether = Pick<RunningDeadlines, 'fireUntil' | 'fireDay'>;

/**
 * Fires the deadlines of all in the one order of their time. Before each instant, and at the end, `settled` says that
 * nothing more follows from what fired.
 */
export const fireTogether = (
  running: readonly Pick<RunningDeadlines, 'nextDue' | 'fireDay' | 'endOf'>[],
  settled: () => Promise<void>,
): FiredTogether => {
  const fireUntil = async (until: number): Promise<number> => {
    let fired = 0;
    for (;;) {
      await settled();
      const due = await Promise.all(running.map((one) => one.nextDue(until)));
      const first = earliest(due);
      if (first.length === 0) return fired;
      for (const group of first) fired += await group.fire();
    }
  };
  const fireRound = async (day: string): Promise<number> => {
    await settled();
    let fired = 0;
    for (const one of running) fired += await one.fireDay(day);
    const [end] = running.map((one) => one.endOf(day));
    return end === undefined ? fired : fired + (await fireUntil(end));
  };
  return {
    fireUntil,
    async fireDay(day) {
      let all = 0;
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const fired = await fireRound(day);
        if (fired === 0) return all; // `fireUntil` has settled what came before
        all += fired;
      }
      throw new TenureError(
        'BEHIND',
        'Deadlines of this day cause each other without end; see which in the log.',
        { day },
        { retriable: true },
      );
    },
  };
};

const earliest = (groups: readonly (DueGroup | null)[]): readonly DueGroup[] => {
  const due = groups.filter((group) => group !== null);
  const at = Math.min(...due.map((group) => group.at));
  return due.filter((group) => group.at === at);
};

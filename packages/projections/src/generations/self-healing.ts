// A projection that nothing follows the log for is built again by itself, not only at the next start.
import { messageOf } from '../parking.ts';
import { isServed, nameOf, type Runner } from './runner.ts';

// What fails for good takes a core every time: after a minute, then twice as long each time up to an hour.
const FIRST_AGAIN_MS = 60_000;
const LAST_AGAIN_MS = 3_600_000;

export type SelfHealing = {
  /** Looks after a projection whose replay has ended: nothing is done while a generation follows the log. */
  readonly watch: (runner: Runner) => void;
  /** Resolves when nothing is waited for any more. */
  readonly settled: () => Promise<void>;
};

/** `replay` makes a new generation, or waits for the replay under way, and resolves when that has ended. */
export const selfHealing = (replay: (runner: Runner) => Promise<void>): SelfHealing => {
  const watched = new Map<string, Promise<void>>();
  return {
    watch(runner) {
      const name = nameOf(runner);
      if (!needsOne(runner) || watched.has(name)) return;
      watched.set(
        name,
        repeat(runner, replay).finally(() => watched.delete(name)),
      );
    },
    settled: async () => {
      await Promise.all(watched.values());
    },
  };
};

const needsOne = (runner: Runner): boolean =>
  !runner.engine.stop.aborted && !isServed(runner) && runner.candidate === null;

const repeat = async (runner: Runner, replay: (runner: Runner) => Promise<void>): Promise<void> => {
  const { pause, stop, onAlarm } = runner.engine;
  for (let ms = FIRST_AGAIN_MS; needsOne(runner); ms = Math.min(2 * ms, LAST_AGAIN_MS)) {
    await pause(ms, stop);
    if (!needsOne(runner)) return; // an operator was quicker
    try {
      await replay(runner);
    } catch (error) {
      onAlarm({ projection: nameOf(runner), code: 'REPLAY_FAILED', detail: messageOf(error) });
    }
  }
};

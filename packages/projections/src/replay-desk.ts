// Starts replays, one at a time per projection, and tells how they go.
import { TenureError } from '@tenure/core';
import type { ReplayStatus } from './control.ts';
import { startReplay, type Started } from './generations/open.ts';
import { replayId, statusOf, type ReplayJob } from './generations/replay-job.ts';
import { dropLeftovers, newGeneration } from './generations/replay.ts';
import { retire } from './generations/retire.ts';
import { generationsOf, isServed, nameOf, type Runner } from './generations/runner.ts';
import { jobs } from './jobs.ts';
import { messageOf } from './parking.ts';

export type ReplayDesk = {
  readonly accept: (runner: Runner, started: Started) => void;
  /** @throws REPLAY_RUNNING */
  readonly start: (runner: Runner, activate: boolean) => Promise<ReplayStatus>;
  /** Also those of earlier processes, by their generations. */
  readonly all: () => Promise<readonly ReplayStatus[]>;
  /** Waits up to `waitMs` for the next change while it is under way; undefined: not known. */
  readonly one: (id: string, waitMs: number) => Promise<ReplayStatus | undefined>;
  readonly activated: (runner: Runner, generation: number) => void;
  /** Resolves when none is under way. */
  readonly settled: () => Promise<void>;
};

/**
 * A projection that nothing follows the log for is built again by itself: after a minute, then twice as long each time
 * up to an hour, because what fails for good takes a core every time.
 */
const FIRST_AGAIN_MS = 60_000;
const LAST_AGAIN_MS = 3_600_000;

export const replayDesk = (runners: ReadonlyMap<string, Runner>): ReplayDesk => {
  const known = jobs<ReplayJob>();
  const running = new Map<string, Promise<void>>();
  const repeating = new Map<string, Promise<void>>();
  const needsOne = (runner: Runner): boolean =>
    !runner.engine.stop.aborted && !isServed(runner) && runner.candidate === null;
  const repeat = async (runner: Runner): Promise<void> => {
    const { pause, stop, onAlarm } = runner.engine;
    const name = nameOf(runner);
    for (let ms = FIRST_AGAIN_MS; needsOne(runner); ms = Math.min(2 * ms, LAST_AGAIN_MS)) {
      await pause(ms, stop);
      await running.get(name); // an operator was quicker
      if (!needsOne(runner)) return;
      try {
        await start(runner, true);
        await running.get(name);
      } catch (error) {
        onAlarm({ projection: name, code: 'REPLAY_FAILED', detail: messageOf(error) });
      }
    }
  };
  const accept = (runner: Runner, { job, ended }: Started): void => {
    known.add(job.id, job);
    const name = nameOf(runner);
    const done = async (): Promise<void> => {
      await ended;
      running.delete(name);
      if (!needsOne(runner) || repeating.has(name)) return;
      repeating.set(
        name,
        repeat(runner).finally(() => repeating.delete(name)),
      );
    };
    running.set(name, done());
  };
  const start: ReplayDesk['start'] = async (runner, activate) => {
    const name = nameOf(runner);
    if (running.has(name)) throw alreadyRunning(name);
    running.set(name, Promise.resolve()); // the place is taken before anything is waited for
    try {
      const replay = await begin(runner, activate);
      accept(runner, replay);
      return replay.job.status();
    } catch (error) {
      running.delete(name);
      throw error;
    }
  };
  const all = async (): Promise<readonly ReplayStatus[]> => {
    const lists = await Promise.all([...runners.values()].map(generationsOf));
    return lists
      .flat()
      .map((info) => known.get(replayId(info.model, info.generation))?.status() ?? statusOf(info));
  };
  return {
    accept,
    all,
    start,
    async one(id, waitMs) {
      const job = known.get(id);
      if (job === undefined) return (await all()).find((status) => status.id === id);
      if (waitMs > 0 && running.has(job.status().projection)) await job.next(waitMs);
      return job.status();
    },
    activated: (runner, generation) =>
      known.get(replayId(nameOf(runner), generation))?.update({ state: 'active' }),
    settled: async () => {
      await Promise.all(running.values());
      await Promise.all(repeating.values());
    },
  };
};

/** A build that waits for its activation gives way to the new one. */
const begin = async (runner: Runner, activate: boolean): Promise<Started> => {
  if (runner.candidate !== null) await retire(runner, runner.candidate.generation);
  await dropLeftovers(runner, () => false);
  return startReplay(runner, await newGeneration(runner), activate);
};

const alreadyRunning = (projection: string): TenureError =>
  new TenureError('REPLAY_RUNNING', `A replay of ${projection} is under way; wait until it has ended.`, {
    projection,
  });

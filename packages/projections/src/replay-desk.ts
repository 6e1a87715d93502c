// Starts replays, one at a time per projection, and tells how they go.
import { TenureError } from '@tenure/core';
import type { ReplayStatus } from './control.ts';
import { startReplay, type Started } from './generations/open.ts';
import { replayId, statusOf, type ReplayJob } from './generations/replay-job.ts';
import { dropLeftovers, newGeneration } from './generations/replay.ts';
import { retire } from './generations/retire.ts';
import { generationsOf, nameOf, type Runner } from './generations/runner.ts';
import { selfHealing } from './generations/self-healing.ts';
import { jobs, type Jobs } from './jobs.ts';

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

export const replayDesk = (runners: ReadonlyMap<string, Runner>): ReplayDesk => {
  const known = jobs<ReplayJob>();
  const running = new Map<string, Promise<void>>();
  const healing = selfHealing(async (runner) => {
    const name = nameOf(runner);
    if (!running.has(name)) await start(runner, true);
    await running.get(name);
  });
  const accept = (runner: Runner, { job, ended }: Started): void => {
    known.add(job.id, job);
    const name = nameOf(runner);
    const done = async (): Promise<void> => {
      await ended;
      running.delete(name);
      healing.watch(runner);
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
  const all = (): Promise<readonly ReplayStatus[]> => statuses([...runners.values()], known);
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
      await healing.settled();
    },
  };
};

const statuses = async (
  runners: readonly Runner[],
  known: Jobs<ReplayJob>,
): Promise<readonly ReplayStatus[]> => {
  const infos = (await Promise.all(runners.map(generationsOf))).flat();
  return infos.map((info) => known.get(replayId(info.model, info.generation))?.status() ?? statusOf(info));
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

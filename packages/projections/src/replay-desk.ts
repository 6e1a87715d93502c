// Starts replays, one at a time per projection, and tells how they go.
import { TenureError } from '@tenure/core';
import type { ReplayStatus } from './control.ts';
import { startReplay, type Started } from './generations/open.ts';
import { replayId, statusOf, type ReplayJob } from './generations/replay-job.ts';
import { dropLeftovers, newGeneration } from './generations/replay.ts';
import { retire } from './generations/retire.ts';
import { generationsOf, nameOf, type Runner } from './generations/runner.ts';
import { jobs } from './jobs.ts';

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
  const accept = (runner: Runner, { job, ended }: Started): void => {
    known.add(job.id, job);
    const name = nameOf(runner);
    running.set(
      name,
      ended.finally(() => running.delete(name)),
    );
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
    async start(runner, activate) {
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
    },
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

// The operators' verbs (PROJECTIONS §7) on the runners of a process. Takes and answers plain data.
import { TenureError } from '@tenure/core';
import type { ProjectionControl, ReplayStatus } from './control.ts';
import { startReplay, type Started } from './generations/open.ts';
import { dropLeftovers, newGeneration } from './generations/replay.ts';
import { replayId, statusOf, type ReplayJob } from './generations/replay-job.ts';
import { retire } from './generations/retire.ts';
import { activateCandidate, rollback } from './generations/rollback.ts';
import { generationOf, generationsOf, nameOf, type Runner } from './generations/runner.ts';
import { heal, parkedRows, retry, skip } from './healing.ts';
import { jobs } from './jobs.ts';
import { statusOfRunner, type Backlog, type DigestCache } from './status.ts';
import { startVerification, type VerifyJob } from './verify-job.ts';

export type ControlParts = {
  readonly runners: ReadonlyMap<string, Runner>;
  /** Replays that the start has begun. */
  readonly started: readonly { readonly runner: Runner; readonly replay: Started }[];
  readonly backlog: Backlog;
};

/** Customers folded afresh by a verification that is not full. */
const VERIFY_SAMPLE = 1_000;

/** `settled` resolves when no replay is under way. */
export const projectionControl = (
  parts: ControlParts,
): { readonly control: ProjectionControl; settled(): Promise<void> } => {
  const replays = replayDesk(parts);
  const verifications = jobs<VerifyJob>();
  const digests: DigestCache = new WeakMap();
  const all = [...parts.runners.values()];
  const runnerOf = (projection: string): Runner =>
    found(parts.runners.get(projection), 'projection', projection);
  const status = (runner: Runner, digest: boolean) =>
    statusOfRunner(runner, { digest, backlog: parts.backlog, digests });
  let verified = 0;
  const control: ProjectionControl = {
    status: ({ digest = true } = {}) => Promise.all(all.map((runner) => status(runner, digest))),
    startReplay: async ({ projection, activate }) => replays.start(runnerOf(projection), activate),
    replays: () => replays.all(),
    replay: (id, waitMs = 0) => replays.one(id, waitMs),
    generations: async (projection) => generationsOf(runnerOf(projection)),
    async activate(projection, generation) {
      const runner = runnerOf(projection);
      await activateCandidate(runner, generation);
      replays.activated(runner, generation);
      return generationOf(runner, generation);
    },
    async rollback(projection, generation) {
      const runner = runnerOf(projection);
      await rollback(runner, generation);
      return generationOf(runner, generation);
    },
    retire: async (projection, generation) => retire(runnerOf(projection), generation),
    async verify({ projection, full, keys }) {
      const id = `${projection}.v${++verified}`;
      const scope = keys !== undefined ? { keys } : full ? { all: true as const } : { sample: VERIFY_SAMPLE };
      const job = startVerification(runnerOf(projection), id, scope);
      verifications.add(id, job);
      return job.status();
    },
    async verification(id, waitMs = 0) {
      const job = found(verifications.get(id), 'verification', id);
      await job.next(waitMs);
      return job.status();
    },
    heal: async (projection, keys) => heal(runnerOf(projection), keys),
    async parked(projection) {
      const runners = projection === undefined ? all : [runnerOf(projection)];
      return (await Promise.all(runners.map(parkedRows))).flat();
    },
    retry: async (projection, which) => retry(runnerOf(projection), which),
    skip: async (projection, key, reason) => skip(runnerOf(projection), key, reason),
    async caughtUp(projection) {
      const { generation, stale, lagEvents } = await status(runnerOf(projection), false);
      return generation !== null && !stale && lagEvents === 0;
    },
  };
  return { control, settled: replays.settled };
};

const found = <T>(value: T | undefined, what: string, id: string): T => {
  if (value === undefined) throw new TenureError('NOT_FOUND', `There is no ${what} ${id}.`, { [what]: id });
  return value;
};

/** Starts replays, one at a time per projection, and tells how they go. */
const replayDesk = ({ runners, started }: ControlParts) => {
  const known = jobs<ReplayJob>();
  const running = new Map<string, Promise<void>>();
  const accept = (runner: Runner, { job, ended }: Started): void => {
    known.add(job.id, job);
    running.set(
      nameOf(runner),
      ended.finally(() => running.delete(nameOf(runner))),
    );
  };
  for (const { runner, replay } of started) accept(runner, replay);
  const all = async (): Promise<readonly ReplayStatus[]> => {
    const lists = await Promise.all([...runners.values()].map(generationsOf));
    return lists
      .flat()
      .map((info) => known.get(replayId(info.model, info.generation))?.status() ?? statusOf(info));
  };
  return {
    all,
    async start(runner: Runner, activate: boolean): Promise<ReplayStatus> {
      const name = nameOf(runner);
      if (running.has(name))
        throw new TenureError(
          'REPLAY_RUNNING',
          `A replay of ${name} is under way; wait until it has ended.`,
          {
            projection: name,
          },
        );
      const reserved = Promise.withResolvers<void>();
      running.set(name, reserved.promise);
      try {
        const { candidate } = runner;
        if (candidate !== null) await retire(runner, candidate.generation);
        await dropLeftovers(runner, () => false);
        const replay = startReplay(runner, await newGeneration(runner), activate);
        accept(runner, replay);
        return replay.job.status();
      } catch (error) {
        running.delete(name);
        throw error;
      } finally {
        reserved.resolve();
      }
    },
    async one(id: string, waitMs: number): Promise<ReplayStatus> {
      const job = known.get(id);
      if (job === undefined)
        return found(
          (await all()).find((status) => status.id === id),
          'replay',
          id,
        );
      const { state } = job.status();
      const over = state === 'active' || state === 'failed' || !running.has(job.status().projection);
      if (!over && waitMs > 0) await job.next(waitMs);
      return job.status();
    },
    activated(runner: Runner, generation: number): void {
      known.get(replayId(nameOf(runner), generation))?.update({ state: 'active' });
    },
    async settled(): Promise<void> {
      await Promise.all(running.values());
    },
  };
};

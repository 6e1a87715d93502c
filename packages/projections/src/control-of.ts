// The operators' verbs (PROJECTIONS §7) on the runners of a process. Takes and answers plain data.
import { TenureError } from '@tenure/core';
import type { ProjectionControl } from './control.ts';
import { retire } from './generations/retire.ts';
import { activateCandidate, rollback } from './generations/rollback.ts';
import { generationOf, generationsOf, type Runner } from './generations/runner.ts';
import { heal, retry, skip } from './healing.ts';
import { jobs } from './jobs.ts';
import { parkedRows } from './parked-rows.ts';
import type { ReplayDesk } from './replay-desk.ts';
import { measureLag, statusOfRunner, type Backlog, type DigestCache } from './status.ts';
import { startVerification, type VerifyJob } from './verify-job.ts';

export type ControlParts = {
  readonly runners: ReadonlyMap<string, Runner>;
  readonly replays: ReplayDesk;
  readonly backlog: Backlog;
};

/** Customers folded afresh by a verification that is not full. */
const VERIFY_SAMPLE = 1_000;

type RunnerOf = (projection: string) => Runner;

export const projectionControl = (parts: ControlParts): ProjectionControl => {
  const runners = [...parts.runners.values()];
  const names = [...parts.runners.keys()].join(', ');
  const runnerOf: RunnerOf = (projection) =>
    found(parts.runners.get(projection), `There is no such projection. There are ${names}.`);
  const digests: DigestCache = new WeakMap();
  const status = (runner: Runner, digest: boolean) =>
    statusOfRunner(runner, { digest, backlog: parts.backlog, digests });
  return {
    status: ({ digest = true } = {}) => Promise.all(runners.map((runner) => status(runner, digest))),
    async caughtUp(projection) {
      const runner = runnerOf(projection);
      const following = runner.serving?.following;
      return following
        ? (await measureLag(runner, following.model.lanes, parts.backlog)).events === 0
        : false;
    },
    ...generationVerbs(parts.replays, runnerOf),
    ...verifyVerbs(runnerOf),
    ...customerVerbs(runners, runnerOf),
  };
};

/** What is not there is not repeated: it is somebody's input. */
const found = <T>(value: T | undefined, missing: string): T => {
  if (value === undefined) throw new TenureError('NOT_FOUND', missing);
  return value;
};

type GenerationVerbs =
  | 'startReplay'
  | 'replays'
  | 'replay'
  | 'generations'
  | 'activate'
  | 'rollback'
  | 'retire';

const generationVerbs = (
  replays: ReplayDesk,
  runnerOf: RunnerOf,
): Pick<ProjectionControl, GenerationVerbs> => ({
  startReplay: async ({ projection, activate }) => replays.start(runnerOf(projection), activate),
  replays: () => replays.all(),
  replay: async (id, waitMs = 0) =>
    found(await replays.one(id, waitMs), 'There is no such replay since the start.'),
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
});

const verifyVerbs = (runnerOf: RunnerOf): Pick<ProjectionControl, 'verify' | 'verification'> => {
  const known = jobs<VerifyJob>();
  let count = 0;
  return {
    async verify({ projection, full, keys }) {
      const id = `${projection}.v${++count}`;
      const all = full ? { all: true as const } : { sample: VERIFY_SAMPLE };
      const job = startVerification(runnerOf(projection), id, keys === undefined ? all : { keys });
      known.add(id, job);
      return job.status();
    },
    async verification(id, waitMs = 0) {
      const job = found(known.get(id), 'There is no such verification since the start.');
      if (waitMs > 0) await job.next(waitMs);
      return job.status();
    },
  };
};

type CustomerVerbs = 'heal' | 'parked' | 'retry' | 'skip';

const customerVerbs = (
  runners: readonly Runner[],
  runnerOf: RunnerOf,
): Pick<ProjectionControl, CustomerVerbs> => ({
  heal: async (projection, keys) => heal(runnerOf(projection), keys),
  async parked(projection) {
    const asked = projection === undefined ? runners : [runnerOf(projection)];
    return (await Promise.all(asked.map(parkedRows))).flat();
  },
  retry: async (projection, which) => retry(runnerOf(projection), which),
  skip: async (projection, key, reason) => skip(runnerOf(projection), key, reason),
});

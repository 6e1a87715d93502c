// A replay from its first event to the swap: build, catch up, verify, activate. Each step is repeated or kept after a crash.
import { TenureError, isTenureError } from '@tenure/core';
import type { GenerationInfo } from '@tenure/read-models';
import type { BuildJob, BuildProgress, BuildResult } from '../build/build-job.ts';
import { digestOf } from '../digest.ts';
import { isStorm, messageOf } from '../parking.ts';
import { parkedRows } from '../parked-rows.ts';
import { verifyModel } from '../verify.ts';
import { businessDayOf, type Following } from './following.ts';
import type { ReplayJob } from './replay-job.ts';
import {
  followGeneration,
  generationsOf,
  isOwn,
  nameOf,
  setState,
  type Runner,
  type RunnerEngine,
} from './runner.ts';
import { caughtUp, swapTo } from './swap.ts';

/** Customers folded afresh before an activation; a wrong fold shows in far fewer. */
const SAMPLE = 1_000;

/** Reserves the generation of a new replay. */
export const newGeneration = async (runner: Runner): Promise<GenerationInfo> => {
  const { engine, rules } = runner;
  const writer = await engine.readModels.create(rules.shape, {
    codeHash: rules.codeHash,
    version: rules.definition.version,
    partitions: engine.log.partitions,
    now: engine.clock.now(),
  });
  await writer.close();
  return writer.info;
};

/** Takes a generation from wherever it stands to verified, and on to active when the job says so. Never rejects. */
export const runReplay = async (runner: Runner, info: GenerationInfo, job: ReplayJob): Promise<void> => {
  try {
    if (info.state === 'building') await build(runner, info, job);
    if (info.state !== 'standby') await enter(runner, info, job, 'catching-up');
    const candidate = await followGeneration(runner, info.generation);
    runner.candidate = candidate;
    if (runner.engine.stop.aborted) throw stopping();
    await caughtUp(runner, candidate);
    await verify(runner, info, job, candidate);
    if (job.activate) {
      await swapTo(runner, candidate);
      job.update({ state: 'active' });
    }
  } catch (error) {
    if (runner.engine.stop.aborted) return; // the next start takes it up again
    await fail(runner, info, job, error);
  }
};

const enter = async (
  runner: Runner,
  { generation }: GenerationInfo,
  job: ReplayJob,
  state: 'catching-up' | 'verifying',
): Promise<void> => {
  await setState(runner, generation, state);
  job.update({ state });
};

const build = async (runner: Runner, { generation }: GenerationInfo, job: ReplayJob): Promise<void> => {
  const { engine, rules } = runner;
  const result = await engine.buildQueue(async () => {
    if (engine.stop.aborted) throw stopping();
    const heads = [];
    for (const source of rules.topics)
      for (let partition = 0; partition < engine.log.partitions; partition++)
        heads.push({ source, partition, seq: await engine.log.head({ source, partition }) });
    const parked = await parkedRows(runner);
    const now = engine.clock.now();
    return orStopped(
      engine,
      {
        projection: nameOf(runner),
        generation,
        heads,
        released: parked.filter(({ skipped }) => skipped !== null),
        now,
      },
      job,
    );
  });
  job.update({ events: result.events, done: result.events, etaSeconds: 0 });
  if (result.documents === 0 && (await activeDocuments(runner)) > 0)
    throw new TenureError(
      'BUILD_EMPTY',
      'The build has no documents, the active generation has: is the log complete?',
    );
  if (result.parked > 0) await refuseStorm(runner, generation, result.documents);
};

/** A build that honours the signal ends within a breath; one in a worker is left to whoever stops the worker. */
const STOP_GRACE_MS = 1_000;

const orStopped = async (engine: RunnerEngine, plan: BuildJob, job: ReplayJob): Promise<BuildResult> => {
  const progress = ({ events, done }: BuildProgress): void => job.progress(events, done, engine.clock.now());
  const over = new AbortController();
  const built = engine.build(plan, progress, engine.stop).finally(() => over.abort());
  const gone = Promise.withResolvers<never>();
  const abandon = async (): Promise<void> => {
    await engine.pause(STOP_GRACE_MS, over.signal);
    gone.reject(stopping());
  };
  const onStop = (): void => void abandon();
  if (engine.stop.aborted) onStop();
  engine.stop.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([built, gone.promise]);
  } finally {
    engine.stop.removeEventListener('abort', onStop);
  }
};

const stopping = (): TenureError =>
  new TenureError('STOPPING', 'The process stops; the next start takes the build up again.');

const activeDocuments = async (runner: Runner): Promise<number> => {
  const { serving, engine, rules } = runner;
  if (serving === null) return 0;
  const reader = await engine.readModels.openReader(rules.shape, serving.generation);
  try {
    return (await reader.stats()).documents;
  } finally {
    await reader.close();
  }
};

const refuseStorm = async (runner: Runner, generation: number, documents: number): Promise<void> => {
  const { engine, rules } = runner;
  const reader = await engine.readModels.openReader(rules.shape, generation);
  try {
    if (isStorm(await reader.parked(), documents, engine.clock.now()))
      throw new TenureError(
        'BUILD_STORM',
        'So many customers were parked by the build that the code must be wrong.',
      );
  } finally {
    await reader.close();
  }
};

const verify = async (
  runner: Runner,
  info: GenerationInfo,
  job: ReplayJob,
  candidate: Following,
): Promise<void> => {
  const standby = info.state === 'standby'; // it keeps its state until it is active again
  if (!standby) await enter(runner, info, job, 'verifying');
  const { checked, differences } = await verifyModel(candidate.model, runner.engine, { sample: SAMPLE });
  const verified = { keys: checked, differences: differences.length };
  await setState(runner, info.generation, standby ? 'standby' : 'verifying', { verified });
  const { revision } = candidate.model;
  const digest = await digestOf(candidate.model.generation, () => candidate.model.revision !== revision);
  job.update({ verified, digest, day: businessDayOf(candidate.model, runner.engine.log.partitions) });
  if (differences.length > 0)
    throw new TenureError(
      'VERIFY_FAILED',
      `${differences.length} of ${checked} customers differ from their fresh fold.`,
    );
};

const fail = async (
  runner: Runner,
  { generation, state }: GenerationInfo,
  job: ReplayJob,
  error: unknown,
): Promise<void> => {
  const detail = isTenureError(error) ? `${error.code}: ${error.message}` : messageOf(error);
  const { candidate, engine } = runner;
  if (candidate?.generation === generation) {
    runner.candidate = null;
    await candidate.stop();
  }
  // A generation that was served before stays what it is: only this attempt has failed.
  const failed = state === 'standby' ? 'standby' : 'failed';
  engine.onAlarm({ projection: nameOf(runner), code: 'REPLAY_FAILED', detail });
  await setState(runner, generation, failed, { error: detail }).catch(() => undefined); // the job tells it all the same
  job.update({ state: failed, error: detail });
};

/** Removes what earlier attempts left behind: failed builds, and builds of other code that nobody can finish. */
export const dropLeftovers = async (
  runner: Runner,
  keep: (info: GenerationInfo) => boolean,
): Promise<void> => {
  for (const info of await generationsOf(runner)) {
    if (info.generation === runner.serving?.generation || keep(info)) continue;
    const unfinished = info.state !== 'standby' && info.state !== 'active' && info.state !== 'paused';
    if (info.state === 'failed' || (unfinished && !isOwn(runner, info)))
      await runner.engine.readModels.drop(nameOf(runner), info.generation);
  }
};

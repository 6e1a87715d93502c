// A replay from its first event to the swap: build, catch up, verify, activate. Each step is repeated or kept after a crash.
import { TenureError, isTenureError } from '@tenure/core';
import { backOff } from '@tenure/event-log';
import type { GenerationInfo } from '@tenure/read-models';
import { digestOf } from '../digest.ts';
import { messageOf } from '../parking.ts';
import { verifyModel } from '../verify.ts';
import { buildGeneration, stopping } from './build-generation.ts';
import { businessDayOf, type Following } from './following.ts';
import type { ReplayJob } from './replay-job.ts';
import {
  followGeneration,
  generationOf,
  generationsOf,
  isOwn,
  isServed,
  nameOf,
  setState,
  type Runner,
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

// An engine that is away for longer than some six minutes will not be waited for while another generation is served.
const MAX_ATTEMPTS = 20;

/**
 * Takes a generation from wherever it stands to verified, and on to active when the job says so. What may pass is tried
 * again; while nothing else follows the log, for as long as it takes. Never rejects.
 */
export const runReplay = async (runner: Runner, info: GenerationInfo, job: ReplayJob): Promise<void> => {
  const { stop, pause, onAlarm } = runner.engine;
  const { generation } = info;
  for (let attempt = 0; ; attempt++)
    try {
      await advance(runner, attempt === 0 ? info : await generationOf(runner, generation), job);
      return;
    } catch (error) {
      if (stop.aborted) return; // the next start takes it up again
      const why = (await leaveCandidate(runner, generation)) ?? error;
      const waits = attempt < MAX_ATTEMPTS || !isServed(runner);
      if (!(isTenureError(why) && why.retriable && waits)) return await fail(runner, info, job, why);
      // The error of a replay is what has ended it: while it waits, the alarm tells why.
      if (attempt === 0) onAlarm({ projection: nameOf(runner), code: 'REPLAY_WAITS', detail: detailOf(why) });
      await pause(backOff(attempt), stop);
      if (stop.aborted) return;
    }
};

const advance = async (runner: Runner, info: GenerationInfo, job: ReplayJob): Promise<void> => {
  if (info.state === 'building') await buildGeneration(runner, info, job);
  if (info.state !== 'standby') await enter(runner, info, job, 'catching-up');
  const candidate = await followGeneration(runner, info.generation);
  runner.candidate = candidate;
  if (runner.engine.stop.aborted) throw stopping();
  await caughtUp(runner, candidate);
  await verify(runner, info, job, candidate);
  if (!job.status().activate) return;
  await runner.moving(() => swapTo(runner, candidate));
  job.update({ state: 'active' });
};

/** Ends the following of a generation that is not served; answers why it had ended already. */
const leaveCandidate = async (runner: Runner, generation: number): Promise<TenureError | null> => {
  const { candidate, engine } = runner;
  if (candidate?.generation !== generation) return null;
  runner.candidate = null;
  const why = candidate.stopped();
  try {
    await candidate.stop();
  } catch (error) {
    engine.onAlarm({ projection: nameOf(runner), code: 'NOT_CLOSED', detail: messageOf(error) });
  }
  return why;
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
  const detail = detailOf(error);
  // A generation that was served before stays what it is: only this attempt has failed.
  const failed = state === 'standby' ? 'standby' : 'failed';
  runner.engine.onAlarm({ projection: nameOf(runner), code: 'REPLAY_FAILED', detail });
  await setState(runner, generation, failed, { error: detail }).catch(() => undefined); // the job tells it all the same
  job.update({ state: failed, error: detail });
};

const detailOf = (error: unknown): string =>
  isTenureError(error) ? `${error.code}: ${error.message}` : messageOf(error);

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

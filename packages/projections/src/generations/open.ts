// What happens to a projection when the process starts: serve what is there, and build what the code now means.
import { isTenureError } from '@tenure/core';
import type { GenerationInfo } from '@tenure/read-models';
import { replayJob, type ReplayJob } from './replay-job.ts';
import { dropLeftovers, newGeneration, runReplay } from './replay.ts';
import {
  followGeneration,
  generationsOf,
  isOwn,
  nameOf,
  setState,
  tellReaders,
  type Runner,
} from './runner.ts';
import { swapTo } from './swap.ts';

/** A replay under way, with what ends when it has ended. */
export type Started = { readonly job: ReplayJob; readonly ended: Promise<void> };

/**
 * Opens a projection. Resolves when it serves what can be served at once; the replay that it needs goes on.
 * A generation of other code, or of another log, is served as stale meanwhile, never written.
 */
export const openRunner = async (runner: Runner): Promise<Started | null> => {
  const { engine } = runner;
  const generations = await generationsOf(runner);
  const active = await engine.readModels.active(nameOf(runner));
  const info = generations.find(({ generation }) => generation === active);
  const own = info !== undefined && isOwn(runner, info);
  if (own && (await serve(runner, info))) {
    const left = generations.find((one) => isOwn(runner, one) && isUnfinished(one));
    await dropLeftovers(runner, (one) => one === left || one.state === 'failed');
    return left === undefined ? null : startReplay(runner, left, false);
  }
  if (info !== undefined) {
    runner.serving = { generation: info.generation, stale: true, following: null };
    tellReaders(runner);
  }
  const ready = own
    ? undefined // what this code has built before is as far ahead of the log
    : generations.findLast((one) => isOwn(runner, one) && (one.state === 'standby' || isUnfinished(one)));
  await dropLeftovers(runner, (one) => one.generation === ready?.generation);
  if (ready === undefined && info === undefined && (await isLogEmpty(runner))) {
    await beginEmpty(runner);
    return null;
  }
  return startReplay(runner, ready ?? (await newGeneration(runner)), true);
};

/** Begins a replay of a generation; the job tells how it goes. */
export const startReplay = (runner: Runner, info: GenerationInfo, activate: boolean): Started => {
  const { clock, pause } = runner.engine;
  const job = replayJob(info, activate, clock.now(), pause);
  return { job, ended: runReplay(runner, info, job) };
};

const isUnfinished = ({ state }: GenerationInfo): boolean =>
  state === 'building' || state === 'catching-up' || state === 'verifying';

/** False when the generation is ahead of the log. */
const serve = async (runner: Runner, info: GenerationInfo): Promise<boolean> => {
  // A start is a decision of an operator: what was paused tries again.
  if (info.state === 'paused') await setState(runner, info.generation, 'active', { error: null });
  try {
    const following = await followGeneration(runner, info.generation);
    runner.serving = { generation: info.generation, stale: false, following };
    tellReaders(runner);
    return true;
  } catch (error) {
    if (!isTenureError(error, 'CHECKPOINTS_AHEAD')) throw error;
    runner.engine.onAlarm({ projection: nameOf(runner), code: error.code, detail: error.message });
    return false;
  }
};

const isLogEmpty = async ({ engine, rules }: Runner): Promise<boolean> => {
  for (const source of rules.topics)
    for (let partition = 0; partition < engine.log.partitions; partition++)
      if ((await engine.log.head({ source, partition })) > 0) return false;
  return true;
};

/** A new installation: nothing to build, so the live loop begins at once. */
const beginEmpty = async (runner: Runner): Promise<void> => {
  const { generation } = await newGeneration(runner);
  const writer = await runner.engine.readModels.openWriter(runner.rules.shape, generation);
  await writer.finishBuild();
  await writer.close();
  await swapTo(runner, await followGeneration(runner, generation));
};

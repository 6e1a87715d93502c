// One projection: the generation that readers get, and the one that is built to replace it (PROJECTIONS §5).
import { TenureError } from '@tenure/core';
import { logReaches } from '@tenure/event-log';
import type { GenerationInfo, GenerationState, ReadModels } from '@tenure/read-models';
import type { Build } from '../build/build-job.ts';
import { changeNotes } from '../changes.ts';
import type { Exclusive } from '../exclusive.ts';
import type { Engine } from '../model.ts';
import type { Progress } from '../reader.ts';
import type { Rules } from '../rules.ts';
import type { WatermarkFeed } from '../watermark-feed.ts';
import { businessDayOf, follow, type Following } from './following.ts';

export type RunnerEngine = Engine & {
  readonly readModels: ReadModels;
  readonly build: Build;
  readonly feed: WatermarkFeed;
  /** One build at a time in the whole process: each may take a quarter of a gigabyte and a core. */
  readonly buildQueue: Exclusive;
  readonly onProgress: (progress: Progress) => void;
  readonly onAlarm: (alarm: Alarm) => void;
  /** Whether somebody listens to the changes of a projection; asked at every commit. */
  readonly isHeard: (projection: string) => boolean;
  /** Aborted when the process stops: what has begun ends as it can, and the next start takes it up. */
  readonly stop: AbortSignal;
};

/** Something that a person must look at. No personal data. */
export type Alarm = { readonly projection: string; readonly code: string; readonly detail: string };

export type Serving = {
  readonly generation: number;
  /** Older than the code: served as it is, never written. */
  readonly stale: boolean;
  /** Null for a stale one. */
  readonly following: Following | null;
};

/** What the parts of a runner share. */
export type Runner = {
  readonly engine: RunnerEngine;
  readonly rules: Rules;
  serving: Serving | null;
  /** Built and following the log, waiting to be activated. */
  candidate: Following | null;
  /** Activations and rollbacks, one at a time: each looks where the alias is before it moves it. */
  readonly moving: Exclusive;
};

/** True while a generation of this code is served and follows the log. */
export const isServed = ({ serving }: Runner): boolean => serving !== null && serving.following !== null;

export const nameOf = (runner: Runner): string => runner.rules.definition.name;

/**
 * Opens a generation and lets it follow the log; readers are told of it while it is the one that is served.
 * @throws CHECKPOINTS_AHEAD when it has folded what the log does not hold, and will not get again
 */
export const followGeneration = async (runner: Runner, generation: number): Promise<Following> => {
  const { engine, rules } = runner;
  const writer = await engine.readModels.openWriter(rules.shape, generation);
  try {
    // Nothing may be folded anew from a log that lacks what the documents hold.
    if (!(await logReaches(engine.log, await writer.checkpoints(), engine.pause, engine.stop)))
      throw ahead(runner, generation);
    const followed = await follow(engine, engine.feed, rules, writer, {
      moved: (following) => {
        if (runner.serving?.following === following) tellReaders(runner);
      },
      storm: (following) => void pauseForStorm(runner, following),
    });
    followed.model.changes = changeNotes(() => engine.isHeard(nameOf(runner)));
    return followed;
  } catch (error) {
    await writer.close();
    throw error;
  }
};

const ahead = (runner: Runner, generation: number): TenureError =>
  new TenureError(
    'CHECKPOINTS_AHEAD',
    `Generation ${generation} of ${nameOf(runner)} has folded events that the log does not hold: the log was lost or restored from an older backup. A new generation is built from what there is.`,
    { projection: nameOf(runner), generation },
  );

/** Tells the readers where the served generation stands. */
export const tellReaders = (runner: Runner): void => {
  const { serving, engine } = runner;
  if (serving === null || engine.stop.aborted) return;
  const { generation, stale, following } = serving;
  engine.onProgress({
    projection: nameOf(runner),
    generation,
    stale,
    folded: following?.marks.positions() ?? {},
    businessDay: following === null ? null : businessDayOf(following.model, engine.log.partitions),
    changes: following === null ? [] : following.model.changes.take(),
  });
};

export const setState = (
  runner: Runner,
  generation: number,
  state: GenerationState,
  about: { readonly verified?: GenerationInfo['verified']; readonly error?: string | null } = {},
): Promise<void> =>
  runner.engine.readModels.setState(nameOf(runner), generation, state, {
    now: runner.engine.clock.now(),
    ...about,
  });

export const generationsOf = async (runner: Runner): Promise<readonly GenerationInfo[]> =>
  (await runner.engine.readModels.generations()).filter(({ model }) => model === nameOf(runner));

/** @throws NOT_FOUND */
export const generationOf = async (runner: Runner, generation: number): Promise<GenerationInfo> => {
  const info = (await generationsOf(runner)).find((one) => one.generation === generation);
  if (info === undefined)
    throw new TenureError('NOT_FOUND', `There is no generation ${generation} of ${nameOf(runner)}.`, {
      generation,
    });
  return info;
};

/** True when this code made the generation: only then may it write there. */
export const isOwn = (runner: Runner, info: GenerationInfo): boolean =>
  info.codeHash === runner.rules.codeHash &&
  info.version === runner.rules.definition.version &&
  info.partitions === runner.engine.log.partitions;

/** The generation that operators work on. @throws ILLEGAL_STATE while there is none that this code may write. */
export const writable = (runner: Runner): Following => {
  const following = runner.serving?.following ?? null;
  if (following === null)
    throw new TenureError(
      'ILLEGAL_STATE',
      `${nameOf(runner)} is being built; wait until the new generation is active.`,
      { projection: nameOf(runner) },
    );
  return following;
};

// Nobody reads it yet, so its replay fails with it.
const stopUnread = async (runner: Runner, following: Following): Promise<void> => {
  const detail = `So many customers were parked while ${nameOf(runner)} caught up that the code must be wrong.`;
  runner.engine.onAlarm({ projection: nameOf(runner), code: 'PARKING_STORM', detail });
  try {
    await following.stop(new TenureError('PARKING_STORM', detail));
  } catch (error) {
    runner.engine.onAlarm({ projection: nameOf(runner), code: 'NOT_CLOSED', detail: String(error) });
  }
};

// Called from within the loop's own turn, so it must not be waited for there.
const pauseForStorm = async (runner: Runner, following: Following): Promise<void> => {
  if (following.loop === null) return;
  if (runner.serving?.following !== following) return stopUnread(runner, following);
  const detail = `So many customers of ${nameOf(runner)} were parked within ten minutes that the code must be wrong; the projection is paused. Mend the code, or look at the parked customers and retry them.`;
  runner.engine.onAlarm({ projection: nameOf(runner), code: 'PARKING_STORM', detail });
  await following.pause();
  try {
    await setState(runner, following.generation, 'paused', { error: detail });
  } catch (error) {
    // The loop stands either way; the state is only what operators read.
    runner.engine.onAlarm({ projection: nameOf(runner), code: 'STATE_NOT_WRITTEN', detail: String(error) });
  }
};

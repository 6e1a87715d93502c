// A generation that follows the log: its model, its loop, and how far it has folded each source.
import { TenureError } from '@tenure/core';
import type { Generation, LaneCheckpoint } from '@tenure/read-models';
import { foldedMarks, type FoldedMarks } from '../folded-marks.ts';
import { startLoop, type LiveLoop } from '../live-loop.ts';
import { openModel, type Engine, type Model } from '../model.ts';
import { drainRefolds, refoldKeys } from '../refold.ts';
import { movesOf } from '../moves.ts';
import type { Rules } from '../rules.ts';
import type { WatermarkFeed } from '../watermark-feed.ts';

export type Following = {
  readonly generation: number;
  readonly model: Model;
  readonly marks: FoldedMarks;
  /** Null while paused. */
  loop: LiveLoop | null;
  /** Resolves when `reached` answers true, looked at after each commit; rejects with BEHIND after `timeoutMs`, and with why it was stopped. */
  until(reached: () => boolean | Promise<boolean>, timeoutMs?: number): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the loop and closes the generation. `why`: what those hear who wait for it. */
  stop(why?: TenureError): Promise<void>;
  /** Why it was stopped, where a reason was given. */
  stopped(): TenureError | null;
};

export type FollowingEvents = {
  /** Something that readers may know has moved: positions or the business day. */
  readonly moved: (following: Following) => void;
  readonly storm: (following: Following) => void;
};

/** Follows the log with an open generation, which is closed by `stop`. */
export const follow = async (
  engine: Engine,
  feed: WatermarkFeed,
  rules: Rules,
  generation: Generation,
  events: FollowingEvents,
): Promise<Following> => {
  const model = await openModel(engine, rules, generation);
  const following = followingOf(engine, model, events);
  const { marks } = following;
  following.leave = feed.follow(rules.topics, (mark) => {
    marks.add(mark);
    if (marks.settle(model.lanes)) events.moved(following);
  });
  try {
    await retryParked(engine, model);
    await drainRefolds(model, engine, following.hasEnded);
    await following.resume();
    return following;
  } catch (error) {
    following.leave();
    throw error; // the caller closes the generation it has opened
  }
};

type Opening = Following & {
  readonly hasEnded: () => boolean;
  /** Leaves the feed of watermarks. */
  leave: () => void;
};

const followingOf = (engine: Engine, model: Model, events: FollowingEvents): Opening => {
  const marks = foldedMarks();
  const moves = movesOf(engine.pause);
  let ending: Promise<void> | null = null;
  let stopped: TenureError | null = null;
  const end = async (): Promise<void> => {
    following.leave();
    moves.end();
    await following.pause();
    await model.turn(() => model.generation.close());
  };
  const start = (): Promise<LiveLoop> =>
    startLoop(engine, model, {
      moved() {
        marks.settle(model.lanes);
        events.moved(following);
        moves.moved();
      },
      storm: () => events.storm(following),
    });
  const following: Opening = {
    generation: model.generation.info.generation,
    model,
    marks,
    loop: null,
    leave: () => {},
    hasEnded: () => ending !== null,
    async until(reached, timeoutMs) {
      if (!(await moves.until(reached, timeoutMs))) throw stopped ?? behind(model.rules);
    },
    pause: () => pause(following),
    async resume() {
      if (ending === null) following.loop ??= await start();
    },
    stop(why) {
      stopped ??= why ?? null;
      return (ending ??= end());
    },
    stopped: () => stopped,
  };
  return following;
};

const pause = async (following: Following): Promise<void> => {
  const { loop } = following;
  following.loop = null;
  await loop?.stop();
};

// Once per code: customers that other code could not fold (PROJECTIONS §4).
const retryParked = async (engine: Engine, model: Model): Promise<void> => {
  const keys = [...model.parked.values()]
    .filter((row) => row.skipped === null && row.codeHash !== model.rules.codeHash)
    .map(({ key }) => key);
  await refoldKeys(model, engine, keys);
};

const behind = (rules: Rules): TenureError =>
  new TenureError(
    'BEHIND',
    `The generation of ${rules.definition.name} did not catch up in time; try again.`,
    { projection: rules.definition.name },
    { retriable: true },
  );

/** True when every lane is folded at least as far as these checkpoints. */
export const hasReached = (model: Model, checkpoints: readonly LaneCheckpoint[]): boolean =>
  checkpoints.every((checkpoint) => model.lanes.seq(checkpoint) >= checkpoint.seq);

/** The business day closed in every partition; null before the first. */
export const businessDayOf = (model: Model, partitions: number): string | null => {
  if (model.days.size < partitions) return null;
  let first: string | null = null;
  for (const { date } of model.days.values()) if (first === null || date < first) first = date;
  return first;
};

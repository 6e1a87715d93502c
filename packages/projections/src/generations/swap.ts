// Activation and rollback: the alias moves when the generation that comes has folded all that the one that goes has.
import { TenureError } from '@tenure/core';
import { backOff } from '@tenure/event-log';
import type { LaneCheckpoint } from '@tenure/read-models';
import { lagOf } from '../live-loop.ts';
import { messageOf } from '../parking.ts';
import { hasReached, type Following } from './following.ts';
import { nameOf, tellReaders, type Runner, type Serving } from './runner.ts';

/** A generation with no more than one batch to go is caught up: the swap itself waits for the rest. */
const CAUGHT_UP_EVENTS = 5_000;
/** The old generation stands still while the new one comes level: normally milliseconds, and never longer than this. */
const LEVEL_TIMEOUT_MS = 5_000;

/** Resolves when a generation is caught up with the log. */
export const caughtUp = (runner: Runner, following: Following): Promise<void> =>
  following.until(async () => (await lagOf(runner.engine.log, following.model)) <= CAUGHT_UP_EVENTS);

/**
 * Makes a generation the served one. Reads see the old one up to the swap and the new one after it, never less than
 * before. The old one stops and stays as standby. Call it in the runner's `moving`.
 * @throws CONFLICT when somebody else moved the alias, BEHIND (retriable) when it does not come level.
 */
export const swapTo = async (runner: Runner, next: Following): Promise<void> => {
  const before = runner.serving;
  await caughtUp(runner, next);
  const move = async (): Promise<void> => {
    await moveAlias(runner, before?.generation ?? null, next.generation);
    if (before?.following) next.marks.atLeast(before.following.marks.positions());
    runner.serving = { generation: next.generation, stale: false, following: next };
    if (runner.candidate === next) runner.candidate = null;
    tellReaders(runner);
  };
  if (before === null) return move();
  const level = async (checkpoints: readonly LaneCheckpoint[]): Promise<void> => {
    await next.until(() => hasReached(next.model, checkpoints), LEVEL_TIMEOUT_MS);
    await move();
  };
  const { following } = before;
  if (following === null) return level(await staleCheckpoints(runner, before));
  // In the old generation's turn: it cannot move on while the new one comes level.
  await following.model.turn(() => level(following.model.lanes.all()));
  try {
    await following.stop();
  } catch (error) {
    // The swap has happened; what could not be closed is closed with the process.
    runner.engine.onAlarm({ projection: nameOf(runner), code: 'NOT_CLOSED', detail: messageOf(error) });
  }
};

const moveAlias = async (runner: Runner, from: number | null, to: number): Promise<void> => {
  const { readModels, clock } = runner.engine;
  let moved: boolean;
  try {
    moved = await readModels.activate(nameOf(runner), from, to, clock.now());
  } catch (error) {
    // The answer may be lost after the alias has moved: then readers are on their way, and there is no way back.
    if ((await activeNow(runner, error)) !== to) throw error;
    moved = true;
  }
  if (!moved)
    throw new TenureError('CONFLICT', `The active generation of ${nameOf(runner)} was changed meanwhile.`, {
      from,
    });
};

/** Where the alias is; asked until there is an answer, because nothing may be decided without it. @throws `after` when the process stops */
const activeNow = async (runner: Runner, after: unknown): Promise<number | null> => {
  const { readModels, pause, stop } = runner.engine;
  for (let attempt = 0; !stop.aborted; attempt++)
    try {
      return await readModels.active(nameOf(runner));
    } catch {
      await pause(backOff(attempt), stop); // the error that led here tells it already
    }
  throw after;
};

// One that is ahead of the log cannot be reached: what the log does not hold is lost.
const staleCheckpoints = async (
  runner: Runner,
  { generation }: Serving,
): Promise<readonly LaneCheckpoint[]> => {
  const reader = await runner.engine.readModels.openReader(runner.rules.shape, generation);
  try {
    const { log } = runner.engine;
    const reachable = async (checkpoint: LaneCheckpoint): Promise<LaneCheckpoint> => ({
      ...checkpoint,
      seq: Math.min(checkpoint.seq, await log.head(checkpoint)),
    });
    return await Promise.all((await reader.checkpoints()).map(reachable));
  } finally {
    await reader.close();
  }
};

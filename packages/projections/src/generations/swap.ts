// Activation and rollback: the alias moves when the generation that comes has folded all that the one that goes has.
import { TenureError } from '@tenure/core';
import type { LaneCheckpoint } from '@tenure/read-models';
import { lagOf } from '../live-loop.ts';
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
 * before. The old one stops and stays as standby.
 * @throws CONFLICT when somebody else moved the alias, BEHIND (retriable) when it does not come level.
 */
export const swapTo = async (runner: Runner, next: Following): Promise<void> => {
  const { engine } = runner;
  const before = runner.serving;
  await caughtUp(runner, next);
  const move = async (): Promise<void> => {
    const from = before?.generation ?? null;
    if (!(await engine.readModels.activate(nameOf(runner), from, next.generation, engine.clock.now())))
      throw new TenureError('CONFLICT', `The active generation of ${nameOf(runner)} was changed meanwhile.`, {
        from,
      });
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
  await following.stop();
};

const staleCheckpoints = async (
  runner: Runner,
  { generation }: Serving,
): Promise<readonly LaneCheckpoint[]> => {
  const reader = await runner.engine.readModels.openReader(runner.rules.shape, generation);
  try {
    return await reader.checkpoints();
  } finally {
    await reader.close();
  }
};

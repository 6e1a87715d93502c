// What operators do to single customers of the served generation: heal, retry, skip.
import { TenureError } from '@tenure/core';
import type { ParkedRow } from '@tenure/read-models';
import { setState, nameOf, writable, type Runner } from './generations/runner.ts';
import { sureTurn } from './model.ts';
import { isStorm, standsStill } from './parking.ts';
import { refoldKeys, releaseKey } from './refold.ts';

/** Customers re-folded in one turn, during which the live loop waits: about ten milliseconds. */
const TURN_KEYS = 50;

const inTurns = async <T>(
  runner: Runner,
  keys: readonly string[],
  work: (keys: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> => {
  const { model } = writable(runner);
  const results: T[] = [];
  for (let from = 0; from < keys.length; from += TURN_KEYS)
    results.push(...(await sureTurn(runner.engine, model, () => work(keys.slice(from, from + TURN_KEYS)))));
  return results;
};

/** Computes customers anew from the log and repairs what differs. @throws ILLEGAL_STATE */
export const heal = async (
  runner: Runner,
  keys: readonly string[],
): Promise<readonly { readonly key: string; readonly changed: boolean }[]> => {
  const { model } = writable(runner);
  const healed = await inTurns(runner, keys, (some) => refoldKeys(model, runner.engine, some));
  return healed.map(({ key, changed }) => ({ key, changed }));
};

/**
 * Re-folds parked customers: one, those of a class, or all. Answers the keys that flow again; a projection that was
 * paused by their number goes on when they do. @throws NOT_FOUND for a key that is not parked, ILLEGAL_STATE
 */
export const retry = async (
  runner: Runner,
  which: { readonly key?: string; readonly class?: string },
): Promise<readonly string[]> => {
  const following = writable(runner);
  const { model } = following;
  if (which.key !== undefined) parkedRow(runner, which.key);
  const keys = [...model.parked.values()]
    .filter((row) => standsStill(row))
    .filter((row) => which.key === undefined || row.key === which.key)
    .filter((row) => which.class === undefined || row.class === which.class)
    .map(({ key }) => key);
  const results = await inTurns(runner, keys, (some) => refoldKeys(model, runner.engine, some));
  await resumeWhenCalm(runner);
  return results.filter(({ flows }) => flows).map(({ key }) => key);
};

/**
 * Releases a parked customer without the event that failed; the reason stays in its row.
 * @throws NOT_FOUND; ILLEGAL_STATE also when nothing can be shown of the customer without it either
 */
export const skip = async (runner: Runner, key: string, reason: string): Promise<void> => {
  const { model } = writable(runner);
  const row = parkedRow(runner, key);
  const { flows } = await sureTurn(runner.engine, model, () =>
    releaseKey(model, runner.engine, { ...row, skipped: reason }),
  );
  if (!flows)
    throw new TenureError(
      'ILLEGAL_STATE',
      `What is left of this customer without the failing event cannot be shown in ${nameOf(runner)} either; mend the code and retry it.`,
      { projection: nameOf(runner) },
    );
  await resumeWhenCalm(runner);
};

const parkedRow = (runner: Runner, key: string): ParkedRow => {
  const row = writable(runner).model.parked.get(key);
  if (!standsStill(row))
    throw new TenureError('NOT_FOUND', `This customer is not parked in ${nameOf(runner)}.`, {
      projection: nameOf(runner),
    });
  return row;
};

const resumeWhenCalm = async (runner: Runner): Promise<void> => {
  const following = writable(runner);
  if (following.loop !== null) return;
  const { model, generation } = following;
  const { documents } = await model.generation.stats();
  if (isStorm(model.parked.values(), documents, runner.engine.clock.now())) return;
  await setState(runner, generation, 'active', { error: null });
  await following.resume();
};

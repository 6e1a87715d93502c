// Generations that nobody goes back to any more.
import { TenureError } from '@tenure/core';
import { generationOf, generationsOf, nameOf, setState, type Runner } from './runner.ts';

/** A rollback is decided within a day or not at all. */
const STANDBY_MS = 24 * 3_600_000;

/** Removes standby generations that have stood for longer than a day. A failure is told and tried again an hour later. */
export const retireOld = async (runner: Runner): Promise<void> => {
  const { engine } = runner;
  try {
    for (const { state, changedAt, generation } of await generationsOf(runner))
      if (state === 'standby' && changedAt <= engine.clock.now() - STANDBY_MS && isIdle(runner, generation))
        await drop(runner, generation);
  } catch (error) {
    if (!engine.stop.aborted)
      engine.onAlarm({ projection: nameOf(runner), code: 'RETIRE_FAILED', detail: String(error) });
  }
};

/** Removes a generation for good. @throws NOT_FOUND, ILLEGAL_STATE for one that is served or being built. */
export const retire = async (runner: Runner, generation: number): Promise<void> => {
  const { state } = await generationOf(runner, generation);
  const { candidate } = runner;
  if (candidate?.generation === generation && state === 'verifying') {
    runner.candidate = null;
    await candidate.stop();
  } else if (!isIdle(runner, generation) || state === 'building' || state === 'catching-up')
    throw new TenureError(
      'ILLEGAL_STATE',
      `Generation ${generation} of ${nameOf(runner)} is in use (${state}).`,
      {
        generation,
        state,
      },
    );
  await drop(runner, generation);
};

const drop = async (runner: Runner, generation: number): Promise<void> => {
  await setState(runner, generation, 'retired');
  await runner.engine.readModels.drop(nameOf(runner), generation);
};

const isIdle = ({ serving, candidate }: Runner, generation: number): boolean =>
  serving?.generation !== generation && candidate?.generation !== generation;

// Back to the generation that was served before, and forward to one that is verified.
import { TenureError } from '@tenure/core';
import { stopping } from './build-generation.ts';
import { followGeneration, generationOf, isOwn, nameOf, type Runner } from './runner.ts';
import { swapTo } from './swap.ts';

/** Activates the verified build that waits for it. @throws NOT_FOUND, ILLEGAL_STATE */
export const activateCandidate = (runner: Runner, generation: number): Promise<void> =>
  runner.moving(() => activate(runner, generation));

const activate = async (runner: Runner, generation: number): Promise<void> => {
  const info = await generationOf(runner, generation);
  const { candidate } = runner;
  const verified = info.state === 'verifying' && info.verified !== null && info.verified.differences === 0;
  if (!verified || candidate?.generation !== generation)
    throw new TenureError(
      'ILLEGAL_STATE',
      `Generation ${generation} of ${nameOf(runner)} is no verified build (${info.state}).`,
      {
        generation,
        state: info.state,
      },
    );
  await swapTo(runner, candidate);
};

/**
 * Goes back to a standby generation: it catches up first, so reads never go back. One that other code built cannot be
 * caught up; start the version of the program that built it.
 * @throws NOT_FOUND, ILLEGAL_STATE
 */
export const rollback = (runner: Runner, generation: number): Promise<void> =>
  runner.moving(() => goBack(runner, generation));

const goBack = async (runner: Runner, generation: number): Promise<void> => {
  const info = await generationOf(runner, generation);
  if (info.state !== 'standby' || !isOwn(runner, info))
    throw new TenureError(
      'ILLEGAL_STATE',
      info.state === 'standby'
        ? `Generation ${generation} of ${nameOf(runner)} was built by other code: start the version that built it.`
        : `Generation ${generation} of ${nameOf(runner)} is no standby (${info.state}).`,
      { generation, state: info.state },
    );
  const standby = await followGeneration(runner, generation);
  const end = (): void => void standby.stop().catch(() => undefined); // whoever waits for it hears why
  runner.engine.stop.addEventListener('abort', end, { once: true });
  try {
    if (runner.engine.stop.aborted) throw stopping();
    await swapTo(runner, standby);
  } catch (error) {
    await standby.stop();
    throw error;
  } finally {
    runner.engine.stop.removeEventListener('abort', end);
  }
};

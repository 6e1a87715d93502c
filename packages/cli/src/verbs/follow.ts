// Waiting for a job of the server: asks for its next change again and again. Ctrl-C and time-outs leave the job running.
import { TenureError } from '@tenure/core';
import type { Shell } from '../shell.ts';

/** One request waits so long, s: below what proxies cut off. */
const WAIT_S = 20;
/** A server that answers "no change" at once must not be asked in a tight loop. */
const PAUSE_MS = 50;
/** So often in a row a request may fail (a restart of the server) before the wait is given up. */
const MAX_FAILURES = 20;
const FAILURE_PAUSE_MS = 500;

export type Following<T> = {
  readonly path: string;
  readonly over: (state: T) => boolean;
  readonly show?: (state: T) => void;
  /** s */
  readonly timeout?: number | undefined;
  readonly interrupted: AbortSignal;
  /** What to tell who leaves early. */
  readonly later: string;
};

/** @throws INTERRUPTED, TIMED_OUT, and what the server says */
export const follow = async <T extends object>(shell: Shell, first: T, job: Following<T>): Promise<T> => {
  const { world } = shell;
  const end = job.timeout === undefined ? Infinity : world.now() + job.timeout * 1000;
  let state = first;
  let failures = 0;
  const left = new Promise<null>((resolve) => {
    job.interrupted.addEventListener('abort', () => resolve(null), { once: true });
  });
  while (!job.over(state)) {
    job.show?.(state);
    const remaining = Math.floor((end - world.now()) / 1000);
    if (remaining < 0) throw new TenureError('TIMED_OUT', `It still runs. ${job.later}`);
    const path = `${job.path}?wait=${Math.min(WAIT_S, remaining)}`;
    const answer = await Promise.race([ask<T>(shell, path), left]);
    if (answer === null) throw new TenureError('INTERRUPTED', `It goes on without you. ${job.later}`);
    if (answer instanceof TenureError) {
      if (!answer.retriable || ++failures >= MAX_FAILURES) throw answer;
      await world.sleep(FAILURE_PAUSE_MS);
      continue;
    }
    failures = 0;
    state = answer;
    if (!job.over(state)) await world.sleep(PAUSE_MS);
  }
  return state;
};

const ask = async <T extends object>(shell: Shell, path: string): Promise<T | TenureError> => {
  try {
    return (await shell.get('ops', path)).body as unknown as T;
  } catch (error) {
    if (error instanceof TenureError) return error; // whether it passes is decided where it is counted
    throw error;
  }
};

// From start to stop or failure, once.
import { toPlainError } from '@tenure/core';
import type { Pause } from '../pause.ts';
import type { Trouble } from './retrying.ts';

const STOP_MS = 1_500; // a stop must end within 2 s, also when the log hangs

export type Life = {
  readonly ended: Promise<void>;
  /** Aborted when nothing new may begin; `halted` when what has begun must end too. */
  readonly stopping: AbortSignal;
  readonly halted: AbortSignal;
  state(): 'running' | 'stopped' | 'failed';
  /** What ended it. */
  trouble(): Trouble | null;
  fail(this: void, error: unknown): void;
  /** Ends it; `finish` gets 1.5 s. */
  stop(finish: () => Promise<void>): Promise<void>;
};

export const relayLife = (pause: Pause): Life => {
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => {}); // told by `stats` too: whoever does not look must not kill the process
  const stopping = new AbortController();
  const halted = new AbortController();
  let state: ReturnType<Life['state']> = 'running';
  let trouble: Trouble | null = null;
  const fail = (error: unknown): void => {
    if (state !== 'running') return;
    state = 'failed';
    const { code, detail } = toPlainError(error);
    trouble = { code, detail, attempts: 1 };
    stopping.abort();
    halted.abort();
    ended.reject(error);
  };
  return {
    ended: ended.promise,
    stopping: stopping.signal,
    halted: halted.signal,
    state: () => state,
    trouble: () => trouble,
    fail,
    async stop(finish) {
      if (state !== 'running') return;
      stopping.abort();
      await Promise.race([finish().catch(fail), pause(STOP_MS, halted.signal)]);
      halted.abort();
      if (state !== 'running') return;
      state = 'stopped';
      ended.resolve();
    },
  };
};

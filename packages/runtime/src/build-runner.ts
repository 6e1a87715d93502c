// Rebuilds in a temporary thread of their own, with a cap on its memory: the live loops keep their core.
import { MessageChannel } from 'node:worker_threads';
import { remoteCalls, TenureError } from '@tenure/core';
import { serveKeyStore, type KeyStore } from '@tenure/keys';
import type { Build, BuildJob, BuildProgress, BuildResult } from '@tenure/projections';
import type { PolicyHashes } from '@tenure/service-kit';
import type { BuildThreadData } from './build-thread.ts';
import type { Fault } from './faults.ts';
import { startThread, type Thread } from './thread.ts';

/** What the parent asks of a build thread, and hears of it. */
export type BuildCalls = { run(job: BuildJob): Promise<BuildResult> };
export const BUILD_CHANNEL = 'build';

/** A partition's documents take a quarter of a gigabyte at most; beyond twice that something is wrong. */
const LIMITS = { maxOldGenerationSizeMb: 640 };

/** A build ends between two reads, which take milliseconds; one that does not is ended where it stands. */
const STOP_MS = 1_000;

export type BuildRunnerParts = {
  readonly platformModule: string;
  readonly folders: { readonly log: string; readonly models: string };
  readonly overlay: string | undefined;
  readonly seen: PolicyHashes;
  readonly pepper: string;
  readonly faults: readonly Fault[];
  readonly keys: KeyStore;
};

/**
 * Runs every build in a thread of its own, which ends when the build's signal aborts. A thread that dies fails the build
 * (BUILD_CRASHED), not the process.
 */
export const buildInThread =
  (parts: BuildRunnerParts): Build =>
  async (job, onProgress, stop) => {
    stop.throwIfAborted();
    const { keys, ...rest } = parts;
    const { port1: ours, port2: theirs } = new MessageChannel();
    serveKeyStore(ours, keys);
    const { promise: ended, reject: end } = Promise.withResolvers<never>();
    ended.catch(() => undefined); // a build that ends before its thread dies has its own answer
    const data: BuildThreadData = { ...rest, projection: job.projection, port: theirs };
    try {
      const thread = await startThread(
        new URL('./build-thread.ts', import.meta.url),
        data,
        (error) => end(crashed(job, error)),
        { transfer: [theirs], limits: LIMITS },
      );
      ours.on('message', (message: unknown) => {
        if (isProgress(message)) onProgress(message.progress);
      });
      const onStop = (): void => end(stop.reason);
      stop.addEventListener('abort', onStop);
      try {
        if (stop.aborted) onStop();
        return await Promise.race([remoteCalls<BuildCalls>(ours, BUILD_CHANNEL).run(job), ended]);
      } finally {
        stop.removeEventListener('abort', onStop);
        await stopThread(thread);
      }
    } finally {
      ours.close();
    }
  };

const stopThread = async (thread: Thread): Promise<void> => {
  const timer = setTimeout(() => void thread.worker.terminate(), STOP_MS);
  try {
    await thread.stop();
  } finally {
    clearTimeout(timer);
  }
};

const crashed = ({ projection, generation }: BuildJob, error: unknown): TenureError => {
  const why =
    error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? `it needed more than ${LIMITS.maxOldGenerationSizeMb} MB of memory. One customer or one slice grows without bound`
      : `its thread died of ${error instanceof Error ? error.name : 'an unknown error'}. See the log of the process`;
  return new TenureError(
    'BUILD_CRASHED',
    `The build of ${projection} ended before it was done: ${why}; mend the definition and replay it.`,
    { projection, generation },
    { cause: error },
  );
};

export type ProgressMessage = { readonly progress: BuildProgress };

const isProgress = (message: unknown): message is ProgressMessage =>
  typeof message === 'object' && message !== null && 'progress' in message;

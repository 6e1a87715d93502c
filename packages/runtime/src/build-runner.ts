// Rebuilds in a temporary thread of their own, with a cap on its memory: the live loops keep their core.
import { MessageChannel } from 'node:worker_threads';
import { remoteCalls } from '@tenure/core';
import { serveKeyStore, type KeyStore } from '@tenure/keys';
import type { Build, BuildJob, BuildProgress, BuildResult } from '@tenure/projections';
import type { PolicyHashes } from '@tenure/service-kit';
import type { BuildThreadData } from './build-thread.ts';
import type { Fault } from './faults.ts';
import { startThread } from './thread.ts';

/** What the parent asks of a build thread, and hears of it. */
export type BuildCalls = { run(job: BuildJob): Promise<BuildResult> };
export const BUILD_CHANNEL = 'build';

/** A partition's documents take a quarter of a gigabyte at most; beyond twice that something is wrong. */
const LIMITS = { maxOldGenerationSizeMb: 640 };

/** Runs every build in a thread of its own; a thread that dies fails the build, not the process. */
export const buildInThread =
  (parts: {
    readonly platformModule: string;
    readonly folders: { readonly log: string; readonly models: string };
    readonly overlay: string | undefined;
    readonly seen: PolicyHashes;
    readonly pepper: string;
    readonly faults: readonly Fault[];
    readonly keys: KeyStore;
  }): Build =>
  async (job, onProgress) => {
    const { keys, ...rest } = parts;
    const { port1: ours, port2: theirs } = new MessageChannel();
    serveKeyStore(ours, keys);
    const { promise: died, reject: fail } = Promise.withResolvers<never>();
    died.catch(() => undefined); // a build that ends before its thread dies has its own answer
    const data: BuildThreadData = { ...rest, projection: job.projection, port: theirs };
    const thread = await startThread(new URL('./build-thread.ts', import.meta.url), data, fail, {
      transfer: [theirs],
      limits: LIMITS,
    });
    ours.on('message', (message: unknown) => {
      if (isProgress(message)) onProgress(message.progress);
    });
    try {
      return await Promise.race([remoteCalls<BuildCalls>(ours, BUILD_CHANNEL).run(job), died]);
    } finally {
      await thread.stop();
      ours.close();
    }
  };

export type ProgressMessage = { readonly progress: BuildProgress };

const isProgress = (message: unknown): message is ProgressMessage =>
  typeof message === 'object' && message !== null && 'progress' in message;

// Worker threads of a process: start one, wait until it is up, stop it in order, hear of its death.
import { once } from 'node:events';
import { parentPort, Worker, workerData, type MessagePort, type ResourceLimits } from 'node:worker_threads';
import type { Fault } from './faults.ts';
import { fromPlainError, remoteCalls, serveCalls, toPlainError, type PlainError } from '@tenure/core';

/** What a thread offers its parent, beside whatever it serves on the same port. */
export type Threaded = {
  /** Serves what the thread has on a port to a third thread. */
  attach?(port: MessagePort): Promise<void>;
  /** Ends its work in order and closes what it holds. */
  stop(): Promise<void>;
};

export type Thread = {
  readonly worker: Worker;
  readonly stop: () => Promise<void>;
};

/** Whatever the thread needs, and the faults it is to run with. */
export type ThreadData = { readonly faults: readonly Fault[] } & Readonly<Record<string, unknown>>;

type Started = { readonly started: true } | { readonly failed: PlainError };

const CHANNEL = 'thread';

/** Starts a worker and waits until it says that it is up. `died` is told when it ends without having been stopped. */
export const startThread = async (
  entry: URL,
  data: ThreadData,
  died: (error: unknown) => void,
  options: { readonly transfer?: readonly MessagePort[]; readonly limits?: ResourceLimits } = {},
): Promise<Thread> => {
  const worker = new Worker(new URL('./thread-entry.ts', import.meta.url), {
    workerData: { ...data, entry: entry.href },
    transferList: [...(options.transfer ?? [])],
    ...(options.limits && { resourceLimits: options.limits }),
  });
  const name = entry.pathname.split('/').at(-1) ?? '';
  let phase: 'starting' | 'up' | 'stopping' = 'starting';
  const { promise: gone, reject: end } = Promise.withResolvers<never>();
  gone.catch(() => undefined); // who waits for the thread hears it; `died` is told otherwise
  const hasDied = (error: unknown): void => {
    end(error);
    if (phase === 'up') died(error);
    phase = 'stopping'; // an error is followed by the exit: told once
  };
  worker.on('error', hasDied);
  worker.on('exit', () => hasDied(new Error(`The thread ${name} has ended by itself.`)));
  const [message] = (await Promise.race([once(worker, 'message'), gone])) as [Started];
  if ('failed' in message) {
    phase = 'stopping';
    await worker.terminate();
    throw fromPlainError(message.failed);
  }
  phase = 'up';
  const control = remoteCalls<Threaded>(worker, CHANNEL);
  return {
    worker,
    async stop() {
      phase = 'stopping';
      try {
        await Promise.race([control.stop(), gone.catch(() => undefined)]); // a dead thread answers nothing
      } finally {
        await worker.terminate();
      }
    },
  };
};

/** The other side: runs `start` with the data given, and answers the parent when it is up. */
export const runThread = async <D>(
  start: (data: D, parent: MessagePort) => Promise<Threaded>,
): Promise<void> => {
  const parent = parentPort;
  if (parent === null) throw new TypeError('this module runs in a worker thread');
  try {
    const threaded = await start(workerData as D, parent);
    serveCalls(parent, CHANNEL, threaded);
    parent.postMessage({ started: true } satisfies Started);
  } catch (error) {
    parent.postMessage({ failed: toPlainError(error) } satisfies Started);
  }
};

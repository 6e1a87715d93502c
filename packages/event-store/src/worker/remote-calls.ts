// What this side waits for, and the appends and reads that leave together at the end of a turn.
import type { TenureError } from '@tenure/core';
import { unavailable } from '../append.ts';
import { flatAppends, sizeOf, type Post, type Read, type SentAppend } from './protocol.ts';

/** Beyond what the store itself lets wait: who does not look at the answers is stopped here. */
const MAX_PENDING = 32_768;
/** Holds the appends of an ordinary turn; a larger turn gets a buffer of its own. */
const BUFFER_BYTES = 64 << 10;
/** Two travel, two are being filled or read; more would only be kept. */
const MAX_SPARE_BUFFERS = 4;

type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

export interface PendingCalls {
  /** Sends a call under a new number and waits for its answer. */
  add(send: (call: number) => void): Promise<unknown>;
  resolve(call: number, value: unknown): void;
  reject(call: number, error: unknown): void;
  /** Rejects everything that waits and everything that comes. */
  end(error: TenureError): void;
  /** Throws what ended it. */
  assertOpen(): void;
  /** Resolves when nothing waits. */
  settled(): Promise<void>;
}

export const pendingCalls = (): PendingCalls => {
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let ended: TenureError | undefined;
  let idle: (() => void) | undefined;

  const taken = (call: number): Waiting | undefined => {
    const caller = waiting.get(call);
    waiting.delete(call);
    if (waiting.size === 0) idle?.();
    return caller;
  };
  const assertOpen = (): void => {
    if (ended !== undefined) throw ended;
  };

  return {
    assertOpen,
    add: (send) =>
      new Promise((resolve, reject) => {
        assertOpen();
        if (waiting.size >= MAX_PENDING)
          throw unavailable('Too many calls wait for the event store. Try again in a moment.');
        const call = next++;
        send(call);
        waiting.set(call, { resolve, reject });
      }),
    resolve: (call, value) => taken(call)?.resolve(value),
    reject: (call, error) => taken(call)?.reject(error),
    end(error) {
      ended ??= error;
      for (const call of waiting.keys()) taken(call)?.reject(error);
    },
    settled: () => new Promise((resolve) => (waiting.size === 0 ? resolve() : (idle = resolve))),
  };
};

export interface Outgoing {
  add(append: SentAppend): void;
  /** Buffers that came back: filling one again costs far less than a new one. */
  reuse(buffers: readonly ArrayBuffer[]): void;
}

export const outgoing = (post: Post, store: string): Outgoing => {
  let appends: SentAppend[] = [];
  const spare: ArrayBuffer[] = [];

  const flush = (): void => {
    const group = appends;
    appends = [];
    const size = sizeOf(group);
    const bytes = (size <= BUFFER_BYTES && spare.pop()) || new ArrayBuffer(Math.max(size, BUFFER_BYTES));
    post({ store, appends: flatAppends(group, bytes), bytes }, [bytes]);
  };

  return {
    add(append) {
      if (appends.push(append) === 1) setImmediate(flush);
    },
    reuse(buffers) {
      for (const buffer of buffers)
        if (buffer.byteLength === BUFFER_BYTES && spare.length < MAX_SPARE_BUFFERS) spare.push(buffer);
    },
  };
};

/** Sends the reads of a turn in one message: a message wakes a thread, and an import reads for every command. */
export const outgoingReads = (post: Post, store: string): ((call: number, read: Read) => void) => {
  let asks: (readonly [number, Read])[] = [];
  const flush = (): void => {
    const group = asks;
    asks = [];
    post({ store, asks: group });
  };
  return (call, read) => {
    if (asks.push([call, read]) === 1) setImmediate(flush);
  };
};

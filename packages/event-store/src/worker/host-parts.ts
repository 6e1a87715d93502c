// What the host keeps for one store on one port: appends under way, and followers.
import { toPlainError, type PlainError } from '@tenure/core';
import type { EventStore } from '../event-store.ts';
import { FOLLOW_CREDITS, appendsOf, packed, type Plain, type Send, type SentAppend } from './protocol.ts';

/** What settles in one turn (a commit) is answered by one message, which also gives the buffers back. */
export const hostAppends = (send: Send, source: string, store: EventStore) => {
  let appended: number[] = [];
  let failed: (readonly [number, PlainError])[] = [];
  let spare: ArrayBuffer[] = [];

  const flush = (): void => {
    send({ store: source, appended, failed, spare }, spare);
    appended = [];
    failed = [];
    spare = [];
  };
  const settled = (): void => {
    if (appended.length + failed.length === 0) queueMicrotask(flush); // runs after all that settles now
  };

  const one = async ({ call, stream, expected, events }: SentAppend): Promise<void> => {
    try {
      const { revision, position, repeated = false } = await store.append(stream, expected, events);
      settled();
      appended.push(call, revision, position, Number(repeated));
    } catch (error) {
      settled();
      failed.push([call, toPlainError(error)]);
    }
  };

  return (flat: readonly Plain[], bytes: ArrayBuffer): void => {
    const group = appendsOf(flat, bytes);
    let open = group.length;
    const close = (): void => {
      if (--open === 0) spare.push(bytes); // no append reads it any more
    };
    for (const sent of group) void one(sent).then(close);
  };
};

/** One loop per follower; it takes the next batch from the store only when the other side has room for it. */
export const hostFollowers = (send: Send, source: string, store: EventStore) => {
  const running = new Map<number, { readonly stopping: AbortController; readonly room: Room }>();

  const run = async (follow: number, after: number, room: Room, signal: AbortSignal): Promise<void> => {
    try {
      await room.take();
      for await (const batch of store.follow(after, signal)) {
        const events = packed(batch);
        send({ store: source, batch: follow, events }, [events.bytes]);
        await room.take();
      }
    } catch (error) {
      send({ store: source, ended: follow, error: toPlainError(error) });
    } finally {
      running.delete(follow);
    }
  };
  const stop = (follow: number): void => {
    const found = running.get(follow);
    found?.stopping.abort();
    found?.room.add(); // a loop that waits for room must see the signal
  };

  return {
    start(follow: number, after: number): void {
      const entry = { stopping: new AbortController(), room: roomFor(FOLLOW_CREDITS) };
      running.set(follow, entry);
      void run(follow, after, entry.room, entry.stopping.signal);
    },
    more: (follow: number): void => running.get(follow)?.room.add(),
    stop,
    stopAll: (): void => {
      for (const follow of running.keys()) stop(follow);
    },
  };
};

type Room = { readonly add: () => void; readonly take: () => Promise<void> };

const roomFor = (batches: number): Room => {
  let left = batches;
  let granted: (() => void) | undefined;
  return {
    add() {
      if (granted === undefined) left++;
      else granted();
      granted = undefined;
    },
    async take() {
      if (left > 0) left--;
      else await new Promise<void>((resolve) => (granted = resolve));
    },
  };
};

// Following across the port: batches arrive in an inbox that is never fuller than the credits allow.
import type { TenureError } from '@tenure/core';
import type { StoredEvent } from '../event-store.ts';
import type { Post } from './protocol.ts';

export interface Inbox {
  add(batch: readonly StoredEvent[]): void;
  /** No more comes: what is there is still handed over, then the follower throws this. */
  end(error: TenureError): void;
}

export type Inboxes = Map<number, Inbox>;

let lastFollow = 0; // a number is never used twice on any port of this thread

export async function* remoteFollow(
  post: Post,
  store: string,
  inboxes: Inboxes,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEvent[]> {
  const follow = ++lastFollow;
  const batches: (readonly StoredEvent[])[] = [];
  let ended: TenureError | undefined;
  let wakeUp: (() => void) | undefined;
  const aborted = (): void => wakeUp?.();
  inboxes.set(follow, {
    add(batch) {
      batches.push(batch);
      wakeUp?.();
    },
    end(error) {
      ended = error;
      wakeUp?.();
    },
  });
  signal.addEventListener('abort', aborted);
  post({ store, follow, after });
  try {
    while (!signal.aborted) {
      const batch = batches.shift();
      if (batch !== undefined) {
        yield batch;
        post({ store, more: follow });
      } else if (ended !== undefined) throw ended;
      else await new Promise<void>((resolve) => (wakeUp = resolve));
    }
  } finally {
    inboxes.delete(follow);
    signal.removeEventListener('abort', aborted);
    post({ store, unfollow: follow });
  }
}

// Followers of the store: those that keep up are served from memory, the others from the file.
import type { StoredEvent } from '../event-store.ts';
import { followers } from '../following.ts';
import type { Rows } from './rows.ts';
import { tailOf } from './tail.ts';

/** A batch of `follow`: large enough to be worth a message, small enough to start on soon. */
const BATCH = { events: 1_024, bytes: 1 << 20 };

export type Live = {
  readonly follow: (after: number, signal: AbortSignal) => AsyncIterable<readonly StoredEvent[]>;
  /** Hands over what a commit has written; copies the bodies, which belong to the callers. */
  readonly publish: (events: readonly StoredEvent[]) => void;
  /** The store has ended: `assertOpen` throws now. */
  readonly end: () => void;
};

export const live = (rows: Rows, head: () => number, assertOpen: () => void): Live => {
  const tail = tailOf();
  const audience = followers();
  const readNext = (after: number): readonly StoredEvent[] => {
    assertOpen();
    return tail.after(after, BATCH.events) ?? rows.after(after, head(), BATCH);
  };
  return {
    follow: (after, signal) => audience.follow(readNext, after, signal),
    publish(events) {
      if (events.length === 0) return;
      if (audience.count() === 0) return tail.clear(); // nobody is there to keep up with it
      tail.add(withOwnBodies(events));
      audience.wake();
    },
    end: () => audience.wake(),
  };
};

const withOwnBodies = (events: readonly StoredEvent[]): readonly StoredEvent[] => {
  const bytes = Buffer.concat(events.map(({ body }) => body));
  let start = 0;
  return events.map((event) => ({ ...event, body: bytes.subarray(start, (start += event.body.length)) }));
};

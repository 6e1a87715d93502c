// What the cases work on: a fresh store per case, events with recognisable bodies, small readers.
import { afterEach, beforeEach, expect } from 'vitest';
import type { EventStore, Expected, StoredEvent } from '../event-store.ts';

export { event, nameOf, namesOf } from './events.ts';

/** `reopen` ends the store as abruptly as the adapter can and opens it again on the same data. */
export type StoreUnderTest = {
  readonly store: EventStore;
  readonly reopen?: () => Promise<EventStore>;
  readonly destroy: () => Promise<void>;
};

export type OpenStore = () => Promise<StoreUnderTest>;

/** The store of the running case. */
export type Subject = () => StoreUnderTest;

export const subject = (open: OpenStore): Subject => {
  let current: StoreUnderTest | undefined;
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.destroy();
    current = undefined;
  });
  return () => {
    if (current === undefined) throw new Error('the store is there only while a case runs');
    return current;
  };
};

export const streamOf = async (store: EventStore, stream: string, from?: number): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const stored of store.readStream(stream, from)) events.push(stored);
  return events;
};

export const everything = async (store: EventStore, limit = 1_000): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (;;) {
    const batch = await store.readAll(events.at(-1)?.position ?? 0, limit);
    if (batch.length === 0) return events;
    events.push(...batch);
  }
};

/** Follows until `count` events have come, then aborts; answers the batches. */
export const followed = async (
  store: EventStore,
  count: number,
  after = 0,
): Promise<(readonly StoredEvent[])[]> => {
  const stop = new AbortController();
  const batches: (readonly StoredEvent[])[] = [];
  let seen = 0;
  for await (const batch of store.follow(after, stop.signal)) {
    batches.push(batch);
    if ((seen += batch.length) >= count) stop.abort();
  }
  return batches;
};

/** What a conflict looks like to `toMatchObject`. */
export const conflict = (stream: string, expected: Expected, actual: number) => ({
  code: 'WRONG_EXPECTED_REVISION',
  retriable: false,
  data: { stream, expected, actual },
});

/** Every stream counts 0,1,2,… and positions grow: what must hold whatever happened. */
export const expectInOrder = (events: readonly StoredEvent[]): void => {
  const next = new Map<string, number>();
  let position = 0;
  for (const stored of events) {
    expect(Number.isSafeInteger(stored.position)).toBe(true);
    expect(stored.position).toBeGreaterThan(position);
    expect(stored.revision).toBe(next.get(stored.stream) ?? 0);
    next.set(stored.stream, stored.revision + 1);
    ({ position } = stored);
  }
};

// An event store that is an array: what the relay follows in these tests.
import { EventEmitter, once } from 'node:events';
import type { EventStore, StoredEvent } from '@tenure/event-store';

export type ArrayStore = Pick<EventStore, 'follow' | 'head'> & {
  readonly events: readonly StoredEvent[];
  /** Appends this many events. */
  add(count: number): void;
  /** The next `follow` batches fail with this error, once each. */
  fail(error: Error): void;
};

/** Event number i (from 0) of every store made here: its bytes tell which one it is, positions have gaps. */
export const eventAt = (i: number, keys: number): StoredEvent => ({
  position: 2 * i + 1 + (i % 2),
  stream: `order-${i % (keys * 2)}`,
  revision: i,
  key: `customer-${(i * 7) % keys}`,
  body: Buffer.from(`event ${i} `.repeat(1 + (i % 5))),
});

/** `batch`: events per batch of `follow`. */
export const arrayStore = (count: number, { batch = 3, keys = 20 } = {}): ArrayStore => {
  const events: StoredEvent[] = [];
  const failures: Error[] = [];
  const changed = new EventEmitter();
  changed.setMaxListeners(0);
  const add = (more: number): void => {
    for (let i = 0; i < more; i++) events.push(eventAt(events.length, keys));
    changed.emit('more');
  };
  add(count);
  const follow = async function* (
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredEvent[]> {
    for (let next = events.findIndex(({ position }) => position > after); !signal.aborted;) {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      if (next < 0) next = events.length;
      if (next >= events.length) {
        await Promise.race([once(changed, 'more'), once(signal, 'abort')]);
        continue;
      }
      const found = events.slice(next, next + batch);
      next += found.length;
      yield found;
    }
  };
  return {
    events,
    add,
    fail(error) {
      failures.push(error);
      changed.emit('more');
    },
    follow,
    head: async () => ({ position: events.at(-1)?.position ?? 0, events: events.length }),
  };
};

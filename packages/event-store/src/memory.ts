// An EventStore in memory for unit tests and the simulation: no timers, no I/O, the same calls give the same order.
import type { EventStore, NewEvent, StoredEvent, Expected, Appended } from './event-store.ts';
import { checkAppend, eventIdOf, judge, unavailable, wrongExpectedRevision, type Stream } from './append.ts';
import { followers } from './following.ts';

/** What one batch of `follow` takes at most: small, so that tests see several. */
const MAX_BATCH_EVENTS = 256;

/** An empty store. Everything is lost with it. */
export const memoryEventStore = (): EventStore => {
  const all: StoredEvent[] = [];
  const streams = new Map<string, Kept>();
  const audience = followers();
  let open = true;

  const assertOpen = (): void => {
    if (!open) throw unavailable('The event store is closed.');
  };
  const after = (position: number, limit: number): readonly StoredEvent[] => {
    assertOpen();
    return all.slice(position, position + limit); // positions count 1,2,3,… here
  };

  return {
    async append(stream, expected, events) {
      assertOpen();
      checkAppend(stream, expected, events);
      const kept = streams.get(stream) ?? { events: [], loose: new Map() };
      const appended = appendTo(kept, all, stream, expected, events);
      streams.set(stream, kept);
      audience.wake();
      return appended;
    },
    async *readStream(stream, from = 0) {
      assertOpen();
      yield* (streams.get(stream)?.events ?? []).slice(from);
    },
    readAll: async (position, limit) => after(position, limit),
    follow: (position, signal) => audience.follow((last) => after(last, MAX_BATCH_EVENTS), position, signal),
    async head() {
      assertOpen();
      return { position: all.length, events: all.length };
    },
    async close() {
      open = false;
      audience.wake();
    },
  };
};

/** A stream, and where the ids stand that were appended under 'any' or 'exists'. */
type Kept = { readonly events: StoredEvent[]; readonly loose: Map<string, number> };

const appendTo = (
  kept: Kept,
  all: StoredEvent[],
  stream: string,
  expected: Expected,
  events: readonly NewEvent[],
): Appended => {
  const verdict = judge(expected, streamOf(kept), events);
  if (verdict === 'conflict') throw wrongExpectedRevision(stream, expected, kept.events.length - 1);
  if (verdict !== 'write')
    return {
      revision: verdict.repeats,
      position: kept.events[verdict.repeats]?.position ?? 0,
      repeated: true,
    };
  for (const { key, body } of events) {
    const revision = kept.events.length;
    const event = { position: all.length + 1, stream, revision, key, body: Uint8Array.from(body) };
    if (expected === 'any' || expected === 'exists') kept.loose.set(hex(eventIdOf(body)), revision);
    kept.events.push(event);
    all.push(event);
  }
  return { revision: kept.events.length - 1, position: all.length };
};

const streamOf = ({ events, loose }: Kept): Stream => ({
  revision: events.length - 1,
  idAt: (revision) => {
    const event = events[revision];
    return event && eventIdOf(event.body);
  },
  revisionOf: (id) => loose.get(hex(id)),
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

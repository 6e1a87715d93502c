// Streams in memory: state, revision and remembered commands, cached by revision. Whatever is cached is true as of its
// revision; other writers may have added to it, so an append is guarded by that revision and a refusal looks again.
import { NOTHING, TenureError, evolve, type EventOf, type EventMap, type State } from '@tenure/core';
import type { Codec, SealedBlock, StoredBody } from '@tenure/events';
import type { EventStore } from '@tenure/event-store';
import type { AggregateSpec } from '../definition.ts';
import { createRecent } from './recent.ts';
import { createMemory, type Memory } from './remembered.ts';

/** About 25–50 MB of states: one unit is one remembered command or sealed block, a stream itself counts four. */
export const MAX_CACHED_UNITS = 50_000;
const UNITS_PER_STREAM = 4;

/** Which stream, and how to read it. */
export type StreamAddress = {
  readonly spec: AggregateSpec;
  readonly source: string;
  readonly stream: string;
};

/** A stream as of `revision` (−1: it does not exist). */
export type LoadedStream = {
  readonly address: StreamAddress;
  readonly revision: number;
  readonly state: State;
  /** The key of its events: the customer, or its own id for facts about nobody. Null before the first event. */
  readonly key: string | null;
  readonly commands: Memory;
  readonly sealed: ReadonlyMap<string, SealedBlock>;
};

/** What the cache holds of a stream: it moves on, while a `LoadedStream` stays as it was when it was handed out. */
type Entry = {
  readonly address: StreamAddress;
  revision: number;
  state: State;
  key: string | null;
  readonly commands: Memory;
  readonly sealed: Map<string, SealedBlock>;
  /** Own events that nobody has asked the state of yet. */
  unread: readonly StoredBody[];
};

const entries = new WeakMap<LoadedStream, Entry>();

const snapshot = (entry: Entry): LoadedStream => {
  const { address, revision, state, key, commands, sealed } = entry;
  const loaded = { address, revision, state, key, commands, sealed };
  entries.set(loaded, entry);
  return loaded;
};

const entryOf = (stream: LoadedStream): Entry => {
  const entry = entries.get(stream);
  if (entry === undefined) throw new TypeError('only what `load` and `catchUp` gave can be read on');
  return entry;
};

export interface Streams {
  /** Reads before it is asked for; null: it is cached. */
  expect(address: StreamAddress): Expected | null;
  /** `current`: it was read from the store just now; otherwise it came from the cache and may be behind other writers. */
  load(
    address: StreamAddress,
    expected?: Expected | null,
  ): Promise<{ readonly stream: LoadedStream; readonly current: boolean }>;
  /** Reads what the store has beyond it. True when there was something, or when it had to be read anew. */
  catchUp(stream: LoadedStream): Promise<{ readonly stream: LoadedStream; readonly changed: boolean }>;
  /** Takes over what this process has appended. */
  wrote(stream: LoadedStream, command: Written): void;
  /** Forgets it: the outcome of an append is not known. */
  forget(stream: LoadedStream): void;
}

/** Events that were appended after `stream.revision`. */
export type Written = {
  readonly commandId: string;
  readonly bodyHash: string | undefined;
  readonly bodies: readonly StoredBody[];
};

/** A stream on its way. It holds as long as nothing was forgotten since. */
export type Expected = { readonly epoch: number; readonly reading: Promise<LoadedStream> };

type Deps = { readonly stores: (source: string) => EventStore; readonly codec: Codec };

export const createStreams = (deps: Deps, maxUnits = MAX_CACHED_UNITS): Streams => {
  const cache = createRecent<Entry>(
    maxUnits,
    ({ commands, sealed, unread }) => UNITS_PER_STREAM + commands.size + sealed.size + unread.length,
  );
  let epoch = 0; // grows when the outcome of an append is unknown: what was read before may be too old
  const keep = (entry: Entry): void => cache.set(idOf(entry.address), entry);
  const readOn = async (entry: Entry): Promise<void> => {
    const { stream, source } = entry.address;
    settle(deps.codec, entry);
    for await (const stored of deps.stores(source).readStream(stream, entry.revision + 1))
      take(deps.codec, entry, stored);
    if (entry.revision >= 0) keep(entry);
  };
  return {
    forget(stream) {
      epoch++;
      cache.delete(idOf(stream.address));
    },
    expect(address) {
      if (cache.get(idOf(address)) !== undefined) return null;
      const entry = newEntry(address);
      const reading = readOn(entry).then(() => snapshot(entry));
      reading.catch(() => {}); // told by `load`, if anybody still wants it
      return { epoch, reading };
    },
    async load(address, expected = null) {
      const cached = cache.get(idOf(address));
      if (cached !== undefined) {
        settle(deps.codec, cached);
        return { stream: snapshot(cached), current: false };
      }
      if (expected?.epoch === epoch) return { stream: await expected.reading, current: false }; // as old as a cached one may be
      const entry = newEntry(address);
      await readOn(entry);
      return { stream: snapshot(entry), current: true };
    },
    async catchUp(stream) {
      const entry = entryOf(stream);
      await readOn(entry);
      return { stream: snapshot(entry), changed: entry.revision > stream.revision };
    },
    wrote(stream, written) {
      const entry = entryOf(stream);
      takeOver(entry, written);
      keep(entry);
    },
  };
};

const idOf = ({ source, stream }: StreamAddress): string => `${source}/${stream}`;

const newEntry = (address: StreamAddress): Entry => ({
  address,
  revision: -1,
  state: address.spec.model.initial,
  key: null,
  commands: createMemory(),
  sealed: new Map(),
  unread: [],
});

/** Own events are decoded when somebody asks for the state: most imported orders are never looked at again. */
const takeOver = (entry: Entry, { commandId, bodyHash, bodies }: Written): void => {
  const fresh = bodies.filter((body) => body.revision > entry.revision); // a reader may have met them in the store
  const last = fresh.at(-1);
  if (last === undefined) return;
  const from = last.revision - fresh.length + 1;
  entry.commands.add({ commandId, bodyHash, from, revision: last.revision, position: last.position });
  entry.key ??= fresh[0]?.key ?? null;
  entry.unread = [...entry.unread, ...fresh];
  entry.revision = last.revision;
};

const settle = (codec: Codec, entry: Entry): void => {
  const { unread } = entry;
  if (unread.length === 0) return;
  entry.unread = [];
  for (const stored of unread) fold(codec, entry, stored);
};

const take = (codec: Codec, entry: Entry, stored: StoredBody): void => {
  if (stored.revision <= entry.revision) return;
  if (stored.revision !== entry.revision + 1)
    throw new TenureError('STREAM_BROKEN', 'A stream has a hole in its revisions. Check the event store.', {
      stream: stored.stream,
      revision: stored.revision,
      expected: entry.revision + 1,
    });
  settle(codec, entry);
  const { meta } = fold(codec, entry, stored);
  const { revision, position } = stored;
  entry.commands.add({
    commandId: meta.commandId,
    bodyHash: meta.bodyHash,
    from: revision,
    revision,
    position,
  });
  entry.key ??= stored.key;
  entry.revision = revision;
};

const fold = (codec: Codec, entry: Entry, stored: StoredBody) => {
  const event = codec.decode(entry.address.source, stored);
  entry.state = evolve(entry.address.spec.model, entry.state, [event as EventOf<EventMap>]);
  if (event.sealed !== null) entry.sealed.set(event.id, event.sealed);
  return event;
};

/** Does the stream exist, and is the aggregate more than nothing? */
export const exists = (stream: LoadedStream): boolean => stream.revision >= 0;

export const currentOf = (stream: LoadedStream, id: string) => ({
  id,
  status: exists(stream) ? stream.state.status : NOTHING,
  revision: stream.revision,
});

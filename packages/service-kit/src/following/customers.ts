// Customers as far as their events have been followed: folded from the log when they are first met, event by event after.
import type { EventLog, LogRecord } from '@tenure/event-log';
import type { Codec, DecodedEvent } from '@tenure/events';
import type { Merges, ProjectionDefinition } from '@tenure/projections';

export type Entry = {
  readonly id: string;
  readonly slices: Record<string, unknown>;
  /** Last position folded by source and key. */
  readonly folded: Map<string, number>;
  events: number;
  /** What was said last, and as of which day; null: not known. */
  face: string | null;
  saidOn: string | null;
  /** Until which closing (ms) that stays the same; null: for good. */
  until: number | null;
  /** An earlier run has said things about him up to here, and that is still to come: until then there is nothing to say. */
  awaited: Awaited | null;
};

/** The event after which something was said, or the end (ms) of the day as of which. */
export type Awaited = { readonly event: string } | { readonly dayEnd: number };

export type CustomersDeps = {
  readonly log: Pick<EventLog, 'readKey'>;
  readonly codec: Pick<Codec, 'peek' | 'decode' | 'aboutCustomer'>;
  readonly definition: ProjectionDefinition;
  /** Sources that are folded. */
  readonly sources: readonly string[];
  /** Sources that the service itself writes. */
  readonly own: readonly string[];
  /** End (ms) of the last closed day that was followed for a customer; 0: none. */
  readonly dayEnd: (id: string) => number;
  /** How far a source was followed for a key. */
  readonly followed: (source: string, key: string) => number;
};

/** A few kilobytes each; beyond it whoever was met longest ago is folded anew. */
const MAX_CUSTOMERS = 4_000;
/** Chains of merges are short; a longer one is a loop. */
const MAX_MERGED = 1_000;

export interface Customers {
  load(id: string): Promise<Entry>;
  /** Folds one event in, unless it was folded before. Throws what a slice throws: drop the customer then. */
  fold(entry: Entry, event: DecodedEvent): void;
  drop(id: string): void;
  /** Those at hand about whom the closing of a day that ends then may have something new to say. */
  due(end: number): readonly string[];
  handles(source: string, type: string): boolean;
}

export const createCustomers = (deps: CustomersDeps): Customers => {
  const entries = new Map<string, Entry>();
  return {
    fold: (entry, event) => fold(deps, entry, event),
    handles: (source, type) => handles(deps, source, type),
    drop: (id) => void entries.delete(id),
    due: (end) =>
      [...entries.values()].filter(({ until }) => until !== null && until <= end).map(({ id }) => id),
    async load(id) {
      const entry = entries.get(id) ?? (await build(deps, id));
      entries.delete(id); // met again: the youngest
      entries.set(id, entry);
      const oldest = entries.keys().next();
      if (entries.size > MAX_CUSTOMERS && oldest.done !== true) entries.delete(oldest.value);
      return entry;
    },
  };
};

const handles = ({ sources, definition, codec }: CustomersDeps, source: string, type: string): boolean =>
  sources.includes(source) &&
  Object.hasOwn(definition.slices[source]?.on ?? {}, type) &&
  codec.aboutCustomer(type);

const fold = ({ definition }: CustomersDeps, entry: Entry, event: DecodedEvent): void => {
  const { source, position, key } = event;
  const place = `${source}/${key}`;
  const handler = definition.slices[source]?.on[event.type];
  if (handler === undefined || position <= (entry.folded.get(place) ?? 0)) return;
  entry.slices[source] = handler(entry.slices[source], event, entry.id);
  entry.folded.set(place, position);
  entry.events += 1;
};

/** The events of these customers as far as they were followed, in position order. */
const read = async (
  deps: CustomersDeps,
  source: string,
  keys: ReadonlySet<string>,
): Promise<readonly DecodedEvent[]> => {
  const { log, codec, followed, definition } = deps;
  const records: LogRecord[] = [];
  for (const key of keys) {
    const upTo = followed(source, key);
    if (upTo > 0) records.push(...(await log.readKey(source, key, upTo)));
  }
  return records
    .filter(({ body }) => {
      const { type } = codec.peek(body);
      return handles(deps, source, type) || isMerge(definition.merges, source, type);
    })
    .toSorted((a, b) => a.position - b.position)
    .map((record) => codec.decode(source, record));
};

const build = async (deps: CustomersDeps, id: string): Promise<Entry> => {
  const { definition, sources } = deps;
  const keys = await keysOf(deps, id);
  const slices = Object.fromEntries(sources.map((source) => [source, definition.slices[source]?.init()]));
  const entry: Entry = {
    id,
    slices,
    folded: new Map(),
    events: 0,
    face: null,
    saidOn: null,
    until: null,
    awaited: null,
  };
  const met = new Set<string>();
  for (const source of sources)
    for (const event of await read(deps, source, keys)) {
      fold(deps, entry, event);
      met.add(event.id);
    }
  const last = await lastSaid(deps, id);
  const isMet = last === null || ('event' in last ? met.has(last.event) : last.dayEnd <= deps.dayEnd(id));
  entry.awaited = isMet ? null : last;
  return entry;
};

/** What the newest thing was said after. */
const lastSaid = async ({ log, codec, own }: CustomersDeps, id: string): Promise<Awaited | null> => {
  let last: DecodedEvent | null = null;
  for (const source of own) {
    const record = (await log.readKey(source, id)).at(-1);
    if (record === undefined) continue;
    const event = codec.decode(source, record);
    if (last === null || event.recordedAt > last.recordedAt) last = event;
  }
  if (last === null) return null;
  const { causationId } = last.meta;
  return causationId === undefined ? { dayEnd: last.occurredAt } : { event: causationId };
};

const isMerge = (merges: Merges | undefined, source: string, type: string): boolean =>
  merges?.source === source && Object.hasOwn(merges.on, type);

/** The customer and everybody merged into him, and into those. */
const keysOf = async (deps: CustomersDeps, id: string): Promise<ReadonlySet<string>> => {
  const { merges } = deps.definition;
  const keys = new Set([id]);
  if (merges === undefined) return keys;
  for (const key of keys) {
    const absorbed = new Set<string>();
    for (const event of await read(deps, merges.source, new Set([key]))) {
      const merge = merges.on[event.type]?.(event);
      if (merge === undefined) continue;
      if ('absorbs' in merge) for (const other of merge.absorbs) absorbed.add(other);
      else for (const other of merge.restores) absorbed.delete(other);
    }
    for (const other of absorbed) if (keys.size < MAX_MERGED) keys.add(other);
  }
  return keys;
};

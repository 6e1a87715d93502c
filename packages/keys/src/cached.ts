// A cache of keys in front of a key store that lives in this thread or in another one.
import { BroadcastChannel } from 'node:worker_threads';
import type { DataKey, KeyStore } from './key-store.ts';

/** A key of 32 bytes with its object is about 300 B: 50,000 of them are 15 MB and hold an import's working set. */
const MAX_CACHED_KEYS = 50_000;
/** Where the news of a destruction gets lost (another process), a key is used this much longer at most. */
const MAX_AGE_MS = 60_000;
/** Threads of one process tell each other on this channel whose keys were destroyed. */
const CHANNEL = 'tenure.keys.destroyed';

export type CacheOptions = {
  /** ms; only differences count. */
  readonly now: () => number;
  readonly max?: number;
  readonly maxAge?: number;
};

type Entry = { readonly key: DataKey; readonly since: number };

/**
 * `store` with a cache: the least recently used key goes first, none stays longer than a minute. A destruction through
 * any cached store of this process evicts in all of its threads. What is not there is asked for again each time.
 */
export const cachedKeyStore = (store: KeyStore, options: CacheOptions): KeyStore => {
  const cache = keyCache(options);
  const destructions = new BroadcastChannel(CHANNEL);
  destructions.unref(); // waiting for news keeps no process alive
  destructions.addEventListener('message', (message) => cache.evict(String(dataOf(message))));

  const through = async (
    ids: readonly string[],
    ask: (missing: readonly string[]) => Promise<ReadonlyMap<string, DataKey>>,
  ): Promise<ReadonlyMap<string, DataKey>> => {
    const found = new Map<string, DataKey>();
    const missing = new Set<string>();
    for (const id of ids) {
      const key = cache.get(id);
      if (key === undefined) missing.add(id);
      else found.set(id, key);
    }
    if (missing.size === 0) return found;
    const keep = cache.asking();
    try {
      for (const [id, key] of await ask([...missing])) {
        found.set(id, key);
        keep.put(id, key);
      }
    } finally {
      keep.done();
    }
    return found;
  };
  const evictEverywhere = (id: string): void => {
    cache.evict(id);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel between threads, not windows
    destructions.postMessage(id);
  };
  return {
    load: (ids) => through(ids, (missing) => store.load(missing)),
    ensure: (ids) => through(ids, (missing) => store.ensure(missing)),
    async destroy(id) {
      evictEverywhere(id); // also before: should the store fail half-way, no cache may outlive it
      const kids = await store.destroy(id);
      evictEverywhere(id);
      return kids;
    },
    rotate: (now) => store.rotate(now),
    status: () => store.status(),
    async close() {
      destructions.close();
      await store.close();
    },
  };
};

const dataOf = (message: object): unknown => ('data' in message ? message.data : undefined);

const keyCache = ({ now, max = MAX_CACHED_KEYS, maxAge = MAX_AGE_MS }: CacheOptions) => {
  const entries = new Map<string, Entry>(); // in order of use
  // An answer may be under way while its key is destroyed: what was evicted since it was asked for is not kept.
  const asked = new Set<{ readonly evicted: Set<string> }>();
  const put = (id: string, key: DataKey, since: number): void => {
    entries.delete(id);
    entries.set(id, { key, since });
    const [leastUsed] = entries.keys();
    if (entries.size > max && leastUsed !== undefined) entries.delete(leastUsed);
  };
  return {
    get(id: string): DataKey | undefined {
      const entry = entries.get(id);
      if (entry === undefined) return undefined;
      entries.delete(id);
      const age = now() - entry.since;
      if (age < 0 || age >= maxAge) return undefined;
      entries.set(id, entry);
      return entry.key;
    },
    evict(id: string): void {
      entries.delete(id);
      for (const { evicted } of asked) evicted.add(id);
    },
    asking() {
      const question = { evicted: new Set<string>() };
      asked.add(question);
      const since = now();
      return {
        put: (id: string, key: DataKey): void => {
          if (!question.evicted.has(id)) put(id, key, since);
        },
        done: (): void => void asked.delete(question),
      };
    },
  };
};

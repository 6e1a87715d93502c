import { describe, expect, it } from 'vitest';
import type { EventStore, StoredEvent } from '../event-store.ts';
import { event, expectInOrder, followed, namesOf, type Subject } from './subject.ts';

export const followCases = (subject: Subject): void => {
  describe('follow', () => {
    live(subject);
    endings(subject);
    crowds(subject);
  });
};

const live = (subject: Subject): void => {
  it('catches up from a position, then goes on live', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a'), event('b')]);
    const { position } = await store.append('order-1', 1, [event('c')]);
    await store.append('order-1', 2, [event('d')]);
    const following = followed(store, 3, position);
    await store.append('order-1', 3, [event('e'), event('f')]);
    expect(namesOf((await following).flat())).toEqual(['d', 'e', 'f']);
  });

  it('hands over no empty batch', async () => {
    const { store } = subject();
    const following = followed(store, 30);
    for (let i = 0; i < 30; i++) await store.append('audit', 'any', [event(`e${i}`)]);
    expect((await following).map((batch) => batch.length)).not.toContain(0);
  });

  it('wakes at once when an append resolves', async () => {
    const { store } = subject();
    const stop = new AbortController();
    const batches = store.follow(0, stop.signal)[Symbol.asyncIterator]();
    const delays: number[] = [];
    for (let i = 0; i < 50; i++) {
      const batch = batches.next();
      await store.append('audit', 'any', [event(`e${i}`)]);
      const resolved = performance.now();
      await batch;
      delays.push(performance.now() - resolved);
    }
    stop.abort();
    expect(await batches.next()).toMatchObject({ done: true });
    expect(delays.toSorted((a, b) => a - b)[25]).toBeLessThan(50); // loose: the machine may be busy; it is below 1 ms
  });
};

const endings = (subject: Subject): void => {
  it('ends by its signal while it waits', async () => {
    const { store } = subject();
    const stop = new AbortController();
    const batches = store.follow(0, stop.signal)[Symbol.asyncIterator]();
    const waiting = batches.next();
    await new Promise(setImmediate);
    stop.abort();
    expect(await waiting).toMatchObject({ done: true });
  });

  it('ends by its signal while a batch is being handled, and when it was aborted before', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a')]);
    expect(await followed(store, 1)).toHaveLength(1);
    const batches: unknown[] = [];
    for await (const batch of store.follow(0, AbortSignal.abort())) batches.push(batch);
    expect(batches).toEqual([]);
  });

  it('a reader that leaves its loop leaves nothing behind', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a')]);
    for (let i = 0; i < 20; i++) for await (const _ of store.follow(0, new AbortController().signal)) break;
    await store.append('order-1', 0, [event('b')]);
    expect(namesOf((await followed(store, 2)).flat())).toEqual(['a', 'b']);
  });
};

const crowds = (subject: Subject): void => {
  it('several followers each see everything', async () => {
    const { store } = subject();
    const following = [followed(store, 40), followed(store, 40), followed(store, 40)];
    await appendMany(store, 40, 4);
    const [first, ...others] = (await Promise.all(following)).map((batches) => batches.flat());
    expect(first).toHaveLength(40);
    for (const other of others) expect(other).toEqual(first);
  });

  it('a follower that sleeps through a flood still gets every event once, in bounded batches', async () => {
    const { store } = subject();
    const stop = new AbortController();
    const batches = store.follow(0, stop.signal)[Symbol.asyncIterator]();
    const first = batches.next();
    await appendMany(store, 1, 1);
    const seen: StoredEvent[] = [...((await first).value as readonly StoredEvent[])];
    await appendMany(store, 12_000, 500, 'flood');
    while (seen.length < 12_001) {
      const { value } = (await batches.next()) as { value: readonly StoredEvent[] };
      expect(value.length).toBeLessThanOrEqual(2_000);
      seen.push(...value);
    }
    stop.abort();
    expectInOrder(seen);
    expect(new Set(namesOf(seen)).size).toBe(12_001);
  });

  it('a position beyond the head waits for what comes behind it', async () => {
    const { store } = subject();
    const { position } = await store.append('order-1', 'none', [event('a')]);
    const following = followed(store, 1, position + 2);
    for (const name of ['b', 'c', 'd', 'e']) await store.append('order-1', 'exists', [event(name)]);
    for (const stored of (await following).flat()) expect(stored.position).toBeGreaterThan(position + 2);
  });

  it('a store that closes is no quiet end', async () => {
    const { store } = subject();
    const waiting = store.follow(0, new AbortController().signal)[Symbol.asyncIterator]().next();
    await new Promise(setImmediate);
    await store.close();
    await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE', retriable: true });
  });
};

const appendMany = async (store: EventStore, count: number, each: number, name = 'e'): Promise<void> => {
  for (let i = 0; i < count; i += each)
    await store.append(
      name,
      'any',
      Array.from({ length: each }, (_, k) => event(`${name}${i + k}`)),
    );
};

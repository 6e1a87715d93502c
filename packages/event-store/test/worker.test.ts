import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { hostEventStores, remoteEventStore, storeThread } from '@tenure/event-store/worker';
import { event, everything, followed, namesOf, streamOf } from '../src/contract/subject.ts';
import { FOLLOW_CREDITS } from '../src/worker/protocol.ts';
import { folderOfTest, unexpected } from './folder.ts';

const entry = new URL('./worker-entry.ts', import.meta.url);
const failingEntry = new URL('./failing-worker-entry.ts', import.meta.url);
const UNAVAILABLE = { code: 'UNAVAILABLE', retriable: true };

const started = (sources: readonly string[]) => {
  const folder = folderOfTest();
  const files = Object.fromEntries(sources.map((source) => [source, join(folder, `${source}.db`)]));
  const worker = new Worker(entry, { workerData: { files } });
  onTestFinished(async () => void (await worker.terminate()));
  return { worker, thread: storeThread(worker, unexpected) };
};

/** Long enough for everything that is under way in this thread. */
const quiet = async () => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

/** A memory store behind a port of this thread, and the port to speak to it without a twin. */
const hosted = (store: EventStore) => {
  const { port1, port2 } = new MessageChannel();
  hostEventStores(port2, { order: store });
  onTestFinished(() => port1.close());
  return port1;
};

describe('a thread of event stores', () => {
  it('serves several sources on several ports', async () => {
    const { thread } = started(['order', 'customer']);
    const main = thread.connect();
    const pipeline = thread.connect();
    const order = remoteEventStore(main, 'order');
    const customer = remoteEventStore(main, 'customer');
    const orderFollowed = followed(remoteEventStore(pipeline, 'order'), 2);
    const customerFollowed = followed(remoteEventStore(pipeline, 'customer'), 1);
    await order.append('order-1', 'none', [event('a'), event('b')]);
    await customer.append('customer-1', 'none', [event('c')]);
    expect(namesOf((await orderFollowed).flat())).toEqual(['a', 'b']);
    expect(namesOf((await customerFollowed).flat())).toEqual(['c']);
    await thread.close();
  });

  it('commits what waits before it closes, and refuses afterwards', async () => {
    const { thread } = started(['order']);
    const store = remoteEventStore(thread.connect(), 'order');
    const appends = Array.from({ length: 100 }, (_, i) => store.append('audit', 'any', [event(`e${i}`)]));
    await Promise.race(appends);
    await thread.close();
    expect((await Promise.allSettled(appends)).filter(({ status }) => status === 'rejected')).toEqual([]);
    await expect(store.head()).rejects.toMatchObject(UNAVAILABLE);
  });

  it('that dies rejects everything pending and everything new', async () => {
    const folder = folderOfTest();
    const worker = new Worker(entry, { workerData: { files: { order: join(folder, 'order.db') } } });
    const fatal = Promise.withResolvers<Error>();
    const store = remoteEventStore(storeThread(worker, fatal.resolve).connect(), 'order');
    await store.append('order-1', 'none', [event('a')]);
    const following = store.follow(1, new AbortController().signal)[Symbol.asyncIterator]().next();
    const pending = [
      store.append('order-1', 0, [event('b')]),
      store.head(),
      streamOf(store, 'order-1'),
      following,
    ];
    const settled = Promise.allSettled(pending);
    await worker.terminate();
    for (const one of await settled)
      expect(one.status === 'rejected' ? one.reason : UNAVAILABLE).toMatchObject(UNAVAILABLE);
    await expect(following).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.append('order-1', 1, [event('c')])).rejects.toMatchObject(UNAVAILABLE);
    await expect(followed(store, 1)).rejects.toMatchObject(UNAVAILABLE);
    expect(await fatal.promise).toMatchObject({ code: 'STORE_FAILED' });
  });

  it('reports a store that has failed', async () => {
    const worker = new Worker(failingEntry);
    onTestFinished(async () => void (await worker.terminate()));
    const fatal = Promise.withResolvers<Error>();
    storeThread(worker, fatal.resolve);
    expect(await fatal.promise).toMatchObject({ code: 'STORE_FAILED', message: 'the disk is gone' });
  });
});

describe('a store behind a port', () => {
  it('that is not served there is refused, not waited for', async () => {
    const store = remoteEventStore(hosted(memoryEventStore()), 'nobody');
    await expect(store.append('order-1', 'none', [event('a')])).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.head()).rejects.toMatchObject(UNAVAILABLE);
    await expect(followed(store, 1)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('answers errors with their code and data', async () => {
    const store = remoteEventStore(hosted(memoryEventStore()), 'order');
    await store.append('order-1', 'none', [event('a')]);
    await expect(store.append('order-1', 7, [event('b')])).rejects.toMatchObject({
      code: 'WRONG_EXPECTED_REVISION',
      data: { stream: 'order-1', expected: 7, actual: 0 },
    });
  });

  it('sends a follower no more batches than it has room for', async () => {
    const store = memoryEventStore();
    for (let i = 0; i < 10; i++)
      await store.append(
        `order-${i}`,
        'none',
        Array.from({ length: 256 }, (_, k) => event(`e${i}-${k}`)),
      );
    const port = hosted(store);
    let batches = 0;
    port.on('message', (message: object) => (batches += 'batch' in message ? 1 : 0));
    port.postMessage({ store: 'order', follow: 1, after: 0 });
    await quiet();
    expect(batches).toBe(FOLLOW_CREDITS);
    port.postMessage({ store: 'order', more: 1 });
    await quiet();
    expect(batches).toBe(FOLLOW_CREDITS + 1);
    port.postMessage({ store: 'order', unfollow: 1 });
    port.postMessage({ store: 'order', more: 1 });
    await quiet();
    expect(batches).toBe(FOLLOW_CREDITS + 1);
  });

  it('goes on while a follower does not read', async () => {
    const store = remoteEventStore(hosted(memoryEventStore()), 'order');
    const stop = new AbortController();
    const lazy = store.follow(0, stop.signal)[Symbol.asyncIterator]();
    const first = lazy.next();
    for (let i = 0; i < 200; i++) await store.append('audit', 'any', [event(`e${i}`)]);
    expect(await everything(store)).toHaveLength(200);
    let seen = ((await first).value as readonly unknown[]).length;
    while (seen < 200) seen += ((await lazy.next()).value as readonly unknown[]).length;
    stop.abort();
    expect(seen).toBe(200);
  });
});

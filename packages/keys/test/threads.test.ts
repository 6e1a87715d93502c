import { MessageChannel, Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { remoteCalls } from '@tenure/core';
import { serveKeyStore, type KeyStore } from '@tenure/keys';
import { open, secretOf } from './key-file.ts';

type Reader = {
  secretOf(customerId: string): Promise<string | undefined>;
  destroy(customerId: string): Promise<readonly string[]>;
};

const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
});

const readerOf = (store: KeyStore): Reader => {
  const { port1, port2 } = new MessageChannel();
  serveKeyStore(port1, store);
  const url = new URL('reader-thread.ts', import.meta.url);
  const worker = new Worker(url, { workerData: { keys: port2 }, transferList: [port2] });
  workers.push(worker);
  return remoteCalls<Reader>(worker, 'reader');
};

describe('threads that share a key store', () => {
  it('see the same keys, and none of them after a destruction in any thread', async () => {
    const store = await open();
    const keys = await store.ensure(['anna', 'bo']);
    const [first, second] = [readerOf(store), readerOf(store)];
    for (const id of ['anna', 'bo'])
      expect([await first.secretOf(id), await second.secretOf(id)]).toEqual(
        Array.from({ length: 2 }, () => secretOf(keys.get(id))),
      );
    await store.destroy('anna'); // by the owner
    await first.destroy('bo'); // by a reader
    for (const id of ['anna', 'bo'])
      for (const reader of [first, second]) await expect.poll(() => reader.secretOf(id)).toBeUndefined();
    expect((await store.load(['anna', 'bo'])).size).toBe(0);
  });
});

// A key store over a message port: one thread holds the file, the others ask it. Key objects cross threads as they are.
import { remoteCalls, serveCalls, type Port } from '@tenure/core';
import { cachedKeyStore, type CacheOptions } from './cached.ts';
import type { KeyStore } from './key-store.ts';

const CHANNEL = 'keys';

/** Serves `store` to the thread at the other end of `port`. Closing the twin does not close the store. */
export const serveKeyStore = (port: Port, store: KeyStore): void => serveCalls(port, CHANNEL, openFor(store));

/** The store served at the other end of `port`, behind a cache of this thread. */
export const remoteKeyStore = (port: Port, options: CacheOptions): KeyStore =>
  cachedKeyStore(openFor(remoteCalls<KeyStore>(port, CHANNEL)), options);

// What may be asked from outside: everything but closing, which is the owner's.
const openFor = (store: KeyStore): KeyStore => ({
  load: (customerIds) => store.load(customerIds),
  ensure: (customerIds) => store.ensure(customerIds),
  destroy: (customerId) => store.destroy(customerId),
  rotate: (now) => store.rotate(now),
  status: () => store.status(),
  close: async () => {},
});

// A thread that reads keys through its own cache, for `threads.test.ts`.
import { parentPort, workerData } from 'node:worker_threads';
import { serveCalls, type Port } from '@tenure/core';
import { remoteKeyStore } from '@tenure/keys';

const { keys } = workerData as { readonly keys: Port };
const store = remoteKeyStore(keys, { now: () => 0 }); // no time passes: only news of a destruction evicts

if (parentPort !== null)
  serveCalls(parentPort, 'reader', {
    secretOf: async (customerId: string): Promise<string | undefined> =>
      (await store.load([customerId])).get(customerId)?.key.export().toString('hex'),
    destroy: (customerId: string) => store.destroy(customerId),
  });

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { eventStoreContract } from '@tenure/event-store/contract';
import { remoteEventStore, storeThread } from '@tenure/event-store/worker';
import { temporaryFolder, unexpected } from './folder.ts';

const entry = new URL('./worker-entry.ts', import.meta.url);

eventStoreContract('sqlite in a worker', async () => {
  const folder = temporaryFolder();
  const start = () => {
    const worker = new Worker(entry, { workerData: { files: { order: join(folder.path, 'order.db') } } });
    const thread = storeThread(worker, unexpected);
    return { worker, thread, store: remoteEventStore(thread.connect(), 'order') };
  };
  const stop = async ({ worker, thread, store }: ReturnType<typeof start>) => {
    await store.close();
    await thread.close();
    await worker.terminate();
  };
  let running = start();
  return {
    store: running.store,
    reopen: async () => {
      const { worker, thread } = running;
      await Promise.race([thread.close(), Promise.resolve()]); // from now on its death is expected
      await worker.terminate();
      running = start();
      return running.store;
    },
    destroy: async () => {
      await stop(running);
      folder.remove();
    },
  };
});

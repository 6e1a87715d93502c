// The stores in a worker thread of their own, served on the ports that came with its data.
import type { MessagePort } from 'node:worker_threads';
import { openStores, type StoreThreadData } from './store-thread.ts';
import { runThread } from './thread.ts';

await runThread(async (data: StoreThreadData & { readonly ports: readonly MessagePort[] }) => {
  const opened = await openStores(data, (error) => {
    throw error; // ends the thread, and with it the process: a failed flush must not be retried
  });
  data.ports.forEach(opened.serve);
  return { stop: opened.close };
});

// Both ends of a thread that owns event stores: its entry module calls `storeWorker`, whoever started it `storeThread`.
import { MessageChannel, parentPort, type MessagePort, type Worker } from 'node:worker_threads';
import { TenureError, fromPlainError, toPlainError, type PlainError } from '@tenure/core';
import type { EventStore } from '../event-store.ts';
import { hostEventStores } from './host.ts';

type ToWorker = { readonly serveStoresOn: MessagePort } | { readonly closeStores: true };
type FromWorker = { readonly storesClosed: true } | { readonly storesFailed: PlainError };

type Stores = Readonly<Record<string, EventStore>>;
type OnFatal = (error: TenureError) => void;

/**
 * Inside the worker: opens the stores and serves them on every port that `storeThread` hands over. The parent port stays
 * free for other conversations. `open` gets the `onFatal` that the stores are to call.
 */
export const storeWorker = (open: (onFatal: OnFatal) => Stores): Stores => {
  const port = parentPort;
  if (port === null) throw new TypeError('storeWorker is called in the entry module of a worker thread');
  const tell = (message: FromWorker): void => port.postMessage(message);
  const stores = open((error) => tell({ storesFailed: toPlainError(error) }));
  port.on('message', (message: ToWorker) => {
    if ('serveStoresOn' in message) hostEventStores(message.serveStoresOn, stores);
    else if ('closeStores' in message) void closeAll(stores).then(() => tell({ storesClosed: true }));
  });
  return stores;
};

const closeAll = async (stores: Stores): Promise<void> => {
  await Promise.all(Object.values(stores).map((store) => store.close()));
};

export interface StoreThread {
  /** A port on which the thread serves its stores: for `remoteEventStore` here, or to hand to another thread. */
  connect(): MessagePort;
  /** Commits what waits and closes the stores. The thread goes on: ending it is the starter's part. */
  close(): Promise<void>;
}

/**
 * The starter's end. `onFatal` (STORE_FAILED) is called once, also when the thread dies without being asked:
 * acknowledged events are safe, but the process cannot go on.
 */
export const storeThread = (worker: Worker, onFatal: OnFatal): StoreThread => {
  const closed = Promise.withResolvers<void>();
  let over = false;
  const fatal = (error: TenureError): void => {
    if (over) return;
    over = true;
    closed.resolve();
    onFatal(error);
  };
  const tell = (message: ToWorker, transfer: readonly MessagePort[] = []): void =>
    worker.postMessage(message, transfer);
  worker.on('message', (message: FromWorker) => {
    if ('storesFailed' in message) fatal(fromPlainError(message.storesFailed));
    else if ('storesClosed' in message) closed.resolve();
  });
  worker.on('error', (error) => fatal(died(error)));
  worker.on('exit', () => fatal(died()));

  return {
    connect() {
      const { port1, port2 } = new MessageChannel();
      tell({ serveStoresOn: port2 }, [port2]);
      return port1;
    },
    close() {
      over = true;
      worker.on('exit', () => closed.resolve());
      tell({ closeStores: true });
      return closed.promise;
    },
  };
};

const died = (cause?: unknown): TenureError =>
  new TenureError(
    'STORE_FAILED',
    'The thread of the event stores has died. Start the process again.',
    {},
    { cause },
  );

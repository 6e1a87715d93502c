export { hostEventStores } from './host.ts';
export { remoteEventStore } from './remote.ts';
export { storeThread, storeWorker, type StoreThread } from './store-worker.ts';

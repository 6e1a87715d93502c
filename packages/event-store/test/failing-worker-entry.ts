import { TenureError } from '@tenure/core';
import { memoryEventStore } from '@tenure/event-store';
import { storeWorker } from '@tenure/event-store/worker';

storeWorker((onFatal) => {
  setImmediate(() => onFatal(new TenureError('STORE_FAILED', 'the disk is gone')));
  return { order: memoryEventStore() };
});

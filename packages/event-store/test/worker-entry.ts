import { workerData } from 'node:worker_threads';
import { openSqliteEventStore } from '@tenure/event-store/sqlite';
import { storeWorker } from '@tenure/event-store/worker';

const { files } = workerData as { readonly files: Readonly<Record<string, string>> };

storeWorker((onFatal) =>
  Object.fromEntries(
    Object.entries(files).map(([source, file]) => [source, openSqliteEventStore({ file, onFatal })]),
  ),
);

// The thread that commits and flushes: the event stores, one file per source, and the writer of the key store.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { EventStore } from '@tenure/event-store';
import { openSqliteEventStore } from '@tenure/event-store/sqlite';
import type { Fault } from './faults.ts';
import { hostEventStores } from '@tenure/event-store/worker';
import { serveKeyStore, type KeyStore } from '@tenure/keys';
import { openSqliteKeyStore } from '@tenure/keys/sqlite';

export type StoreThreadData = {
  readonly eventFolder: string;
  readonly keyFolder: string;
  readonly sources: readonly string[];
  /** Base64 of the root secret of the key store. */
  readonly keyRoot: string;
  readonly faults: readonly Fault[];
};

export type OpenStores = {
  readonly stores: Readonly<Record<string, EventStore>>;
  readonly keys: KeyStore;
  /** Serves everything to another thread. */
  readonly serve: (port: MessagePort) => void;
  readonly close: () => Promise<void>;
};

/** Opens the stores in this thread. `fatal`: a commit or flush has failed, the process must end. */
export const openStores = async (
  data: StoreThreadData,
  fatal: (error: unknown) => void,
): Promise<OpenStores> => {
  mkdirSync(data.eventFolder, { recursive: true });
  mkdirSync(data.keyFolder, { recursive: true });
  const stores = Object.fromEntries(
    data.sources.map((source): [string, EventStore] => [
      source,
      openSqliteEventStore({ file: join(data.eventFolder, `${source}.db`), onFatal: fatal }),
    ]),
  );
  const keys = await openSqliteKeyStore({
    file: join(data.keyFolder, 'keys.db'),
    rootSecret: Buffer.from(data.keyRoot, 'base64'),
  });
  return {
    stores,
    keys,
    serve(port) {
      hostEventStores(port, stores);
      serveKeyStore(port, keys);
    },
    async close() {
      await Promise.all(Object.values(stores).map((store) => store.close()));
      await keys.close();
    },
  };
};

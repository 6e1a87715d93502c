import { join } from 'node:path';
import { eventStoreContract } from '@tenure/event-store/contract';
import { openSqliteEventStore } from '@tenure/event-store/sqlite';
import { temporaryFolder, unexpected } from './folder.ts';

eventStoreContract('sqlite', async () => {
  const folder = temporaryFolder();
  const open = () => openSqliteEventStore({ file: join(folder.path, 'order.db'), onFatal: unexpected });
  let store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = open());
    },
    destroy: async () => {
      await store.close();
      folder.remove();
    },
  };
});

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { describe } from 'vitest';
import { keyStoreContract } from '@tenure/keys/contract';
import { openSqliteKeyStore } from '@tenure/keys/sqlite';
import { remoteKeyStore, serveKeyStore } from '@tenure/keys';

const openInNewFolder = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-keys-'));
  const store = await openSqliteKeyStore({ file: join(folder, 'keys.db'), rootSecret: randomBytes(32) });
  const close = async (): Promise<void> => {
    await store.close();
    rmSync(folder, { recursive: true });
  };
  return { store, close };
};

describe('the SQLite key store', () => {
  keyStoreContract(openInNewFolder);
});

describe('the SQLite key store over a message port', () => {
  keyStoreContract(async () => {
    const { store, close } = await openInNewFolder();
    const { port1, port2 } = new MessageChannel();
    serveKeyStore(port1, store);
    const remote = remoteKeyStore(port2, { now: Date.now });
    return {
      store: remote,
      async close() {
        await remote.close();
        port1.close();
        await close();
      },
    };
  });
});

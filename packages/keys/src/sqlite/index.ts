// The embedded key store: one SQLite file of wrapped keys, for one writing thread; other threads ask it (remote.ts).
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isTenureError, type TenureError } from '@tenure/core';
import { cachedKeyStore } from '../cached.ts';
import { keysDestroyed } from '../destroyed.ts';
import type { DataKey, KeyStore } from '../key-store.ts';
import type { RandomBytes } from '../random.ts';
import { rootKey } from '../wrapping.ts';
import { damaged, openDataKeys, type DataKeys } from './data-keys.ts';
import { emptyLog, openDatabase, writeFailure } from './database.ts';
import { openEpochs, type Epochs } from './epochs.ts';
import { grouped } from './grouped.ts';

/** A rotation gives way to other work after this many keys: about 10 ms. */
const REWRAP_PAGE = 500;

export type SqliteKeyStoreOptions = {
  readonly file: string;
  /** At least 32 bytes, kept elsewhere than the file: without it the file opens nothing. */
  readonly rootSecret: Uint8Array;
  readonly random?: RandomBytes;
  /** ms since the epoch. */
  readonly now?: () => number;
};

/**
 * Opens or creates a key store, and ends a rotation that was interrupted.
 * @throws KEYS_ROOT_SECRET, NOT_A_KEY_STORE, STORE_TOO_NEW, KEYS_BUSY
 */
export const openSqliteKeyStore = async (options: SqliteKeyStoreOptions): Promise<KeyStore> => {
  const { file, rootSecret, random = randomBytes, now = Date.now } = options;
  const root = rootKey(rootSecret);
  const database = openDatabase(file);
  try {
    const epochs = openEpochs(database, root, random);
    const keys = openDataKeys(database, epochs, random);
    const files = { database, epochs, keys, write: writer(database) };
    if (epochs.current() === undefined) files.write(() => epochs.begin(now()));
    await resumeRotation(files);
    return cachedKeyStore(storeOf(files, now), { now });
  } catch (error) {
    database.close();
    throw error;
  }
};

type Files = {
  readonly database: DatabaseSync;
  readonly epochs: Epochs;
  readonly keys: DataKeys;
  readonly write: <T>(work: () => T) => T;
};

// One transaction, flushed when it returns. After a failed commit nothing is accepted any more.
const writer = (database: DatabaseSync): Files['write'] => {
  let failed: TenureError | undefined;
  return (work) => {
    if (failed !== undefined) throw failed;
    try {
      database.exec('BEGIN IMMEDIATE');
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
      if (isTenureError(error)) throw error;
      const failure = writeFailure(error);
      if (failure.code === 'STORE_FAILED' && database.isOpen) failed = failure;
      throw failure;
    }
  };
};

const storeOf = (files: Files, now: () => number): KeyStore => {
  const { database, epochs, keys, write } = files;
  const ensure = grouped<readonly string[], ReadonlyMap<string, DataKey>>((calls) =>
    write(() => ensureAll(files, calls)),
  );
  let rotation: Promise<unknown> = Promise.resolve();
  return {
    async load(customerIds) {
      const found = new Map<string, DataKey>();
      for (const id of customerIds) {
        const key = keys.find(id);
        if (key !== undefined) found.set(id, key);
      }
      return found;
    },
    ensure,
    async destroy(customerId) {
      const kids = write(() => keys.destroy(customerId, now()));
      emptyLog(database); // also the second time: the first may have died before it
      return kids;
    },
    rotate(at) {
      // One after the other; that an earlier one failed was told to its caller.
      const next = rotation.catch(() => {}).then(() => rotate(files, at));
      rotation = next;
      return next;
    },
    async status() {
      const { epoch = 0, since = 0 } = epochs.current() ?? {};
      return { epoch, since, keys: keys.count() };
    },
    async close() {
      await rotation.catch(() => {}); // its caller was told
      if (database.isOpen) database.close();
    },
  };
};

/** All calls of a group in one transaction: one flush, whether an import meets one new customer or a thousand. */
const ensureAll = (
  { epochs, keys }: Files,
  calls: readonly (readonly string[])[],
): readonly (ReadonlyMap<string, DataKey> | TenureError)[] => {
  const epoch = epochs.current();
  if (epoch === undefined) throw damaged([]);
  return calls.map((customerIds) => {
    try {
      const gone = customerIds.filter((id) => keys.isDestroyed(id));
      if (gone.length > 0) return keysDestroyed(gone);
      return new Map(customerIds.map((id) => [id, keys.find(id) ?? keys.create(id, epoch)]));
    } catch (error) {
      if (isTenureError(error, 'KEYS_DAMAGED')) return error; // the other calls go on
      throw error;
    }
  });
};

const rotate = async (files: Files, now: number): Promise<number> => {
  files.write(() => files.epochs.begin(now));
  return endOldEpochs(files);
};

const resumeRotation = async (files: Files): Promise<void> => {
  if (files.epochs.living().length < 2) return;
  try {
    await endOldEpochs(files);
  } catch (error) {
    // Damaged keys stay under their old epoch. Others must not wait for them: whoever asks for one is told.
    if (!isTenureError(error, 'KEYS_DAMAGED')) throw error;
  }
};

// Page by page, each a transaction: dying in between leaves every key under an epoch that lives.
const endOldEpochs = async ({ database, epochs, keys, write }: Files): Promise<number> => {
  const epoch = epochs.current();
  if (epoch === undefined) throw damaged([]);
  const broken: string[] = [];
  let wrapped = 0;
  for (let after: number | null = 0; after !== null;) {
    const from: number = after;
    const page = write(() => keys.rewrap(from, REWRAP_PAGE, epoch));
    wrapped += page.wrapped;
    broken.push(...page.broken);
    after = page.next;
    await new Promise(setImmediate);
  }
  if (broken.length > 0) throw damaged(broken);
  write(() => {
    for (const old of epochs.living()) if (old < epoch.epoch) epochs.destroy(old);
  });
  emptyLog(database);
  return wrapped;
};

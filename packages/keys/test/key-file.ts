// The file of a key store under test: what stands in it, what a crash would leave of it, what can be found in it.
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { afterEach, beforeEach, vi } from 'vitest';
import { isTenureError } from '@tenure/core';
import type { DataKey, KeyStore } from '@tenure/keys';
import { openSqliteKeyStore } from '@tenure/keys/sqlite';

export const rootSecret = randomBytes(32);
const opened: KeyStore[] = [];
/** A fresh folder for each test. */
export let folder: string;
export let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenure-keys-'));
  file = join(folder, 'keys.db');
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

export const open = async (from = file, secret = rootSecret): Promise<KeyStore> => {
  const store = await openSqliteKeyStore({ file: from, rootSecret: secret, now: () => 1_000 });
  opened.push(store);
  return store;
};

export const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isTenureError(error) ? error.code : String(error);
};

export const secretOf = (key: DataKey | undefined): string => key?.key.export().toString('hex') ?? 'none';
export const customers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => createHash('sha1').update(`customer ${index}`).digest('hex'));

export const query = (sql: string, from = file): readonly Readonly<Record<string, SQLOutputValue>>[] => {
  const raw = new DatabaseSync(from, { readOnly: true });
  try {
    return raw.prepare(sql).all();
  } finally {
    raw.close();
  }
};

/** Changes the file behind the store's back. */
export const damage = (sql: string): void => {
  const raw = new DatabaseSync(file);
  raw.exec(sql);
  raw.close();
};

/** The wrapped bytes as they stand in the file, by customer. */
export const wrappedKeys = (): ReadonlyMap<string, Buffer> =>
  new Map(
    query('SELECT customer, wrapped FROM data_keys').map((row) => [
      String(row['customer']),
      Buffer.from(row['wrapped'] as Uint8Array),
    ]),
  );

export const wrappedEpochs = (): readonly Buffer[] =>
  query('SELECT wrapped FROM epochs ORDER BY epoch').map((row) => Buffer.from(row['wrapped'] as Uint8Array));

/** In which files of a folder any of these wrapped keys is found. Their ciphertext alone is looked for. */
export const residue = (where: string, wrapped: readonly Buffer[]): readonly string[] =>
  readdirSync(where).filter((name) => {
    if (!statSync(join(where, name)).isFile()) return false;
    const bytes = readFileSync(join(where, name));
    return wrapped.some((secret) => bytes.includes(secret.subarray(16, 48)));
  });

/** What a crash would leave: the files as they are now, in a folder of that name. */
export const imageOf = (name: string): string => {
  const image = join(folder, name);
  mkdirSync(image);
  for (const part of ['keys.db', 'keys.db-wal']) copyFileSync(join(folder, part), join(image, part));
  return join(image, 'keys.db');
};

type Method = 'exec' | 'prepare';

/** Lets SQLite fail where a statement contains `sql`. */
export const failAt = (method: Method, sql: string, error: Error): void => {
  const original: (this: DatabaseSync, text: string) => unknown = DatabaseSync.prototype[method];
  vi.spyOn(DatabaseSync.prototype, method).mockImplementation(function (this: DatabaseSync, text: string) {
    if (text.includes(sql)) throw error;
    return original.call(this, text) as never;
  });
};

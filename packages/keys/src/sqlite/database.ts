// The file of the key store: how it is opened, what stands in it, and what its errors mean.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TenureError } from '@tenure/core';

/** 'TENK': tells key stores from any other SQLite file. */
const APPLICATION_ID = 0x54454e4b;
const SCHEMA_VERSION = 1;
/** A killed predecessor holds the lock until the system has buried it. */
const LOCK_WAIT_MS = 5_000;

// A wrapped key must never lie in two places, or destroying it would leave the other. So rows of `data_keys` are only
// added at the end and overwritten in place, which no page has to be split, merged or rebuilt for.
const SCHEMA = `
  CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, since INTEGER NOT NULL, wrapped BLOB NOT NULL) STRICT;
  CREATE TABLE data_keys (
    id INTEGER PRIMARY KEY,
    customer TEXT NOT NULL UNIQUE,
    kid TEXT NOT NULL,
    wrapped BLOB NOT NULL
  ) STRICT;
  CREATE TABLE destroyed (customer TEXT PRIMARY KEY, kid TEXT, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Opens or creates the file, readable for its owner alone. @throws NOT_A_KEY_STORE, STORE_TOO_NEW */
export const openDatabase = (file: string): DatabaseSync => {
  const folder = dirname(resolve(file));
  createFolder(folder);
  closeSync(openSync(file, 'a', 0o600)); // SQLite gives its log the rights of the file
  flushFolder(folder);
  const database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
  try {
    prepare(database, file);
    return database;
  } catch (error) {
    database.close();
    throw familyOf(error) === SQLITE_NOTADB ? notAKeyStore(file) : error;
  }
};

const prepare = (database: DatabaseSync, file: string): void => {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
  `);
  const id = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  if (id === 0 && version === 0 && isEmpty(database)) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
  else if (id !== APPLICATION_ID) throw notAKeyStore(file);
  else if (version > SCHEMA_VERSION)
    throw new TenureError('STORE_TOO_NEW', `${file} was written by a newer Tenure. Update this one.`, {
      file,
      version,
    });
  emptyLog(database); // a predecessor may have died between destroying a key and this
};

const pragma = (database: DatabaseSync, name: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;

// A folder that its parent was not flushed for is gone after a power cut, and the file in it.
const createFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  createFolder(dirname(folder));
  mkdirSync(folder, { recursive: true });
  flushFolder(dirname(folder));
};

const flushFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

const notAKeyStore = (file: string): TenureError =>
  new TenureError('NOT_A_KEY_STORE', `${file} is no key store. Name another file.`, { file });

/** Brings everything into the file and cuts the log to nothing: what was overwritten is then in neither. @throws KEYS_BUSY */
export const emptyLog = (database: DatabaseSync): void => {
  const result = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  if (result?.['busy'] !== 0) throw busy();
};

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

// The low byte of an extended code is its family.
const familyOf = (error: unknown): number =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;

const busy = (cause?: unknown): TenureError =>
  new TenureError(
    'KEYS_BUSY',
    'Another process holds the key store; call again when it has let go.',
    {},
    { retriable: true, cause },
  );

/**
 * An error of a write as callers know it: DISK_FULL and KEYS_BUSY may be tried again; after STORE_FAILED nothing may
 * be trusted (a failed flush hides what it lost) and the process has to end.
 */
export const writeFailure = (error: unknown): TenureError => {
  switch (familyOf(error)) {
    case SQLITE_BUSY:
      return busy(error);
    case SQLITE_FULL:
      return new TenureError(
        'DISK_FULL',
        'The disk of the key store is full. Free space; the store goes on by itself.',
        {},
        { retriable: true, cause: error },
      );
    default:
      return new TenureError(
        'STORE_FAILED',
        'The key store could not commit. End the process, look at the disk, start again.',
        {},
        { cause: error },
      );
  }
};

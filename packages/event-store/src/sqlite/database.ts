// The file of one event store: how it is opened, and what stands in it.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TenureError } from '@tenure/core';
import { corrupt, isBusy } from './failure.ts';
import { logIsDamaged } from './log-damage.ts';

/** 'TENU': tells our files from any other SQLite file. */
const APPLICATION_ID = 0x54454e55;
const SCHEMA_VERSION = 1;
/** A killed predecessor holds the lock until the system has buried it. */
const LOCK_WAIT_MS = 5_000;
/** Enough for the index pages of a million recent streams. */
const CACHE_KIB = 32_768;

// `stream` is a number so that the index grows at its end: the events of young streams share pages.
// `loose` marks what was appended without a revision: only those ids must be found again by value.
const SCHEMA = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    loose INTEGER NOT NULL,
    key TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_revision ON events (stream, revision);
  CREATE INDEX loose_events_by_id ON events (stream, substr(body, 1, 16)) WHERE loose = 1;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens or creates the file for this process alone (a second process is refused), every commit flushed.
 * @throws STORE_IN_USE, NOT_AN_EVENT_STORE, STORE_TOO_NEW, CORRUPT
 */
export const openDatabase = (file: string, lockWaitMs = LOCK_WAIT_MS): DatabaseSync => {
  createFolder(dirname(resolve(file)));
  const database = new DatabaseSync(file, { timeout: lockWaitMs });
  try {
    prepareDatabase(database, file);
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error))
      throw new TenureError('STORE_IN_USE', `Another process has ${file} open. Stop it first.`, { file });
    throw error;
  }
};

const prepareDatabase = (database: DatabaseSync, file: string): void => {
  database.exec(`
    PRAGMA page_size = 8192;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA cache_size = -${CACHE_KIB};
  `); // checkpoints are run by the store: SQLite's own swallow their errors. fullfsync: macOS flushes only so.
  const id = pragma(database, 'application_id'); // the first read: SQLite recovers its log here
  if (logIsDamaged(`${file}-wal`, pragma(database, 'wal_checkpoint(NOOP)', 'log')))
    throw corrupt('The write-ahead log of the event store is damaged ahead of its end.', { file });
  const version = pragma(database, 'user_version');
  if (id === 0 && version === 0 && isEmpty(database)) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
  else if (id !== APPLICATION_ID)
    throw new TenureError('NOT_AN_EVENT_STORE', `${file} is no event store. Name another file.`, { file });
  else if (version > SCHEMA_VERSION)
    throw new TenureError('STORE_TOO_NEW', `${file} was written by a newer Tenure. Update this one.`, {
      file,
      version,
    });
};

/** The value of a numeric pragma. */
export const pragma = (database: DatabaseSync, name: string, column = name): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[column]);

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;

// SQLite flushes the folder that its files stand in, but not the folders above it.
const createFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  createFolder(dirname(folder));
  mkdirSync(folder, { recursive: true });
  const parent = openSync(dirname(folder), 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
};

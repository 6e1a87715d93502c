// The file of a generation: made empty, removed with what SQLite keeps beside it.
import { rmSync } from 'node:fs';
import type { ColumnShape } from '../read-models.ts';
import { writeAbout } from './about.ts';
import { openDatabase } from './database.ts';
import { createTables } from './schema.ts';

const PAGE_SIZE = 4_096; // an update of one document touches some nine pages: small ones cost less than large ones
const CACHE_MB = 1;

export const removeStore = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

/** Makes an empty store in build mode: tables, no indexes. Replaces what an interrupted call has left. */
export const makeStore = (path: string, columns: readonly ColumnShape[]): void => {
  removeStore(path);
  const database = openDatabase(path, { readOnly: false, cacheMb: CACHE_MB });
  try {
    database.exec(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA journal_mode = WAL`);
    database.transaction(() => {
      database.exec(createTables(columns));
      writeAbout(database, columns);
    });
  } finally {
    database.close();
  }
};

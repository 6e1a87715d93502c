// Carrying the write-ahead log over into the file. Done between commits, after their appends were answered.
import type { DatabaseSync } from 'node:sqlite';

/** Checkpoints when so many pages have gathered. Throws SQLite's error; what is committed stays safe in the log. */
export const checkpoints = (database: DatabaseSync, pages: number): (() => void) => {
  const look = database.prepare('PRAGMA wal_checkpoint(NOOP)');
  const run = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  return () => {
    const { log, checkpointed } = look.get() ?? {};
    if (Number(log) - Number(checkpointed) >= pages) run.get();
  };
};

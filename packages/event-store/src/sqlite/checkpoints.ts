// Carrying the write-ahead log over into the file. Done between commits, after their appends were answered.
import type { DatabaseSync } from 'node:sqlite';

/** 8 MB: some milliseconds of work, and little to read again when the store is opened after a crash. */
const CHECKPOINT_PAGES = 1_000;

/** Checkpoints when enough has gathered. Throws SQLite's error; what is committed stays safe in the log. */
export const checkpoints = (database: DatabaseSync): (() => void) => {
  const look = database.prepare('PRAGMA wal_checkpoint(NOOP)');
  const run = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  return () => {
    const { log, checkpointed } = look.get() ?? {};
    if (Number(log) - Number(checkpointed) >= CHECKPOINT_PAGES) run.get();
  };
};

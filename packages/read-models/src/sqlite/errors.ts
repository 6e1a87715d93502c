// What SQLite reports, in the words of the platform. Everything else is a defect and passes as it is.
import { TenureError } from '@tenure/core';

const BUSY = 5;
const LOCKED = 6;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
const FSYNC_FAILED = new Set([1034, 1290]); // SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC

const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;

/** The platform's error for what SQLite threw while working on `file` (a file name, no path). */
export const translated = (error: unknown, file: string): unknown => {
  const code = codeOf(error);
  if (code === undefined) return error;
  const about = (name: string, detail: string, retriable: boolean): TenureError =>
    new TenureError(name, detail, { file, sqlite: code }, { retriable, cause: error });
  if (FSYNC_FAILED.has(code))
    return about(
      'FSYNC_FAILED',
      `The disk refused to flush ${file}: stop this process, what it wrote is in doubt.`,
      false,
    );
  switch (code & 0xff) {
    case BUSY:
    case LOCKED:
      return about('UNAVAILABLE', `${file} stayed locked by another writer; try again.`, true);
    case FULL:
      return about('DISK_FULL', `The disk is full; ${file} was left as it was. Free space and retry.`, true);
    case CANNOT_OPEN:
      return about('UNAVAILABLE', `${file} cannot be opened: see that it exists and is readable.`, true);
    case IO_ERROR:
      return about('UNAVAILABLE', `Reading or writing ${file} failed; see the disk and try again.`, true);
    case CORRUPT:
    case NOT_A_DATABASE:
      return about('CORRUPT', `${file} is damaged: build the read model anew from the log.`, false);
    default:
      return error;
  }
};

/** Runs `work` and translates what SQLite throws. */
export const translating = <T>(file: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw translated(error, file);
  }
};

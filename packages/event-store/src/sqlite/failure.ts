// What an error of SQLite means for the store: wait for space, or never trust this process again.
import { TenureError, isTenureError } from '@tenure/core';
import { unavailable } from '../append.ts';

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

// The low byte of an extended code is its family.
const codeOf = (error: unknown): number =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;

export const isBusy = (error: unknown): boolean => codeOf(error) === SQLITE_BUSY;
export const isDiskFull = (error: unknown): boolean => codeOf(error) === SQLITE_FULL;

export const diskFull = (cause: unknown): TenureError =>
  new TenureError(
    'DISK_FULL',
    'The disk of the event store is full. Free space; the store goes on by itself.',
    {},
    {
      retriable: true,
      cause,
    },
  );

/** What made the store refuse everything. The process must end: what a failed flush lost cannot be known. */
export const storeFailed = (cause: unknown): TenureError =>
  new TenureError(
    'STORE_FAILED',
    `The event store could not commit (${reason(cause)}). End the process, look at the disk, start again.`,
    {},
    { cause },
  );

export const corrupt = (what: string, data: Readonly<Record<string, unknown>>): TenureError =>
  new TenureError('CORRUPT', `${what} The file is damaged: restore it from a backup.`, data);

/** The error of a read as callers know it. */
export const readFailure = (error: unknown): unknown => {
  if (isTenureError(error)) return error;
  const code = codeOf(error);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB)
    return corrupt('SQLite cannot read a page of the event store.', {});
  return code === 0 ? error : unavailable(`The event store cannot be read (${reason(error)}).`, error);
};

// SQLite's texts name tables and pages, never values.
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

// What the exit code of a command says; scripts rely on it.
import { isTenureError } from '@tenure/core';

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  conflict: 5,
  differences: 6,
  lag: 7,
  timedOut: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Codes that the command line itself throws, and those that mean more than their HTTP status. */
const BY_CODE: Readonly<Record<string, ExitCode>> = {
  USAGE: EXIT.usage,
  CONFIRMATION_NEEDED: EXIT.usage,
  MAPPING_INVALID: EXIT.usage,
  INVALID: EXIT.usage,
  NOT_FOUND: EXIT.notFound,
  FILE_UNREADABLE: EXIT.notFound,
  TIMED_OUT: EXIT.timedOut,
  INTERRUPTED: EXIT.interrupted,
};

const BY_STATUS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.usage,
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  409: EXIT.conflict,
  412: EXIT.conflict,
};

/** The exit code for an error; what nobody foresaw is a failure. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (!isTenureError(error)) return EXIT.failed;
  const { status } = error.data;
  return BY_CODE[error.code] ?? (typeof status === 'number' ? BY_STATUS[status] : undefined) ?? EXIT.failed;
};

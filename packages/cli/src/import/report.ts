// The report of refused rows: a CSV file that exists only when there is something to tell.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { TenureError } from '@tenure/core';
import type { RowProblem } from '@tenure/service-kit/import';
import { csvField } from '../format.ts';

export type Report = {
  readonly add: (problem: RowProblem) => void;
  /** Closes the file; its name (null: nothing was refused) and the SHA-256 (hex) of its content. */
  readonly close: () => { readonly file: string | null; readonly sha256: string };
};

const HEAD = 'row,column,reason\n';
/** Written in pieces: a file with a million refused rows must not cost a million writes. */
const BUFFER = 65_536;

/**
 * `places`: where to write, best first. A later one is taken when an earlier one cannot be written.
 * @throws REPORT_UNWRITABLE
 */
export const openReport = (places: readonly string[]): Report => {
  const digest = createHash('sha256').update(HEAD);
  let opened: { readonly file: string; readonly fd: number } | null = null;
  let text = HEAD;
  const flush = (): void => {
    opened ??= open(places);
    writeSync(opened.fd, text);
    text = '';
  };
  return {
    add: ({ row, column, reason }) => {
      const line = `${row},${csvField(column ?? '')},${csvField(reason)}\n`;
      digest.update(line);
      text += line;
      if (opened === null || text.length > BUFFER) flush();
    },
    close: () => {
      if (opened !== null) {
        flush();
        closeSync(opened.fd);
      }
      return { file: opened?.file ?? null, sha256: digest.digest('hex') };
    },
  };
};

const open = (places: readonly string[]): { readonly file: string; readonly fd: number } => {
  let why = '';
  for (const file of places)
    try {
      return { file, fd: openSync(file, 'w') };
    } catch (error) {
      why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    }
  throw new TenureError(
    'REPORT_UNWRITABLE',
    `The report of refused rows cannot be written to ${places.join(' or ')} (${why}). Name another file with --report.`,
  );
};

// Numbers, spans of time and tables for people.
import { TenureError } from '@tenure/core';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

export const number = (value: number): string => grouped.format(value);

/** `820 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export const span = (seconds: number): string => {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${grouped.format(seconds)} s`;
  const whole = Math.round(seconds);
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
};

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** `500ms`, `5s`, `15m`, `1h`, `7d` as seconds. @throws USAGE */
export const parseSpan = (text: string, option: string): number => {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (amount === undefined)
    throw new TenureError('USAGE', `${option} takes a span of time such as 500ms, 5s, 15m, 1h or 7d.`);
  return Number(amount) * (SECONDS[unit] ?? 1);
};

export type Cell = string | number | null;

/** Columns as wide as they must be; numbers to the right; two spaces between. No rows: an empty text. */
export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  if (rows.length === 0) return '';
  const texts = [head, ...rows.map((row) => row.map(cellText))];
  const widths = head.map((_, i) => Math.max(...texts.map((row) => (row[i] ?? '').length)));
  const right = head.map((_, i) => rows.every((row) => typeof row[i] === 'number' || row[i] === null));
  return texts
    .map((row) =>
      widths
        .map((width, i) =>
          right[i] === true ? (row[i] ?? '').padStart(width) : (row[i] ?? '').padEnd(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
};

const cellText = (cell: Cell): string =>
  cell === null ? '–' : typeof cell === 'number' ? number(cell) : cell;

/** A count with its noun: `1 row`, `3 rows`. */
export const count = (amount: number, noun: string): string =>
  `${number(amount)} ${noun}${amount === 1 ? '' : 's'}`;

/** One field of a CSV line (RFC 4180). A leading = + - @ is kept from being a formula. */
export const csvField = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

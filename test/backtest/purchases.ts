// Files of purchases as CDNOW published them: one row per purchase, columns parted by spaces.
import { dayNumber, isDate } from '../../packages/core/src/index.ts';

/** The days on which each customer bought, ascending, each once; days since 1970. */
export type PurchaseDays = ReadonlyMap<string, readonly number[]>;

const ROW = /^\s*(\d+)\s+(?:\d+\s+)?(\d{4})(\d{2})(\d{2})\s+\d+\s+\d+(?:\.\d+)?\s*$/;

/** Reads the master file (id, date, CDs, dollars) or the sample (id, sample id, date, …); rows of one day are one occasion. */
export const purchaseDays = (text: string): PurchaseDays => {
  const days = new Map<string, Set<number>>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const [, id = '', year, month, day] = ROW.exec(line) ?? [];
    const date = `${year}-${month}-${day}`;
    if (id !== '' && isDate(date)) days.set(id, (days.get(id) ?? new Set()).add(dayNumber(date)));
    else if (line.trim() !== '' && i > 0) throw new Error(`line ${i + 1} is no purchase`);
  }
  return new Map([...days].map(([id, on]) => [id, [...on].toSorted((a, b) => a - b)]));
};

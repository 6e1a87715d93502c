// A file of purchases of the shape of the CDNOW sample, and a recount of such a file that knows nothing of the product.
import { readFileSync, writeFileSync } from 'node:fs';
import { randomOf } from '../../packages/http/test/fuzz-values.ts';

const FIRST_DAY = Date.UTC(1997, 0, 1);
const DAYS = 545; // to the end of June 1998, as in the real file
const DAY_MS = 86_400_000;

/** The last day of the file: what has happened by then is all there is. */
export const LAST_DAY = '1998-06-30';

const dateOf = (day: number): string => new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);

/**
 * Rows of `customers` customers, by customer and date: master id, id in the sample, date, CDs, dollars. Some are equal to
 * the row before them, some cost nothing, and most customers buy once or twice.
 */
export const purchaseRows = (customers: number, seed: number): readonly string[] => {
  const random = randomOf(seed);
  return Array.from({ length: customers }, (_, i) => {
    const master = String(4 + i * 10 + random.below(10)).padStart(5, '0');
    const sample = String(i + 1).padStart(4, '0');
    const orders = random.chance(0.1) ? 5 + random.below(20) : 1 + random.below(3);
    const days = Array.from({ length: orders }, () => random.below(DAYS)).toSorted((a, b) => a - b);
    return days.flatMap((day) => {
      const cds = 1 + random.below(6);
      const dollars = random.chance(0.02) ? '0.00' : (cds * 9 + random.below(1_000) / 100).toFixed(2);
      const row = ` ${master} ${sample} ${dateOf(day).replaceAll('-', '')} ${String(cds).padStart(2)} ${dollars.padStart(7)}`;
      return random.chance(0.03) ? [row, row] : [row];
    });
  }).flat();
};

export const writeRows = (file: string, rows: readonly string[]): string => {
  writeFileSync(file, rows.map((row) => `${row}\r\n`).join(''));
  return file;
};

export type Recount = {
  orders: number;
  /** Cents. */
  sum: number;
  first: string;
  last: string;
};

/** Per customer id of a file: `columns` names the places of customer, date and dollars. */
export const recount = (
  file: string,
  {
    customer,
    date,
    dollars,
    header,
  }: { readonly customer: number; readonly date: number; readonly dollars: number; readonly header: number },
): ReadonlyMap<string, Recount> => {
  const found = new Map<string, Recount>();
  for (const line of readFileSync(file, 'utf8').split('\n').slice(header)) {
    const parts = line.trim().split(/\s+/);
    if (parts.length < 4) continue;
    const [id = '', day = '', amount = ''] = [parts[customer], parts[date], parts[dollars]];
    const on = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
    const cents = Number(amount.replace('.', '')); // two decimals always: no binary fractions come in
    const known = found.get(id);
    if (known === undefined) found.set(id, { orders: 1, sum: cents, first: on, last: on });
    else {
      known.orders++;
      known.sum += cents;
      if (on < known.first) known.first = on;
      if (on > known.last) known.last = on;
    }
  }
  return found;
};

export const SAMPLE_COLUMNS = { customer: 0, date: 2, dollars: 4, header: 0 } as const;
export const MASTER_COLUMNS = { customer: 0, date: 1, dollars: 3, header: 1 } as const;

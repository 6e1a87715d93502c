// The rows of data keys: one per customer, overwritten with zeros when destroyed.
import type { KeyObject } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { isTenureError, TenureError } from '@tenure/core';
import type { DataKey } from '../key-store.ts';
import { newKid, type RandomBytes } from '../random.ts';
import { epochOf, newKey, unwrap, wrap, WRAPPED_BYTES } from '../wrapping.ts';
import type { Epoch, Epochs } from './epochs.ts';

export type DataKeys = ReturnType<typeof openDataKeys>;

type Row = {
  readonly id: number;
  readonly customer: string;
  readonly kid: string;
  readonly wrapped: Uint8Array;
};

const DESTROYED = 0;
const nameOf = (row: Pick<Row, 'customer' | 'kid'>): string => `${row.customer}|${row.kid}`;

/** KEYS_DAMAGED, naming the customers whose keys are there and do not open. */
export const damaged = (customerIds: readonly string[], cause?: unknown): TenureError =>
  new TenureError(
    'KEYS_DAMAGED',
    'Data keys in the key store do not open: the file is damaged. Restore it from a backup; no key was replaced.',
    { customerIds },
    { cause },
  );

/** The data keys of a file. Writing is inside a transaction of the caller. */
export const openDataKeys = (database: DatabaseSync, epochs: Epochs, random: RandomBytes) => {
  const sql = statements(database);
  const isDestroyed = (customerId: string): boolean => sql.tombstone.get(customerId) !== undefined;
  return {
    isDestroyed,
    /** Undefined: none yet, or destroyed. @throws KEYS_DAMAGED */
    find(customerId: string): DataKey | undefined {
      const row = rowOf(sql.byCustomer.get(customerId));
      if (row === undefined) return undefined;
      if (epochOf(row.wrapped) !== DESTROYED) return { kid: row.kid, key: keyIn(row, epochs) };
      if (isDestroyed(customerId)) return undefined;
      throw damaged([customerId]); // zeros that nobody asked for
    },
    create(customerId: string, epoch: Epoch): DataKey {
      const made = { kid: newKid(random), key: newKey(random) };
      const name = nameOf({ customer: customerId, kid: made.kid });
      sql.insert.run(customerId, made.kid, wrap(made.key, epoch, name, random));
      return made;
    },
    /** Overwrites the key and remembers that there was one; answers its id. The second time changes nothing. */
    destroy(customerId: string, now: number): readonly string[] {
      const row = rowOf(sql.byCustomer.get(customerId));
      if (row !== undefined) sql.overwrite.run(Buffer.alloc(WRAPPED_BYTES), row.id);
      sql.bury.run(customerId, row?.kid ?? null, now);
      return row === undefined ? [] : [row.kid];
    },
    /** Wraps the keys of one page anew under `epoch`. `next` is null after the last page; `broken`: whose do not open. */
    rewrap(after: number, limit: number, epoch: Epoch) {
      const rows = sql.page.all(after, limit).flatMap((columns) => rowOf(columns) ?? []);
      const old = rows.filter(({ wrapped }) => ![DESTROYED, epoch.epoch].includes(epochOf(wrapped)));
      const broken = old.filter((row) => {
        const key = keyOrUndefined(row, epochs);
        if (key !== undefined) sql.overwrite.run(wrap(key, epoch, nameOf(row), random), row.id);
        return key === undefined;
      });
      return {
        wrapped: old.length - broken.length,
        broken: broken.map(({ customer }) => customer),
        next: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
      };
    },
    count: (): number => Number(sql.count.get()?.['keys']),
  };
};

const statements = (database: DatabaseSync) => ({
  byCustomer: database.prepare('SELECT id, customer, kid, wrapped FROM data_keys WHERE customer = ?'),
  page: database.prepare('SELECT id, customer, kid, wrapped FROM data_keys WHERE id > ? ORDER BY id LIMIT ?'),
  insert: database.prepare('INSERT INTO data_keys (customer, kid, wrapped) VALUES (?, ?, ?)'),
  overwrite: database.prepare('UPDATE data_keys SET wrapped = ? WHERE id = ?'),
  tombstone: database.prepare('SELECT kid FROM destroyed WHERE customer = ?'),
  bury: database.prepare('INSERT OR IGNORE INTO destroyed (customer, kid, at) VALUES (?, ?, ?)'),
  count: database.prepare(
    'SELECT (SELECT count(*) FROM data_keys) - (SELECT count(kid) FROM destroyed) AS keys',
  ),
});

const rowOf = (columns: Readonly<Record<string, SQLOutputValue>> | undefined): Row | undefined =>
  columns && {
    id: Number(columns['id']),
    customer: String(columns['customer']),
    kid: String(columns['kid']),
    wrapped: columns['wrapped'] instanceof Uint8Array ? columns['wrapped'] : new Uint8Array(),
  };

const keyIn = (row: Row, epochs: Epochs): KeyObject => {
  const epoch = epochs.of(epochOf(row.wrapped));
  if (epoch === undefined) throw damaged([row.customer]);
  try {
    return unwrap(row.wrapped, epoch.key, nameOf(row));
  } catch (cause) {
    throw damaged([row.customer], cause);
  }
};

const keyOrUndefined = (row: Row, epochs: Epochs): KeyObject | undefined => {
  try {
    return keyIn(row, epochs);
  } catch (error) {
    if (isTenureError(error, 'KEYS_DAMAGED')) return undefined; // the caller lists it
    throw error;
  }
};

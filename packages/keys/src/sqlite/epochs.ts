// The keys of epochs: the newest one wraps, older ones only live while a rotation is under way.
import type { KeyObject } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { TenureError } from '@tenure/core';
import type { RandomBytes } from '../random.ts';
import { newKey, unwrap, wrap, WRAPPED_BYTES } from '../wrapping.ts';

export type Epoch = { readonly epoch: number; readonly since: number; readonly key: KeyObject };
export type Epochs = ReturnType<typeof openEpochs>;

type Row = { readonly epoch: number; readonly since: number; readonly wrapped: Uint8Array };

// Epoch keys are wrapped by the root key; the bytes say "epoch 0", which is none.
const ROOT = 0;
const nameOf = (epoch: number): string => `epoch ${epoch}`;

/** Reads the epochs of a file. @throws KEYS_ROOT_SECRET when the root secret is not the one the file was made with. */
export const openEpochs = (database: DatabaseSync, root: KeyObject, random: RandomBytes) => {
  const select = database.prepare('SELECT epoch, since, wrapped FROM epochs ORDER BY epoch');
  const newest = database.prepare('SELECT max(epoch) AS epoch FROM epochs');
  const insert = database.prepare('INSERT INTO epochs (epoch, since, wrapped) VALUES (?, ?, ?)');
  const overwrite = database.prepare('UPDATE epochs SET wrapped = ? WHERE epoch = ?');
  let living = new Map<number, Epoch>();

  const read = (): void => {
    living = new Map();
    for (const row of select.all().map(rowOf))
      if (!isDestroyed(row.wrapped)) living.set(row.epoch, { ...row, key: opened(row) });
  };
  const opened = ({ epoch, wrapped }: Row): KeyObject => {
    try {
      return unwrap(wrapped, root, nameOf(epoch));
    } catch (cause) {
      throw new TenureError(
        'KEYS_ROOT_SECRET',
        'The root secret does not open the key store. Give the secret it was made with, or restore both from one backup.',
        { epoch },
        { cause },
      );
    }
  };
  read();
  return {
    /** The epoch's key, also when another process began the epoch meanwhile; undefined when it is destroyed. */
    of(epoch: number): Epoch | undefined {
      if (!living.has(epoch)) read();
      return living.get(epoch);
    },
    /** The epoch in force; undefined in a new file. Inside a transaction it cannot change. */
    current(): Epoch | undefined {
      const epoch = newest.get()?.['epoch'];
      return typeof epoch === 'number' ? this.of(epoch) : undefined;
    },
    /** Begins an epoch (ms). Inside a transaction of the caller. */
    begin(since: number): void {
      const epoch = Number(newest.get()?.['epoch'] ?? 0) + 1;
      const wrapped = wrap(newKey(random), { epoch: ROOT, key: root }, nameOf(epoch), random);
      insert.run(epoch, since, wrapped);
    },
    /** The epochs whose keys live, oldest first. */
    living(): readonly number[] {
      read();
      return [...living.keys()];
    },
    /** Overwrites an epoch's key. Inside a transaction of the caller. */
    destroy(epoch: number): void {
      overwrite.run(Buffer.alloc(WRAPPED_BYTES), epoch);
      living.delete(epoch);
    },
  };
};

const rowOf = (columns: Readonly<Record<string, SQLOutputValue>>): Row => ({
  epoch: Number(columns['epoch']),
  since: Number(columns['since']),
  wrapped: columns['wrapped'] instanceof Uint8Array ? columns['wrapped'] : new Uint8Array(),
});

const isDestroyed = (wrapped: Uint8Array): boolean =>
  wrapped.length === WRAPPED_BYTES && wrapped.every((byte) => byte === 0);

// Keys under keys: a root secret wraps the keys of epochs, an epoch's key wraps the data keys of customers.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { TenureError } from '@tenure/core';
import type { RandomBytes } from './random.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const EPOCH_BYTES = 4;
/** A root secret shorter than this can be guessed. */
const MIN_ROOT_BYTES = 32;

/**
 * A wrapped key: epoch | iv | ciphertext | tag. Always the same size, so the store overwrites one in place and no
 * second copy of it comes to lie anywhere.
 */
export const WRAPPED_BYTES = EPOCH_BYTES + IV_BYTES + KEY_BYTES + TAG_BYTES;

/** The key that wraps epoch keys, derived from the installation's secret. @throws KEYS_ROOT_SECRET when it is too short. */
export const rootKey = (secret: Uint8Array): KeyObject => {
  if (secret.length < MIN_ROOT_BYTES)
    throw new TenureError(
      'KEYS_ROOT_SECRET',
      `The root secret of the key store has fewer than ${MIN_ROOT_BYTES} bytes.`,
    );
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', secret, '', 'tenure: key store, epoch keys', KEY_BYTES)),
  );
};

export const newKey = (random: RandomBytes): KeyObject => createSecretKey(random(KEY_BYTES));

/** `name` binds the wrapped bytes to whose they are: moved to another row they do not open. */
export const wrap = (
  key: KeyObject,
  under: { readonly epoch: number; readonly key: KeyObject },
  name: string,
  random: RandomBytes,
): Buffer => {
  const head = Buffer.alloc(EPOCH_BYTES);
  head.writeUInt32BE(under.epoch);
  const iv = random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', under.key, iv);
  cipher.setAAD(Buffer.from(`${under.epoch}|${name}`, 'utf8'));
  return Buffer.concat([head, iv, cipher.update(key.export()), cipher.final(), cipher.getAuthTag()]);
};

/** The epoch whose key opens these bytes; 0 for a key that was destroyed (all zeros), −1 for what is no wrapped key. */
export const epochOf = (wrapped: Uint8Array): number =>
  wrapped.length === WRAPPED_BYTES ? Buffer.from(wrapped).readUInt32BE(0) : -1;

/** @throws Error when the bytes are damaged, belong to another name, or `key` is not the one that wrapped them. */
export const unwrap = (wrapped: Uint8Array, key: KeyObject, name: string): KeyObject => {
  const bytes = Buffer.from(wrapped);
  const end = WRAPPED_BYTES - TAG_BYTES;
  const iv = bytes.subarray(EPOCH_BYTES, EPOCH_BYTES + IV_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(`${epochOf(bytes)}|${name}`, 'utf8'));
  cipher.setAuthTag(bytes.subarray(end));
  return createSecretKey(
    Buffer.concat([cipher.update(bytes.subarray(EPOCH_BYTES + IV_BYTES, end)), cipher.final()]),
  );
};

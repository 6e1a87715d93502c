// Sealing of one event's personal fields with the customer's data key, and opening them again.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { TenureError } from '@tenure/core';
import type { DataKey } from '@tenure/keys';
import { REDACTED, type Redacted, type SealedBlock } from './sealed.ts';

/** Stands in the associated data, so a later layout can never be taken for this one. */
const BLOCK_VERSION = 1;
/** 96 random bits: what AES-GCM takes without hashing. One data key seals far fewer than 2^32 blocks, so none repeats. */
export const IV_BYTES = 12;
export const TAG_BYTES = 16;

/** Whose block it is, and of which event. `schemaId`: the schema of the plaintext, so that an old block stays readable. */
export type BlockAbout = Pick<SealedBlock, 'eventId' | 'customerId' | 'schemaId'>;

/** Bytes that nobody can foresee: `crypto.randomBytes`, or a seeded source in a simulation. */
export type RandomBytes = (size: number) => Uint8Array;

// Not the schema id: upcasting must not break decryption.
const associatedData = (block: Pick<SealedBlock, 'eventId' | 'customerId'>): Buffer =>
  Buffer.from(`${block.customerId}|${block.eventId}|${BLOCK_VERSION}`, 'utf8');

/** Encrypts the encoded personal fields of an event. A block moved to another event or customer does not open there. */
export const sealBlock = (
  about: BlockAbout,
  plaintext: Uint8Array,
  dataKey: DataKey,
  random: RandomBytes,
): SealedBlock => {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', dataKey.key, iv);
  cipher.setAAD(associatedData(about));
  const ct = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return { ...about, kid: dataKey.kid, iv, ct };
};

/**
 * The plaintext of a block, or `Redacted` where the key that sealed it is not there (none, destroyed, or another one):
 * a missing key is never an error.
 * @throws UNDECODABLE when the key is there but the block is not what was sealed.
 */
export const openBlock = (block: SealedBlock, key: DataKey | undefined): Uint8Array | Redacted => {
  if (key?.kid !== block.kid) return REDACTED;
  const end = block.ct.length - TAG_BYTES;
  if (end < 0 || block.iv.length !== IV_BYTES) throw damaged(block);
  try {
    const cipher = createDecipheriv('aes-256-gcm', key.key, block.iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(associatedData(block));
    cipher.setAuthTag(block.ct.subarray(end));
    return Buffer.concat([cipher.update(block.ct.subarray(0, end)), cipher.final()]);
  } catch (cause) {
    throw damaged(block, cause);
  }
};

/** Tells the two answers of `openBlock` (and of an opened value) apart, also after they crossed a thread. */
export const isRedacted = (opened: unknown): opened is Redacted =>
  typeof opened === 'object' && opened !== null && 'redacted' in opened;

const damaged = (block: SealedBlock, cause?: unknown): TenureError =>
  new TenureError(
    'UNDECODABLE',
    'The sealed block of this event is damaged or belongs to another event or customer; restore the record it lies in.',
    { eventId: block.eventId, kid: block.kid },
    { cause },
  );

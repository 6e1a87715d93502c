// Finding a personal value that is stored nowhere: its keyed hash is. Without the pepper nobody can try values out.
import { createHmac, type KeyObject } from 'node:crypto';
import { UNIT_SEPARATOR } from '@tenure/core';
import { isMatchKind, matchKey } from './match-keys.ts';

/** 128 bits: no two values of a deployment meet, and the index stays small. */
const HASH_BYTES = 16;

/** HMAC-SHA-256 of a normalised value with the deployment's pepper, cut to 16 bytes, in hex. A kind never answers for another. */
export const blindIndex = (pepper: KeyObject, kind: string, normalised: string): string =>
  createHmac('sha256', pepper)
    .update(`${kind}${UNIT_SEPARATOR}${normalised}`, 'utf8')
    .digest()
    .toString('hex', 0, HASH_BYTES);

/** Hash of a value as it was entered; null where it gives no key or the kind is not one to search by. */
export const searchHash = (pepper: KeyObject, region: string, kind: string, value: string): string | null => {
  const normalised = isMatchKind(kind) ? matchKey(kind, value, region) : null;
  return normalised === null ? null : blindIndex(pepper, kind, normalised);
};

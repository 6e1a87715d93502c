// The number that people read out and type: never a key, a search for it may find several.
import { dateAt, uuidToBytes } from '@tenure/core';

/** Crockford's base 32: no I, L, O or U, so that nobody mistakes a digit for a letter. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 6; // of five bits each: the last 30 bits of the id

/** `SO-261120-7ZQ3M0`: prefix, business date of the first event, tail of the id (DEFAULTS §11). `firstAt` in ms. */
export const shownNumber = (prefix: string, id: string, firstAt: number, zone: string): string => {
  const tail = uuidToBytes(id).readUInt32BE(12);
  const characters = Array.from(
    { length: CHARACTERS },
    (_, i) => ALPHABET[(tail >>> (5 * (CHARACTERS - 1 - i))) & 31] ?? '',
  );
  return `${prefix}-${dateAt(firstAt, zone).slice(2).replaceAll('-', '')}-${characters.join('')}`;
};

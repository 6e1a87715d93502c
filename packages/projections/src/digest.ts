// The digest of a projection: equal for equal documents, in whatever order they were built (PROJECTIONS §1).
import { hash } from 'node:crypto';
import type { Reader, StoredDocument } from '@tenure/read-models';
import { breathe } from './exclusive.ts';

/** Documents hashed without a breath: about two milliseconds. */
const PAGE = 250;
const WORDS = 8;
const WORD = 2 ** 32;

/**
 * Sum modulo 2²⁵⁶ of SHA-256(id, SHA-256(body)) over the documents, as 64 hexadecimal digits. Redirects and documents
 * of parked customers are left out: where those stand depends on when they stopped. Null when `moved` says that the
 * documents changed meanwhile.
 */
export const digestOf = async (
  reader: Pick<Reader, 'scan'>,
  moved: () => boolean,
): Promise<string | null> => {
  const sum = new Float64Array(WORDS); // sums of 2^21 words of 32 bits are exact; they are carried after each page
  for (let after = ''; ;) {
    const page = await reader.scan(after, PAGE);
    if (moved()) return null;
    for (const document of page) {
      after = document.id;
      if (document.redirect === null && !document.stale) add(sum, document);
    }
    carry(sum);
    if (page.length < PAGE) return textOf(sum);
    await breathe();
  }
};

const add = (sum: Float64Array, { id, body }: StoredDocument): void => {
  const one = hash('sha256', `${id}\n${hash('sha256', body, 'hex')}`, 'buffer');
  for (let word = 0; word < WORDS; word++) sum[word] = (sum[word] ?? 0) + one.readUInt32BE(word * 4);
};

// Big-endian words: word 0 overflows out of the sum, which is the modulo.
const carry = (sum: Float64Array): void => {
  let over = 0;
  for (let word = WORDS - 1; word >= 0; word--) {
    const value = (sum[word] ?? 0) + over;
    over = Math.floor(value / WORD);
    sum[word] = value - over * WORD;
  }
};

const textOf = (sum: Float64Array): string =>
  [...sum].map((word) => word.toString(16).padStart(8, '0')).join('');

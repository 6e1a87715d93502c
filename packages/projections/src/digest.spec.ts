import { createHash } from 'node:crypto';
import type { StoredDocument } from '@tenure/read-models';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';

const document = (id: string, body: string, about: Partial<StoredDocument> = {}): StoredDocument => ({
  id,
  key: id,
  body,
  vector: {},
  sealed: null,
  partition: 0,
  stale: false,
  redirect: null,
  wakeAt: null,
  change: 1,
  columns: [],
  ...about,
});

const reading = (documents: readonly StoredDocument[]) => ({
  scan: async (after: string, limit: number) =>
    documents
      .filter(({ id }) => id > after)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit),
});

const never = (): boolean => false;
const always = (): boolean => true;
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The definition, spelled out with big integers. */
const expected = (documents: readonly StoredDocument[]): string => {
  let sum = 0n;
  for (const { id, body } of documents) sum += BigInt(`0x${sha(`${id}\n${sha(body)}`)}`);
  return (sum % 2n ** 256n).toString(16).padStart(64, '0');
};

describe('digestOf', () => {
  it('is the sum of the hashes of ids and bodies modulo 2^256, over any number of pages', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 700 }), fc.string(), async (count, text) => {
        const documents = Array.from({ length: count }, (_, i) => document(`d${i}`, `${text}${i}`));
        expect(await digestOf(reading(documents), never)).toBe(expected(documents));
      }),
      { numRuns: 30 },
    ));

  it('leaves redirects and parked customers out', async () => {
    const healthy = [document('a', '{}'), document('b', '{"x":1}')];
    const others = [document('c', '{}', { stale: true }), document('d', '', { redirect: 'a' })];
    expect(await digestOf(reading([...healthy, ...others]), never)).toBe(expected(healthy));
  });

  it('is null when the documents moved meanwhile', async () => {
    expect(await digestOf(reading([document('a', '{}')]), always)).toBeNull();
  });
});

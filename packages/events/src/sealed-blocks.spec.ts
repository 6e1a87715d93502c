import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTenureError, uuidFromBytes } from '@tenure/core';
import { decodeBlocks, encodeBlocks, mergeBlocks, sealedRefs, sealedRefsOfJson } from './sealed-blocks.ts';
import type { SealedBlock } from './sealed.ts';

const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => uuidFromBytes(bytes));
const block = fc.record<SealedBlock>({
  eventId: uuid,
  customerId: fc.constantFrom('6e5bb38a-8de3-5688-b629-4fa13d846ff8', 'fe40db47-5f77-5b73-8a47-b4e82803c12c'),
  schemaId: fc.nat(0x7fffffff),
  kid: fc.constantFrom('k1', 'k2'),
  iv: fc.uint8Array({ minLength: 12, maxLength: 12 }),
  ct: fc.uint8Array({ minLength: 16, maxLength: 300 }),
});
const blocks = fc
  .uniqueArray(block, { selector: (one) => one.eventId, maxLength: 12 })
  .map((list) => new Map(list.map((one) => [one.eventId, one])));

const plain = (found: ReadonlyMap<string, SealedBlock>): unknown =>
  [...found.values()]
    .map((one) => ({ ...one, iv: [...one.iv], ct: [...one.ct] }))
    .toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));

const one = (eventId: string, byte: number): SealedBlock => ({
  eventId,
  customerId: '6e5bb38a-8de3-5688-b629-4fa13d846ff8',
  schemaId: 3,
  kid: 'k1',
  iv: new Uint8Array(12).fill(byte),
  ct: new Uint8Array(20).fill(byte),
});
const A = 'aaaaaaaa-aaaa-5aaa-8aaa-aaaaaaaaaaaa';
const B = 'bbbbbbbb-bbbb-5bbb-8bbb-bbbbbbbbbbbb';
const setOf = (...list: readonly SealedBlock[]): ReadonlyMap<string, SealedBlock> =>
  new Map(list.map((item) => [item.eventId, item]));

const tryDecode = (bytes: Uint8Array): string => {
  try {
    decodeBlocks(bytes);
    return 'read';
  } catch (error) {
    return isTenureError(error) ? error.code : String(error);
  }
};

describe('the blocks beside a document', () => {
  it('come back as they were stored', () => {
    fc.assert(
      fc.property(blocks, (given) => {
        expect(plain(decodeBlocks(encodeBlocks(given)))).toEqual(plain(given));
      }),
    );
  });

  it('are equal bytes whatever the order in which the blocks arrived', () => {
    fc.assert(
      fc.property(blocks, (given) => {
        expect(encodeBlocks(new Map([...given].toReversed()))).toEqual(encodeBlocks(given));
      }),
    );
  });

  it('are null when there are none', () => {
    expect(encodeBlocks(new Map())).toBeNull();
    expect(decodeBlocks(null).size).toBe(0);
  });

  it('name a customer and his key once', () => {
    const single = encodeBlocks(setOf(one(A, 1)))?.length ?? 0;
    expect((encodeBlocks(setOf(one(A, 1), one(B, 2)))?.length ?? 0) - single).toBe(16 + 1 + 1 + 12 + 1 + 20);
  });

  it('refuse cut, lengthened or mutated bytes as UNDECODABLE or read as blocks, and never crash', () => {
    const bytes = encodeBlocks(setOf(one(A, 1), one(B, 2))) ?? new Uint8Array();
    for (let size = 0; size < bytes.length; size++)
      expect(tryDecode(bytes.subarray(0, size))).toBe('UNDECODABLE');
    expect(tryDecode(Buffer.concat([bytes, Buffer.of(0)]))).toBe('UNDECODABLE');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const mutated = Uint8Array.from(bytes);
        mutated[at] = value;
        expect(['read', 'UNDECODABLE']).toContain(tryDecode(mutated));
      }),
    );
    expect(tryDecode(Buffer.of(1, 0xff, 0xff, 0xff, 0xff, 0x0f))).toBe('UNDECODABLE');
  });
});

describe('sealedRefs', () => {
  const document = {
    slices: { customer: { name: { $sealed: A, field: 'displayName' }, points: [{ value: { $sealed: B } }] } },
    note: `a text may say "$sealed":"${A.replaceAll('a', 'c')}" and is no reference`,
  };

  it('finds every event a document refers to, in the value and in its JSON text', () => {
    expect(sealedRefs(document)).toEqual(new Set([A, B]));
    expect(sealedRefsOfJson(JSON.stringify(document))).toEqual(new Set([A, B]));
  });
});

describe('mergeBlocks', () => {
  it('adds new blocks and drops those the body refers to no more', () => {
    const stored = encodeBlocks(setOf(one(A, 1)));
    expect(mergeBlocks(stored, [one(B, 2)], new Set([A, B]))).toEqual(
      encodeBlocks(setOf(one(A, 1), one(B, 2))),
    );
    expect(mergeBlocks(stored, [one(B, 2)], new Set([B]))).toEqual(encodeBlocks(setOf(one(B, 2))));
    expect(mergeBlocks(stored, [one(B, 2)], new Set())).toBeNull();
  });

  it('leaves the stored bytes alone when nothing changed, also for a block that comes again', () => {
    const stored = encodeBlocks(setOf(one(A, 1), one(B, 2)));
    expect(mergeBlocks(stored, [], new Set([A, B]))).toBe(stored);
    expect(mergeBlocks(stored, [one(A, 9)], new Set([A, B]))).toBe(stored);
  });
});

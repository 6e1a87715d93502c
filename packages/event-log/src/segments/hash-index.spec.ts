import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInTail, findSorted, sortInto } from './hash-index.ts';
import { emptyTail, reserve } from './tail.ts';

const anyHashes = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0xffff_fff0, max: 0xffff_ffff }),
    fc.nat(0xffff_ffff),
  ),
  { maxLength: 700 },
);

describe('the hash index', () => {
  it('finds the records of a hash in the order of the file, sealed or not', () => {
    fc.assert(
      fc.property(anyHashes, (hashes) => {
        const tail = emptyTail();
        reserve(tail, 0, hashes.length);
        tail.hashes.set(hashes);
        tail.offsets.set(hashes.map((_, i) => i * 40));
        const sorted = { hashes: new Uint32Array(hashes.length), offsets: new Uint32Array(hashes.length) };
        sortInto(tail, hashes.length, sorted);
        for (const hash of new Set(hashes).add(0).add(77).add(0xffff_ffff)) {
          const wanted = hashes.flatMap((other, i) => (other === hash ? [i * 40] : []));
          expect(findSorted(sorted, hash)).toEqual(wanted);
          expect(findInTail(tail, hashes.length, hash)).toEqual(wanted);
        }
      }),
      { seed: 11 },
    );
  });
});

// Key hash → offsets, in two typed arrays.
import { TenureError } from '@tenure/core';
import type { Tail } from './tail.ts';

/** Finds records by key hash: 8 bytes per record, sorted by hash, then offset. */
export type HashIndex = { readonly hashes: Uint32Array; readonly offsets: Uint32Array };

// A double holds 53 bits: hash and record number in one number sort natively, ten times faster than with a comparator.
const NUMBER_RANGE = 2 ** 21;

/** Sorts what the tail collected by hash, then offset, into two arrays of the length `records`. */
export const sortInto = (tail: Tail, records: number, { hashes, offsets }: HashIndex): void => {
  if (records > NUMBER_RANGE)
    throw new TenureError('INTERNAL', 'A segment has more records than an index can number.');
  const packed = new Float64Array(records);
  for (let i = 0; i < records; i++) packed[i] = (tail.hashes[i] ?? 0) * NUMBER_RANGE + i;
  packed.sort();
  for (let i = 0; i < records; i++) {
    const both = packed[i] ?? 0;
    const hash = Math.floor(both / NUMBER_RANGE);
    hashes[i] = hash;
    offsets[i] = tail.offsets[both - hash * NUMBER_RANGE] ?? 0;
  }
};

/** Offsets with this hash, in the order of the file, in a sorted index. */
export const findSorted = ({ hashes, offsets }: HashIndex, hash: number): readonly number[] => {
  let low = 0;
  let high = hashes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hashes[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (; hashes[low] === hash; low++) found.push(offsets[low] ?? 0);
  return found;
};

/** Offsets with this hash among the first `records` of a tail. */
export const findInTail = (tail: Tail, records: number, hash: number): readonly number[] => {
  const found: number[] = [];
  for (let i = tail.hashes.indexOf(hash); i >= 0 && i < records; i = tail.hashes.indexOf(hash, i + 1))
    found.push(tail.offsets[i] ?? 0);
  return found;
};

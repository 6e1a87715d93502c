// The index of a segment that still grows: in the order of the file, searched from end to end (6 µs for 26,000 records).
import { recordBytes, recordHash, type BlockInMemory } from './decode.ts';
import { BLOCK_BYTES, BLOCK_HEADER } from './format.ts';

export type Tail = {
  hashes: Uint32Array<ArrayBuffer>;
  offsets: Uint32Array<ArrayBuffer>;
  readonly marks: { readonly records: number[]; readonly offsets: number[] };
};

const FIRST_RECORDS = 256; // most lanes of a young deployment never have more

export const emptyTail = (): Tail => ({
  hashes: new Uint32Array(FIRST_RECORDS),
  offsets: new Uint32Array(FIRST_RECORDS),
  marks: { records: [], offsets: [] },
});

/** Makes room for `more` records beyond the `count` that are there. */
export const reserve = (tail: Tail, count: number, more: number): void => {
  if (count + more <= tail.hashes.length) return;
  const length = Math.max(tail.hashes.length * 2, count + more);
  tail.hashes = grown(tail.hashes, length);
  tail.offsets = grown(tail.offsets, length);
};

const grown = (array: Uint32Array, length: number): Uint32Array<ArrayBuffer> => {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
};

/** Notes where the block that begins with the `record`-th record lies, unless the last note is close enough. */
export const mark = (tail: Tail, record: number, offset: number): void => {
  const last = tail.marks.offsets.at(-1);
  if (last !== undefined && offset - last < BLOCK_BYTES / 2) return;
  tail.marks.records.push(record);
  tail.marks.offsets.push(offset);
};

/** Adds the records of a checked block to a tail that has `count`. False when they do not fill the block exactly. */
export const noteBlock = (tail: Tail, count: number, { bytes, at, offset, head }: BlockInMemory): boolean => {
  reserve(tail, count, head.records);
  mark(tail, count, offset);
  let record = BLOCK_HEADER;
  for (let i = count; i < count + head.records && record < head.bytes; i++) {
    tail.hashes[i] = recordHash(bytes, at + record);
    tail.offsets[i] = offset + record;
    record += recordBytes(bytes, at + record);
  }
  return record === head.bytes;
};

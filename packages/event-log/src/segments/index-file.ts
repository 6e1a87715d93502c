// The index of a sealed segment, `<first seq>.idx` beside it. That it is there and whole says that the segment was
// flushed to its end; it can always be made anew from the segment.
//
// index = magic u32 · header crc u32 (of the rest of the header) · content crc u32 · records u32 · marks u32
//         · segment bytes u32 · first seq f64 · last seq f64 · first position f64 · last position f64
//         · hashes u32[records] · offsets u32[records] · mark records u32[marks] · mark offsets u32[marks]
import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { sortInto, type HashIndex } from './hash-index.ts';
import type { Marks, Segment } from './segment.ts';
import type { Tail } from './tail.ts';

const MAGIC = 0x31584954; // "TIX1"
const HEADER = 56;
const at = { magic: 0, headerCrc: 4, contentCrc: 8, records: 12, marks: 16, size: 20 };
const doubles = { firstSeq: 24, lastSeq: 32, firstPosition: 40, lastPosition: 48 };

/** A loaded index; `bytes` is what it takes in memory. */
export type SegmentIndex = HashIndex & { readonly marks: Marks; readonly bytes: number };

/** What the header tells of its segment. */
export type SealedFacts = Pick<
  Segment,
  'size' | 'records' | 'firstSeq' | 'lastSeq' | 'firstPosition' | 'lastPosition'
> & { readonly marks: number; readonly contentCrc: number };

const indexPath = (segmentPath: string): string => segmentPath.replace(/seg$/, 'idx');

/** Builds and writes the index of a segment; atomically, not durably: a torn one is made anew. */
export const writeIndex = (segment: Segment, tail: Tail): SegmentIndex => {
  const { file, index } = buildIndex(segment, tail);
  const path = indexPath(segment.path);
  writeFileSync(`${path}.tmp`, file);
  renameSync(`${path}.tmp`, path);
  return index;
};

/** The index as the bytes of a file and as arrays within them. */
export const buildIndex = (
  segment: Segment,
  tail: Tail,
): { readonly file: Buffer; readonly index: SegmentIndex } => {
  const marks = tail.marks.records.length;
  const file = Buffer.allocUnsafeSlow(HEADER + 8 * (segment.records + marks));
  const index = arraysIn(file, segment.records, marks);
  sortInto(tail, segment.records, index);
  index.marks.records.set(tail.marks.records);
  index.marks.offsets.set(tail.marks.offsets);
  file.writeUInt32LE(MAGIC, at.magic);
  file.writeUInt32LE(crc32(file.subarray(HEADER), segment.seed), at.contentCrc);
  file.writeUInt32LE(segment.records, at.records);
  file.writeUInt32LE(marks, at.marks);
  file.writeUInt32LE(segment.size, at.size);
  file.writeDoubleLE(segment.firstSeq, doubles.firstSeq);
  file.writeDoubleLE(segment.lastSeq, doubles.lastSeq);
  file.writeDoubleLE(segment.firstPosition, doubles.firstPosition);
  file.writeDoubleLE(segment.lastPosition, doubles.lastPosition);
  file.writeUInt32LE(crc32(file.subarray(at.contentCrc, HEADER), segment.seed), at.headerCrc);
  return { file, index };
};

const arraysIn = (file: Buffer, records: number, marks: number) => {
  const array = (start: number, length: number): Uint32Array =>
    new Uint32Array(file.buffer, file.byteOffset + HEADER + 4 * start, length);
  return {
    hashes: array(0, records),
    offsets: array(records, records),
    marks: { records: array(2 * records, marks), offsets: array(2 * records + marks, marks) },
    bytes: file.length,
  };
};

/** What the index beside a segment says of it, or null when there is none that holds. */
export const readSealedFacts = (segmentPath: string, seed: number): SealedFacts | null => {
  const fd = openIfThere(indexPath(segmentPath));
  if (fd === null) return null;
  try {
    const header = Buffer.alloc(HEADER);
    if (readSync(fd, header, 0, HEADER, 0) < HEADER) return null;
    const facts = factsIn(header, seed);
    return facts !== null && fstatSync(fd).size === HEADER + 8 * (facts.records + facts.marks) ? facts : null;
  } finally {
    closeSync(fd);
  }
};

const openIfThere = (path: string): number | null => {
  try {
    return openSync(path, 'r');
  } catch {
    return null; // none yet, or unreadable: the segment itself is read instead
  }
};

const factsIn = (header: Buffer, seed: number): SealedFacts | null => {
  if (header.readUInt32LE(at.magic) !== MAGIC) return null;
  if (header.readUInt32LE(at.headerCrc) !== crc32(header.subarray(at.contentCrc, HEADER), seed)) return null;
  return {
    contentCrc: header.readUInt32LE(at.contentCrc),
    records: header.readUInt32LE(at.records),
    marks: header.readUInt32LE(at.marks),
    size: header.readUInt32LE(at.size),
    firstSeq: header.readDoubleLE(doubles.firstSeq),
    lastSeq: header.readDoubleLE(doubles.lastSeq),
    firstPosition: header.readDoubleLE(doubles.firstPosition),
    lastPosition: header.readDoubleLE(doubles.lastPosition),
  };
};

/** Loads and checks the index of a segment, or null when it is not whole. */
export const readIndex = (segment: Segment): SegmentIndex | null => {
  const file = readIfThere(indexPath(segment.path));
  if (file === null || file.length < HEADER) return null;
  const facts = factsIn(file.subarray(0, HEADER), segment.seed);
  if (facts === null || facts.firstSeq !== segment.firstSeq || facts.records !== segment.records) return null;
  if (file.length !== HEADER + 8 * (facts.records + facts.marks)) return null;
  if (crc32(file.subarray(HEADER), segment.seed) !== facts.contentCrc) return null;
  return arraysIn(file, facts.records, facts.marks);
};

const readIfThere = (path: string): Buffer | null => {
  try {
    const file = readFileSync(path);
    return file.byteOffset % 4 === 0 ? file : Buffer.from(Uint8Array.from(file).buffer);
  } catch {
    return null; // gone or unreadable: made anew from the segment
  }
};

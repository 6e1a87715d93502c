// Reads segments through a bounded number of open files and a bounded memory of indexes.
import { closeSync, openSync, readSync } from 'node:fs';
import { blockPasses, bytesOf, type Bytes } from './decode.ts';
import { corrupt } from './format.ts';
import { buildIndex, readIndex, writeIndex, type SegmentIndex } from './index-file.ts';
import { lru } from './lru.ts';
import type { Segment } from './segment.ts';
import { emptyTail, noteBlock, type Tail } from './tail.ts';
import { walkBlocks, type Visit, type WalkEnd } from './walk.ts';

const OPEN_FILES = 64; // a process has 1,024; a read needs one at a time, the rest are for speed
const INDEX_BYTES = 128 * 1024 * 1024; // 16 million events; beyond, those used least are read again
const FIRST_SCRATCH = 4096;

export type SegmentReader = {
  /** Walks the blocks from an offset; `keep`: the visitor keeps views of the bytes. */
  walk(segment: Segment, from: number, keep: boolean, visit: Visit): WalkEnd;
  /** Bytes of a segment, fewer at its end. Valid until the next call. */
  bytesAt(segment: Segment, offset: number, length: number): Bytes;
  /** The index of a sealed segment; made anew when its file does not hold. @throws CORRUPT */
  index(segment: Segment): SegmentIndex;
  /** Writes the index of a segment that is complete and flushed. */
  seal(segment: Segment): void;
  close(): void;
};

export const segmentReader = (readOnly: boolean): SegmentReader => {
  const files = lru<number>(OPEN_FILES, () => 1, closeSync);
  const indexes = lru<SegmentIndex>(INDEX_BYTES, sizeOf, () => {});
  let scratch = Buffer.allocUnsafeSlow(FIRST_SCRATCH);

  const open = (segment: Segment): number => {
    const known = files.get(segment.path);
    if (known !== undefined) return known;
    const fd = openFile(segment);
    files.add(segment.path, fd);
    return fd;
  };
  const walk: SegmentReader['walk'] = (segment, from, keep, visit) =>
    walkBlocks(open(segment), from, segment.size, keep, visit);
  const rebuilt = (segment: Segment): SegmentIndex => {
    const tail = rereadTail(segment, walk);
    return readOnly ? buildIndex(segment, tail).index : writeIndex(segment, tail);
  };
  return {
    walk,
    bytesAt(segment, offset, length) {
      if (length > scratch.length) scratch = Buffer.allocUnsafeSlow(length);
      const read = readSync(open(segment), scratch, 0, Math.min(length, segment.size - offset), offset);
      return bytesOf(scratch.subarray(0, read));
    },
    index(segment) {
      const known = indexes.get(segment.path);
      if (known !== undefined) return known;
      const index = readIndex(segment) ?? rebuilt(segment);
      indexes.add(segment.path, index);
      return index;
    },
    seal(segment) {
      if (segment.tail === null) return;
      indexes.add(segment.path, writeIndex(segment, segment.tail));
      segment.tail = null;
    },
    close() {
      files.clear();
      indexes.clear();
    },
  };
};

const sizeOf = (index: SegmentIndex): number => index.bytes;

const openFile = (segment: Segment): number => {
  try {
    return openSync(segment.path, 'r');
  } catch (cause) {
    throw corrupt(segment.lane, segment.file, 'The file cannot be opened', cause);
  }
};

const rereadTail = (segment: Segment, walk: SegmentReader['walk']): Tail => {
  const tail = emptyTail();
  let records = 0;
  const end = walk(segment, 0, false, (block) => {
    if (!blockPasses(block, segment.seed) || !noteBlock(tail, records, block)) return 'broken';
    records += block.head.records;
    return 'next';
  });
  if (end.why !== 'end' || records !== segment.records)
    throw corrupt(
      segment.lane,
      segment.file,
      `A block that does not pass its checksum at byte ${end.offset}`,
    );
  return tail;
};

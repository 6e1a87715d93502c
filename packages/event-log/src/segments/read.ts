// Records of one lane out of its segments: a stretch of seqs, or all of one key.
import type { LogRecord } from '../event-log.ts';
import type { Take } from '../lane-storage.ts';
import { murmur2 } from '../partition.ts';
import {
  blockPasses,
  decodeRecord,
  recordBytes,
  recordHash,
  recordPasses,
  type BlockInMemory,
  type Bytes,
} from './decode.ts';
import { BLOCK_HEADER, corrupt, MAX_RECORD_BYTES, RECORD_HEADER } from './format.ts';
import { findInTail, findSorted } from './hash-index.ts';
import type { SegmentReader } from './reader.ts';
import { startOf, type Segment } from './segment.ts';
import type { WalkEnd } from './walk.ts';

/** At most the wanted records from a seq on. @throws CORRUPT before anything that fails its checksum is answered. */
export const readStretch = (
  reader: SegmentReader,
  segments: readonly Segment[],
  fromSeq: number,
  wanted: Take,
): readonly LogRecord[] => {
  const found: Found = { fromSeq, wanted, records: [], room: wanted.bytes ?? Number.POSITIVE_INFINITY };
  for (let i = segmentWith(segments, fromSeq); i < segments.length && !full(found); i++) {
    const segment = segments[i];
    if (segment === undefined || segment.lastSeq < fromSeq) continue;
    collect(reader, segment, found);
  }
  return found.records;
};

type Found = { readonly fromSeq: number; readonly wanted: Take; readonly records: LogRecord[]; room: number };

const full = ({ records, wanted, room }: Found): boolean => records.length >= wanted.records || room <= 0;

/** Index of the last segment that begins at or before a seq. */
const segmentWith = (segments: readonly Segment[], seq: number): number => {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.firstSeq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
};

const collect = (reader: SegmentReader, segment: Segment, found: Found): void => {
  const skipped = found.fromSeq - segment.firstSeq;
  const start = skipped <= 0 ? 0 : startOf(segment.tail?.marks ?? reader.index(segment).marks, skipped);
  let expected = start === 0 ? segment.firstSeq : null;
  const end = reader.walk(segment, start, found.wanted.keys !== true, (block) => {
    if (expected !== null && block.head.firstSeq !== expected) return 'broken';
    expected = block.head.lastSeq + 1;
    if (block.head.lastSeq < found.fromSeq) return 'next';
    if (!blockPasses(block, segment.seed)) return 'broken';
    collectBlock(block, found);
    return full(found) ? 'stop' : 'next';
  });
  if (end.why === 'torn' || end.why === 'broken') throw broken(segment, end);
};

const collectBlock = ({ bytes, at, head }: BlockInMemory, found: Found): void => {
  const { keys, keyHash } = found.wanted;
  let record = at + BLOCK_HEADER;
  for (let seq = head.firstSeq; seq <= head.lastSeq && !full(found); seq++) {
    const length = recordBytes(bytes, record);
    if (seq >= found.fromSeq && within(keyHash, recordHash(bytes, record))) {
      found.records.push(decodeRecord(bytes, record, keys !== true));
      found.room -= length;
    }
    record += length;
  }
};

const within = (range: Take['keyHash'], hash: number): boolean =>
  range === undefined || (hash >= range.from && hash < range.to);

/** All records of a key up to a position, each checked by its own checksum. @throws CORRUPT */
export const readKeyRecords = (
  reader: SegmentReader,
  segments: readonly Segment[],
  key: string,
  upTo: number,
): readonly LogRecord[] => {
  const hash = murmur2(key);
  const records: LogRecord[] = [];
  for (const segment of segments) {
    if (segment.firstPosition > upTo) break;
    const offsets =
      segment.tail === null
        ? findSorted(reader.index(segment), hash)
        : findInTail(segment.tail, segment.records, hash);
    for (const offset of offsets) {
      const record = recordAt(reader, segment, offset);
      if (record.key === key && record.position <= upTo) records.push(record);
    }
  }
  return records;
};

const FIRST_READ = 1024; // most records are shorter: one read each

const recordAt = (reader: SegmentReader, segment: Segment, offset: number): LogRecord => {
  let bytes = reader.bytesAt(segment, offset, FIRST_READ);
  const length = bytes.buffer.length < RECORD_HEADER ? 0 : recordBytes(bytes, 0);
  if (length < RECORD_HEADER || length > MAX_RECORD_BYTES || offset + length > segment.size)
    throw brokenRecord(segment, offset);
  if (length > bytes.buffer.length) bytes = reader.bytesAt(segment, offset, length);
  if (bytes.buffer.length < length || !recordPasses(bytes, 0, length, segment.seed))
    throw brokenRecord(segment, offset);
  return ownBody(bytes);
};

// The bytes are those of the reader's scratch buffer: what is answered must have its own.
const ownBody = (bytes: Bytes): LogRecord => {
  const record = decodeRecord(bytes, 0, true);
  return { ...record, body: record.body.slice() };
};

const broken = (segment: Segment, end: WalkEnd): Error =>
  corrupt(segment.lane, segment.file, `A block that does not pass its checksum at byte ${end.offset}`);

const brokenRecord = (segment: Segment, offset: number): Error =>
  corrupt(segment.lane, segment.file, `A record that does not pass its checksum at byte ${offset}`);

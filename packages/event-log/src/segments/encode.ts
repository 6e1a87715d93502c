// Records → the bytes of blocks, in one buffer that every publish uses again.
import { crc32 } from 'node:zlib';
import { TenureError } from '@tenure/core';
import type { LogRecord } from '../event-log.ts';
import { murmur2Bytes } from '../partition.ts';
import * as format from './format.ts';

const WRITE_BYTES = 1024 * 1024; // one write: larger gains nothing, and bounds how far a segment outgrows its limit
const FIRST_SCRATCH = 256 * 1024;

/** What one write adds to a segment. `hashes` and `offsets` (within `bytes`) have an entry per record. */
export type Encoded = {
  readonly bytes: Uint8Array;
  readonly records: number;
  readonly hashes: Uint32Array;
  readonly offsets: Uint32Array;
  readonly blocks: readonly { readonly offset: number; readonly firstSeq: number }[];
};

export type Encoder = {
  /** Encodes records from `start` on, at least one, until about 1 MiB. The answer is valid until the next call. */
  encode(records: readonly LogRecord[], start: number, seed: number): Encoded;
};

export const encoder = (): Encoder => {
  const scratch = newScratch();
  return {
    encode(records, start, seed) {
      const blocks: { offset: number; firstSeq: number }[] = [];
      let end = 0;
      let next = start;
      while (next < records.length && end < WRITE_BYTES) {
        const { until, most } = planBlock(records, next);
        reserve(scratch, end, end + most, until - start);
        blocks.push({ offset: end, firstSeq: records[next]?.seq ?? 0 });
        end = writeBlock(scratch, end, { records, start, from: next, until, seed });
        next = until;
      }
      const { bytes, hashes, offsets } = scratch;
      return { bytes: bytes.subarray(0, end), records: next - start, hashes, offsets, blocks };
    },
  };
};

type Scratch = { bytes: Buffer; view: DataView; hashes: Uint32Array; offsets: Uint32Array };

const newScratch = (): Scratch => {
  const bytes = Buffer.allocUnsafeSlow(FIRST_SCRATCH);
  return { bytes, view: viewOf(bytes), hashes: new Uint32Array(1024), offsets: new Uint32Array(1024) };
};

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Makes room for `bytes` in all, keeping those `used`, and for `records`. */
const reserve = (scratch: Scratch, used: number, bytes: number, records: number): void => {
  if (bytes > scratch.bytes.length) {
    const grown = Buffer.allocUnsafeSlow(Math.max(scratch.bytes.length * 2, bytes));
    scratch.bytes.copy(grown, 0, 0, used);
    scratch.bytes = grown;
    scratch.view = viewOf(grown);
  }
  if (records <= scratch.hashes.length) return;
  scratch.hashes = larger(scratch.hashes, records);
  scratch.offsets = larger(scratch.offsets, records);
};

const larger = (array: Uint32Array, records: number): Uint32Array => {
  const grown = new Uint32Array(Math.max(array.length * 2, records));
  grown.set(array);
  return grown;
};

/** How many records, at least one, surely fit a block, and the bytes they take at most. */
const planBlock = (
  records: readonly LogRecord[],
  from: number,
): { readonly until: number; readonly most: number } => {
  let most = format.BLOCK_HEADER;
  let until = from;
  for (; until < records.length; until++) {
    const record = records[until];
    const bytes = record === undefined ? 0 : mostBytes(record);
    if (until > from && most + bytes > format.BLOCK_BYTES) break;
    most += bytes;
  }
  return { until, most };
};

/** An upper bound, cheap to compute: a UTF-16 unit takes at most three bytes of UTF-8. */
const mostBytes = (record: LogRecord): number =>
  format.RECORD_HEADER + 3 * (record.key.length + record.stream.length) + record.body.length;

const writeRecord = (
  scratch: Buffer,
  view: DataView,
  at: number,
  record: LogRecord,
  seed: number,
): number => {
  const { key, stream, body } = record;
  const keyAt = at + format.RECORD_HEADER;
  const keyBytes = scratch.write(key, keyAt);
  const streamBytes = scratch.write(stream, keyAt + keyBytes);
  const bodyAt = keyAt + keyBytes + streamBytes;
  scratch.set(body, bodyAt);
  const end = bodyAt + body.length;
  const fields = format.record;
  view.setUint32(at + fields.length, end - at, true);
  view.setUint32(at + fields.hash, murmur2Bytes(scratch, keyAt, keyBytes), true);
  view.setUint32(at + fields.revision, record.revision, true);
  view.setFloat64(at + fields.seq, record.seq, true);
  view.setFloat64(at + fields.position, record.position, true);
  view.setUint16(at + fields.key, keyBytes, true);
  view.setUint16(at + fields.stream, streamBytes, true);
  view.setUint32(at + fields.crc, crc32(scratch.subarray(at + fields.hash, end), seed), true);
  return end;
};

/** @throws RECORD_TOO_LARGE: nothing of a publish is written when one of its records is. */
export const checkSizes = (records: readonly LogRecord[]): void => {
  for (const record of records)
    if (
      mostBytes(record) > format.MAX_RECORD_BYTES ||
      record.key.length * 3 > format.MAX_NAME_BYTES ||
      record.stream.length * 3 > format.MAX_NAME_BYTES
    )
      throw new TenureError(
        'RECORD_TOO_LARGE',
        `An event may take at most ${format.MAX_RECORD_BYTES} bytes with its key and stream.`,
        { seq: record.seq, position: record.position },
      );
};

type BlockOf = {
  readonly records: readonly LogRecord[];
  /** First record of the write, of this block, and after it. */
  readonly start: number;
  readonly from: number;
  readonly until: number;
  readonly seed: number;
};

/** Writes a block; answers where it ends. */
const writeBlock = (scratch: Scratch, at: number, { records, start, from, until, seed }: BlockOf): number => {
  const { bytes, view, hashes, offsets } = scratch;
  let end = at + format.BLOCK_HEADER;
  for (let i = from; i < until; i++) {
    const record = records[i];
    if (record === undefined) break;
    offsets[i - start] = end;
    const next = writeRecord(bytes, view, end, record, seed);
    hashes[i - start] = view.getUint32(end + format.record.hash, true);
    end = next;
  }
  const [first, last] = [records[from], records[until - 1]];
  const fields = format.block;
  view.setUint32(at + fields.length, end - at - format.BLOCK_HEADER, true);
  view.setUint32(at + fields.records, until - from, true);
  view.setFloat64(at + fields.firstSeq, first?.seq ?? 0, true);
  view.setFloat64(at + fields.lastSeq, last?.seq ?? 0, true);
  view.setFloat64(at + fields.firstPosition, first?.position ?? 0, true);
  view.setFloat64(at + fields.lastPosition, last?.position ?? 0, true);
  view.setUint32(at + fields.crc, crc32(bytes.subarray(at + fields.records, end), seed), true);
  return end;
};

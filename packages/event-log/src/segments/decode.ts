// The bytes of blocks → records.
import { crc32 } from 'node:zlib';
import type { LogRecord } from '../event-log.ts';
import * as format from './format.ts';

/** Bytes read from a segment with the view that reads their numbers. */
export type Bytes = { readonly buffer: Buffer; readonly view: DataView };

export const bytesOf = (buffer: Buffer): Bytes => ({
  buffer,
  view: new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength),
});

export type BlockHead = {
  /** Whole length, header included. */
  readonly bytes: number;
  readonly records: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
};

const LEAST = format.BLOCK_HEADER + format.RECORD_HEADER;
const MOST = format.BLOCK_HEADER + format.MAX_RECORD_BYTES;

/** The header at `at` (which must lie within the bytes), or null when no block can begin like this. */
export const blockHead = ({ view }: Bytes, at: number): BlockHead | null => {
  const fields = format.block;
  const bytes = view.getUint32(at + fields.length, true) + format.BLOCK_HEADER;
  const records = view.getUint32(at + fields.records, true);
  const firstSeq = view.getFloat64(at + fields.firstSeq, true);
  const lastSeq = view.getFloat64(at + fields.lastSeq, true);
  if (bytes < LEAST || bytes > MOST || records < 1 || lastSeq !== firstSeq + records - 1) return null;
  return {
    bytes,
    records,
    firstSeq,
    lastSeq,
    firstPosition: view.getFloat64(at + fields.firstPosition, true),
    lastPosition: view.getFloat64(at + fields.lastPosition, true),
  };
};

/** A block in memory: its bytes lie at `at`, in the file at `offset`. */
export type BlockInMemory = {
  readonly bytes: Bytes;
  readonly at: number;
  readonly offset: number;
  readonly head: BlockHead;
};

/** Checks a whole block. */
export const blockPasses = ({ bytes: { buffer, view }, at, head }: BlockInMemory, seed: number): boolean =>
  crc32(buffer.subarray(at + format.block.records, at + head.bytes), seed) ===
  view.getUint32(at + format.block.crc, true);

export const recordBytes = ({ view }: Bytes, at: number): number =>
  view.getUint32(at + format.record.length, true);

export const recordHash = ({ view }: Bytes, at: number): number =>
  view.getUint32(at + format.record.hash, true);

/** Checks one record of `length` bytes: its block is not at hand. */
export const recordPasses = ({ buffer, view }: Bytes, at: number, length: number, seed: number): boolean =>
  crc32(buffer.subarray(at + format.record.hash, at + length), seed) ===
  view.getUint32(at + format.record.crc, true);

const NO_BODY = new Uint8Array(0);

/** A record of checked bytes; its body is a view of them, or empty. */
export const decodeRecord = ({ buffer, view }: Bytes, at: number, withBody: boolean): LogRecord => {
  const fields = format.record;
  const keyAt = at + format.RECORD_HEADER;
  const streamAt = keyAt + view.getUint16(at + fields.key, true);
  const bodyAt = streamAt + view.getUint16(at + fields.stream, true);
  const end = at + view.getUint32(at + fields.length, true);
  return {
    position: view.getFloat64(at + fields.position, true),
    stream: buffer.toString('utf8', streamAt, bodyAt),
    revision: view.getUint32(at + fields.revision, true),
    key: buffer.toString('utf8', keyAt, streamAt),
    body: withBody ? new Uint8Array(buffer.buffer, buffer.byteOffset + bodyAt, end - bodyAt) : NO_BODY,
    seq: view.getFloat64(at + fields.seq, true),
  };
};

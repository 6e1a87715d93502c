// The bytes of a segment file. Little endian; seq and position are doubles that hold safe integers.
//
// segment  = block*
// block    = length u32 (of the records) · crc u32 (of all that follows) · records u32 · first seq f64 · last seq f64
//            · first position f64 · last position f64 · record*
// record   = length u32 (of the whole record) · crc u32 (of all that follows) · key hash u32 · revision u32 · seq f64
//            · position f64 · key length u16 · stream length u16 · key · stream · body
//
// Both checksums start from the CRC-32 of "source/partition": a file that lies in another lane's folder does not pass.
import { crc32 } from 'node:zlib';
import { TenureError } from '@tenure/core';
import type { Lane } from '../event-log.ts';

export const FORMAT = 1;

export const BLOCK_HEADER = 44;
export const BLOCK_BYTES = 64 * 1024; // what one checksum covers: small against a read, large against its header
export const RECORD_HEADER = 36;

// A body of 4 MiB is forty times the largest request that the API accepts: more is a mistake, and would stall a lane.
export const MAX_RECORD_BYTES = 4 * 1024 * 1024;
export const MAX_NAME_BYTES = 0xffff;

export const SEGMENT_BYTES = 8 * 1024 * 1024;
export const MIN_SEGMENT_BYTES = 1024;
// Offsets and record numbers in an index stay far below 32 bits, and sealing one stays a matter of milliseconds.
export const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

export const block = {
  length: 0,
  crc: 4,
  records: 8,
  firstSeq: 12,
  lastSeq: 20,
  firstPosition: 28,
  lastPosition: 36,
};
export const record = {
  length: 0,
  crc: 4,
  hash: 8,
  revision: 12,
  seq: 16,
  position: 24,
  key: 32,
  stream: 34,
};

/** Where the checksums of a lane start from. */
export const laneSeed = (lane: Lane): number => crc32(`${lane.source}/${lane.partition}`);

export const laneFolder = (lane: Lane): string => `${lane.source}/${lane.partition}`;

/** File names sort like their first seq. */
export const segmentName = (firstSeq: number): string => `${String(firstSeq).padStart(16, '0')}.seg`;

/** First seq of a segment file, or null for any other name. */
export const firstSeqOf = (name: string): number | null =>
  /^\d{16}\.seg$/.test(name) ? Number(name.slice(0, 16)) : null;

export const corrupt = (lane: Lane, file: string, what: string, cause?: unknown): TenureError =>
  new TenureError(
    'CORRUPT',
    `${what} in ${file}: nothing of it is used. Stop the server, move this file and all later ones of its folder away, and start again: the relay feeds the lane from the store.`,
    { ...lane, file },
    cause === undefined ? {} : { cause },
  );

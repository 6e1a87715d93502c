// The bytes of a stored event: a fixed head, the meta in Avro, the payload in Confluent framing.
//
//   0 id (16): where stores look for it · 16 layout version · 17 CRC-32 of everything else (u32) · 21 flags · 22 schema id (u32)
//   26 occurredAt (i48) · 32 recordedAt (i48) · 38 length of the meta (u16) · 40 meta · then 0, schema id (u32), Avro
//
// Numbers are big-endian, times are ms since the epoch.
import { crc32 } from 'node:zlib';
import { TenureError, uuidFromBytes } from '@tenure/core';

export const LAYOUT_VERSION = 1;
export const HEAD_BYTES = 40;
export const FRAME_BYTES = 5;
/** Consumers hold whole events in memory, and a Kafka batch of a thousand of them must stay below its limit. */
export const MAX_EVENT_BYTES = 256 * 1024;
/** What six signed bytes hold: some 4,459 years before and after 1970. */
export const MAX_INSTANT = 2 ** 47 - 1;

const ID_AT = 0;
const VERSION_AT = 16;
const CRC_AT = 17;
const FLAGS_AT = 21;
const SCHEMA_AT = 22;
const OCCURRED_AT = 26;
const RECORDED_AT = 32;
const META_BYTES_AT = 38;
const BACKFILL = 1;

export type Head = {
  readonly id: string;
  readonly schemaId: number;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly backfill: boolean;
};

/** The head's own bytes, without the lengths and sums that depend on what follows. */
export const writeHead = (buffer: Buffer, head: Head): void => {
  buffer[VERSION_AT] = LAYOUT_VERSION;
  buffer[FLAGS_AT] = head.backfill ? BACKFILL : 0;
  writeUuid(buffer, ID_AT, head.id);
  buffer.writeUInt32BE(head.schemaId, SCHEMA_AT);
  buffer.writeIntBE(head.occurredAt, OCCURRED_AT, 6);
  buffer.writeIntBE(head.recordedAt, RECORDED_AT, 6);
};

const writeUuid = (buffer: Buffer, at: number, uuid: string): void => {
  // Groups of 8-4-4-4-12 digits: written without joining them first.
  buffer.write(uuid.slice(0, 8), at, 'hex');
  buffer.write(uuid.slice(9, 13), at + 4, 'hex');
  buffer.write(uuid.slice(14, 18), at + 6, 'hex');
  buffer.write(uuid.slice(19, 23), at + 8, 'hex');
  buffer.write(uuid.slice(24), at + 10, 'hex');
};

/** Starts the payload: magic byte and schema id. Answers where the Avro begins. */
export const writeFrame = (buffer: Buffer, at: number, schemaId: number): number => {
  buffer[at] = 0;
  return buffer.writeUInt32BE(schemaId, at + 1);
};

/** Completes a body that ends at `end`. */
export const finishBody = (buffer: Buffer, metaBytes: number, end: number): void => {
  buffer.writeUInt16BE(metaBytes, META_BYTES_AT);
  buffer.writeUInt32BE(checksum(buffer.subarray(0, end)), CRC_AT);
};

const checksum = (body: Buffer): number => crc32(body.subarray(FLAGS_AT), crc32(body.subarray(0, CRC_AT)));

/** A view of the bytes as a Buffer, not a copy. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads the head. Cheap: the checksum is not verified. @throws UNDECODABLE */
export const readHead = (body: Buffer): Head => {
  if (body.length < HEAD_BYTES + FRAME_BYTES) throw undecodable('it is shorter than a head');
  if (body[VERSION_AT] !== LAYOUT_VERSION)
    throw undecodable('its layout is not known here; a newer version may have written it');
  if ((body[FLAGS_AT] ?? 0) > BACKFILL) throw undecodable('it has unknown flags');
  return {
    id: uuidFromBytes(body, ID_AT),
    schemaId: body.readUInt32BE(SCHEMA_AT),
    occurredAt: body.readIntBE(OCCURRED_AT, 6),
    recordedAt: body.readIntBE(RECORDED_AT, 6),
    backfill: body[FLAGS_AT] === BACKFILL,
  };
};

/** Where the meta ends and the payload begins. @throws UNDECODABLE */
export const payloadStart = (body: Buffer): number => {
  if (body.length < HEAD_BYTES + FRAME_BYTES) throw undecodable('it is shorter than a head');
  const start = HEAD_BYTES + body.readUInt16BE(META_BYTES_AT);
  if (start + FRAME_BYTES > body.length) throw undecodable('it ends within its meta');
  return start;
};

/** @throws UNDECODABLE when any byte is not what was written. */
export const verifyBody = (body: Buffer): void => {
  if (body.readUInt32BE(CRC_AT) !== checksum(body))
    throw undecodable('its checksum does not fit: it is damaged');
};

/** Writes the checksum anew: for tests that damage a body on purpose and want to get past it. */
export const restampBody = (body: Buffer): void => {
  if (body.length >= HEAD_BYTES) body.writeUInt32BE(checksum(body), CRC_AT);
};

export const undecodable = (problem: string, data: Readonly<Record<string, unknown>> = {}): TenureError =>
  new TenureError('UNDECODABLE', `The event cannot be read: ${problem}.`, data);

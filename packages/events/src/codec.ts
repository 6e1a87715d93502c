// Events to bytes and back. One codec per thread: it encodes into a buffer of its own.
import { randomBytes } from 'node:crypto';
import { isUuid, TenureError } from '@tenure/core';
import type { DataKey } from '@tenure/keys';
import {
  bufferOf,
  finishBody,
  HEAD_BYTES,
  MAX_EVENT_BYTES,
  MAX_INSTANT,
  payloadStart,
  readHead,
  undecodable,
  verifyBody,
  writeFrame,
  writeHead,
} from './body.ts';
import type { Codec, DecodedEvent, EventHead, EventToEncode, StoredBody } from './codec-types.ts';
import { readMeta, writeMeta } from './meta.ts';
import { codecParts, openFields, readPayload, type CodecParts } from './payload.ts';
import type { EventPlan } from './plans.ts';
import { createRegistry, type Registry } from './registry.ts';
import { sealBlock, type RandomBytes } from './sealing.ts';
import type { Upcaster } from './upcasters.ts';

export type CodecOptions = {
  /** Default: the schemas that this build ships. */
  readonly registry?: Registry;
  readonly upcasters?: readonly Upcaster[];
  /** For the initialisation vectors of sealed blocks; default: crypto.randomBytes. */
  readonly random?: RandomBytes;
};

/** @throws UPCASTER_INVALID */
export const createCodec = (options: CodecOptions = {}): Codec => {
  const parts = codecParts(options.registry ?? createRegistry(), options.upcasters ?? []);
  const { byType } = parts.plans;
  return {
    encode: encoder(parts, options.random ?? randomBytes),
    decode: (source, stored) => decode(parts, source, stored),
    peek: (body) => peek(parts, bufferOf(body)),
    payload: (body) => body.subarray(payloadStart(bufferOf(body))),
    readPayload: (source, payload) => readPayload(parts, source, payload),
    aboutCustomer: (type) => byType.get(type)?.about === 'customer',
    hasPersonalFields: (type) => (byType.get(type)?.personal.length ?? 0) > 0,
    openFields: (block, key) => openFields(parts, block, key),
  };
};

const encoder = (parts: CodecParts, random: RandomBytes): Codec['encode'] => {
  // Reused for every event: allocating the largest size each time would cost more than encoding.
  const buffer = Buffer.allocUnsafeSlow(MAX_EVENT_BYTES);
  const plain = Buffer.allocUnsafeSlow(MAX_EVENT_BYTES);
  return (event, key) => {
    const plan = parts.plans.byType.get(event.type);
    if (plan === undefined || plan.source !== event.source) throw schemaUnknown(event);
    checkEvent(plan, event);
    writeHead(buffer, {
      id: event.id,
      schemaId: plan.schemaId,
      occurredAt: event.occurredAt,
      recordedAt: event.recordedAt,
      backfill: event.meta.backfill === true,
    });
    const metaEnd = writeMeta(event.meta, buffer, HEAD_BYTES);
    if (typeof metaEnd !== 'number') throw invalid(event, `meta.${metaEnd.path}`, metaEnd.expected);
    if (metaEnd < 0 || metaEnd > HEAD_BYTES + MAX_META_BYTES) throw tooLarge(event);
    const start = writeFrame(buffer, metaEnd, plan.schemaId);
    const end = parts.avro.writer(plan.schemaId)(
      storedOf(parts, plan, event, key, { plain, random }),
      buffer,
      start,
    );
    if (end < 0) throw tooLarge(event);
    finishBody(buffer, metaEnd - HEAD_BYTES, end);
    const body = Buffer.allocUnsafe(end);
    buffer.copy(body, 0, 0, end);
    return body;
  };
};

/** Its length stands in two bytes; a meta of a few hundred is the rule. */
const MAX_META_BYTES = 2 ** 16 - 1;

const checkEvent = (plan: EventPlan, event: EventToEncode): void => {
  if (!isUuid(event.id)) throw invalid(event, 'id', 'a lower-case UUID');
  if (!isInstant(event.occurredAt)) throw invalid(event, 'occurredAt', 'an instant in ms');
  if (!isInstant(event.recordedAt)) throw invalid(event, 'recordedAt', 'an instant in ms');
  const wrong = plan.check(event.data);
  if (wrong !== undefined) throw invalid(event, wrong.path, wrong.expected);
};

const isInstant = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= MAX_INSTANT;

type Sealing = { readonly plain: Buffer; readonly random: RandomBytes };

/** What is stored of the data: the Avro writer takes the clear fields from it and ignores the personal ones. */
const storedOf = (
  parts: CodecParts,
  plan: EventPlan,
  event: EventToEncode,
  key: DataKey | undefined,
  { plain, random }: Sealing,
): object => {
  if (plan.blockId === null) return event.data;
  const data = event.data as Readonly<Record<string, unknown>>;
  const fields = plan.personal.filter((name) => data[name] !== null && data[name] !== undefined);
  if (fields.length === 0) return data;
  if (key === undefined || event.customerId === null)
    throw invalid(
      event,
      fields[0] ?? '',
      'the key of its customer to seal it with: ask the key store for it first',
    );
  const size = parts.avro.writer(plan.blockId)(data, plain, 0);
  if (size < 0) throw tooLarge(event);
  const about = { eventId: event.id, customerId: event.customerId, schemaId: plan.blockId };
  const { kid, schemaId, iv, ct } = sealBlock(about, plain.subarray(0, size), key, random);
  plain.fill(0, 0, size); // the plaintext must not outlive the call
  return { ...data, sealed: { kid, schemaId, fields, iv: bufferOf(iv), ct: bufferOf(ct) } };
};

const peek = (parts: CodecParts, body: Buffer): EventHead => {
  const head = readHead(body);
  const plan = parts.plans.bySchema(head.schemaId);
  if (plan === undefined)
    throw undecodable('its schema is not known here; a newer version may have written it', {
      schemaId: head.schemaId,
    });
  return { ...head, type: parts.upcasters(plan.type, head.schemaId).at(-1)?.to ?? plan.type };
};

const decode = (parts: CodecParts, source: string, stored: StoredBody): DecodedEvent => {
  const body = bufferOf(stored.body);
  const start = payloadStart(body);
  verifyBody(body);
  const head = readHead(body);
  const { position, stream, revision, key } = stored;
  const meta = readMeta(body, HEAD_BYTES, start, head.backfill);
  const payload = readPayload(parts, source, { id: head.id, key, bytes: body.subarray(start) });
  if (payload.schemaId !== head.schemaId)
    throw undecodable('its head and its payload name different schemas');
  return {
    id: head.id,
    type: payload.type,
    stream,
    revision,
    source,
    position,
    key,
    occurredAt: head.occurredAt,
    recordedAt: head.recordedAt,
    schemaId: head.schemaId,
    meta,
    data: payload.data,
    sealed: payload.sealed,
  };
};

const schemaUnknown = ({ type, source }: EventToEncode): TenureError =>
  new TenureError(
    'SCHEMA_UNKNOWN',
    `There is no schema for ${type} of ${source}: add schemas/${source}/${type}.avsc and generate.`,
    { type, source },
  );

const invalid = ({ type, id }: EventToEncode, path: string, expected: string): TenureError =>
  new TenureError('EVENT_INVALID', `${type} cannot be written: ${path || 'its data'} must be ${expected}.`, {
    type,
    id,
    path,
  });

const tooLarge = ({ type, id }: EventToEncode): TenureError =>
  new TenureError(
    'EVENT_TOO_LARGE',
    `${type} needs more than ${MAX_EVENT_BYTES / 1024} kB: keep large content elsewhere and refer to it.`,
    { type, id },
  );

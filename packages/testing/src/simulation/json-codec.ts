// Events as JSON behind their id: the simulation is about who gets which bytes when, not about their encoding.
import { uuidToBytes } from '@tenure/core';
import type { Codec, EventToEncode } from '@tenure/events';

const eventOf = (body: Uint8Array): EventToEncode =>
  JSON.parse(Buffer.from(body).subarray(16).toString('utf8')) as EventToEncode;

export const jsonCodec: Codec = {
  encode: (event) => Buffer.concat([uuidToBytes(event.id), Buffer.from(JSON.stringify(event))]),
  decode(source, { position, stream, revision, key, body }) {
    const { id, type, occurredAt, recordedAt, meta, data } = eventOf(body);
    const place = { source, position, stream, revision, key };
    return { id, type, occurredAt, recordedAt, schemaId: 1, meta, data, sealed: null, ...place };
  },
  peek(body) {
    const { id, type, occurredAt, recordedAt, meta } = eventOf(body);
    return { id, type, schemaId: 1, occurredAt, recordedAt, backfill: meta.backfill === true };
  },
  payload: (body) => body.subarray(16),
  readPayload() {
    throw new Error('the simulation has no topics of others');
  },
  aboutCustomer: () => true,
  hasPersonalFields: () => false,
  openFields: () => new Map(),
};

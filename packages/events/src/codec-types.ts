// What the codec gives and takes. A body is: a fixed head (id, schema id, times, flags), the meta in Avro, the payload in
// Confluent framing. The fixed head can be read without decoding anything (`peek`).
import type { EventMeta, RecordedEvent } from '@tenure/core';
import type { DataKey } from '@tenure/keys';
import type { Redacted, SealedBlock } from './sealed.ts';

/** An event to encode: `data` holds plain values; personal fields are lifted into a block sealed with `key`. */
export type EventToEncode = {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly meta: EventMeta;
  /** Whose personal data it is; null for events about nobody. */
  readonly customerId: string | null;
  readonly data: object;
};

/** What a body says without being decoded. */
export type EventHead = {
  readonly id: string;
  readonly type: string;
  readonly schemaId: number;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly backfill: boolean;
};

/** A decoded event; its personal fields are `Sealable` references into `sealed`. */
export type DecodedEvent<T extends string = string, D = unknown> = RecordedEvent<T, D> & {
  readonly sealed: SealedBlock | null;
};

/** Where a stored body came from: what the envelope does not repeat. */
export type StoredBody = {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly key: string;
  readonly body: Uint8Array;
};

export interface Codec {
  /**
   * The bytes may share their ArrayBuffer with others: copy them before transferring it.
   * @throws SCHEMA_UNKNOWN, EVENT_INVALID (a field is missing, unknown or of the wrong type; personal fields without
   *         a key), EVENT_TOO_LARGE (> 256 kB).
   */
  encode(event: EventToEncode, key: DataKey | undefined): Uint8Array;
  /** Upcast to the newest schema. @throws UNDECODABLE for anything that is not a whole, known event; never hangs or crashes. */
  decode(source: string, stored: StoredBody): DecodedEvent;
  /** @throws UNDECODABLE */
  peek(body: Uint8Array): EventHead;
  /** The Confluent-framed payload inside a body (for the log's readers), not copied. */
  payload(body: Uint8Array): Uint8Array;
  /** Reads a payload alone, as it lies in a topic. @throws UNDECODABLE */
  readPayload(source: string, payload: TopicPayload): ReadPayload;
  /** True when the event names of this source say that the event is about a customer (EVENTS §1 "about"). */
  aboutCustomer(type: string): boolean;
  /** True when events of this name may hold personal fields: then `encode` needs the customer's key. */
  hasPersonalFields(type: string): boolean;
  /**
   * The personal fields of an event, Redacted where the key is not there (never an error).
   * @throws UNDECODABLE for a block that is not what was sealed.
   */
  openFields(block: SealedBlock, key: DataKey | undefined): OpenedFields | Redacted;
}

/** The values inside an opened block by the name of their field; an optional field that is not set is absent. */
export type OpenedFields = ReadonlyMap<string, unknown>;

/** A payload from a topic. With `schemaId` (from the record's header) the bytes are Avro without a frame before it. */
export type TopicPayload = {
  readonly id: string;
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly schemaId?: number;
};

/** `schemaId` is the writer's; type and data are upcast to the newest. */
export type ReadPayload = {
  readonly type: string;
  readonly schemaId: number;
  readonly data: object;
  readonly sealed: SealedBlock | null;
};

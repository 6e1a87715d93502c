// The payload of an event: Avro behind a Confluent frame, personal fields as references into its sealed block.
import { isTenureError, TenureError } from '@tenure/core';
import { createAvro, type Avro } from './avro.ts';
import { bufferOf, FRAME_BYTES, undecodable } from './body.ts';
import type { OpenedFields, ReadPayload, TopicPayload } from './codec-types.ts';
import { createPlans, type EventPlan, type Plans } from './plans.ts';
import type { Registry } from './registry.ts';
import type { Redacted, SealedBlock } from './sealed.ts';
import { isRedacted, openBlock } from './sealing.ts';
import type { DataKey } from '@tenure/keys';
import { createUpcasters, type Upcaster, type Upcasters } from './upcasters.ts';

/** What reading and writing share; one per thread. */
export type CodecParts = {
  readonly registry: Registry;
  readonly avro: Avro;
  readonly plans: Plans;
  readonly upcasters: Upcasters;
};

export const codecParts = (registry: Registry, upcasters: readonly Upcaster[]): CodecParts => ({
  registry,
  avro: createAvro(registry),
  plans: createPlans(registry),
  upcasters: createUpcasters(upcasters),
});

/** The sealed block as it stands in a stored event. */
type StoredSealed = {
  readonly kid: string;
  readonly schemaId: number;
  readonly fields: readonly string[];
  readonly iv: Uint8Array;
  readonly ct: Uint8Array;
};

type Values = Readonly<Record<string, unknown>>;

/** @throws UNDECODABLE, whatever is wrong. */
export const readPayload = (parts: CodecParts, source: string, payload: TopicPayload): ReadPayload => {
  const buffer = bufferOf(payload.bytes);
  const schemaId = payload.schemaId ?? frameOf(buffer);
  const start = payload.schemaId === undefined ? FRAME_BYTES : 0;
  try {
    return readAs(parts, source, { ...payload, schemaId, buffer, start });
  } catch (cause) {
    if (isTenureError(cause, 'UNDECODABLE')) throw cause;
    throw new TenureError(
      'UNDECODABLE',
      'The event cannot be read as its schema says.',
      { schemaId },
      { cause },
    );
  }
};

/** The schema id in the frame. */
const frameOf = (buffer: Buffer): number => {
  if (buffer.length < FRAME_BYTES || buffer[0] !== 0)
    throw undecodable('its payload has no Confluent frame, and no schema id was given beside it');
  return buffer.readUInt32BE(1);
};

/** A payload whose schema is known, and where its Avro begins. */
type Framed = TopicPayload & { readonly schemaId: number; readonly buffer: Buffer; readonly start: number };

const readAs = (parts: CodecParts, source: string, payload: Framed): ReadPayload => {
  const { schemaId, buffer, start } = payload;
  const plan = parts.plans.bySchema(schemaId);
  if (plan === undefined)
    throw undecodable('its schema is not known here; a newer version may have written it', { schemaId });
  if (plan.source !== source)
    throw undecodable(`it is an event of ${plan.source}, not of ${source}`, { schemaId });
  const read = parts.avro.reader(schemaId, plan.schemaId);
  const stored = read(buffer, start, buffer.length) as Values;
  const sealed = blockOf(plan, stored, payload);
  const data = plan.personal.length === 0 ? stored : withReferences(plan, stored, payload.id);
  const chain = parts.upcasters(plan.type, schemaId);
  return {
    type: chain.at(-1)?.to ?? plan.type,
    schemaId,
    data: chain.reduce<Values>((older, { up }) => up(older), data),
    sealed,
  };
};

const sealedOf = (stored: Values): StoredSealed | null => (stored['sealed'] ?? null) as StoredSealed | null;

const blockOf = (plan: EventPlan, stored: Values, payload: TopicPayload): SealedBlock | null => {
  const sealed = plan.personal.length === 0 ? null : sealedOf(stored);
  if (sealed === null) return null;
  const { kid, schemaId, iv, ct } = sealed;
  return { eventId: payload.id, customerId: payload.key, schemaId, kid, iv, ct };
};

/** The fields in the author's order; a personal one is a reference where it is set, else null. */
const withReferences = (plan: EventPlan, stored: Values, eventId: string): Values => {
  const inside = sealedOf(stored)?.fields ?? [];
  const data: Record<string, unknown> = {};
  for (const { name, pii } of plan.fields)
    if (pii === false) data[name] = stored[name];
    else data[name] = inside.includes(name) ? { $sealed: eventId, field: name } : null;
  return data;
};

/** Opens a block and decodes it by its own schema, as the newest one of its event. */
export const openFields = (
  parts: CodecParts,
  block: SealedBlock,
  key: DataKey | undefined,
): OpenedFields | Redacted => {
  const opened = openBlock(block, key);
  if (isRedacted(opened)) return opened;
  const subject = parts.registry.schemaById(block.schemaId)?.subject;
  const newest = subject === undefined ? undefined : parts.registry.version(subject, 'latest');
  if (newest === undefined)
    throw undecodable('the schema of its sealed block is not known here', { schemaId: block.schemaId });
  const plain = bufferOf(opened);
  const values = parts.avro.reader(block.schemaId, newest.id)(plain, 0, plain.length);
  return new Map(Object.entries(values).filter(([, value]) => value !== null));
};

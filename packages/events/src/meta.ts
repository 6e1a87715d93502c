// The meta of an event in Avro: who caused it and by what. Inside the body only; never a topic's schema.
import type { EventMeta } from '@tenure/core';
import { avroType, readerOf } from './avro.ts';
import { checkOf, type Fault } from './checks.ts';
import { shapeOf, type AvroJson, type RecordShape } from './shape.ts';
import { wholenessOf } from './whole.ts';

const optionalText = (name: string): object => ({ name, type: ['null', 'string'], default: null });

const SCHEMA: AvroJson = {
  type: 'record',
  name: 'tenure.EventMeta',
  fields: [
    { name: 'commandId', type: 'string' },
    { name: 'correlationId', type: 'string' },
    {
      name: 'actorKind',
      type: { type: 'enum', name: 'ActorKind', symbols: ['user', 'customer', 'process', 'import', 'clock'] },
    },
    { name: 'actorId', type: 'string' },
    optionalText('causationId'),
    optionalText('traceparent'),
    optionalText('bodyHash'),
  ],
};

type StoredMeta = {
  readonly commandId: string;
  readonly correlationId: string;
  readonly actorKind: EventMeta['actor']['kind'];
  readonly actorId: string;
  readonly causationId: string | null;
  readonly traceparent: string | null;
  readonly bodyHash: string | null;
};

const shape = shapeOf(SCHEMA, new Map()) as RecordShape;
const type = avroType(SCHEMA);
const check = checkOf(shape);
const read = readerOf(type, undefined, wholenessOf(shape));

const storedOf = (meta: EventMeta): object => ({
  commandId: meta.commandId,
  correlationId: meta.correlationId,
  actorKind: meta.actor.kind,
  actorId: meta.actor.id,
  causationId: meta.causationId,
  traceparent: meta.traceparent,
  bodyHash: meta.bodyHash,
});

/** Writes the meta (`backfill` is a flag of the head). Answers its end, negative when the buffer is too small, or a fault. */
export const writeMeta = (meta: EventMeta, buffer: Buffer, at: number): number | Fault => {
  const stored = storedOf(meta);
  return check(stored) ?? type.encode(stored, buffer, at);
};

/** @throws UNDECODABLE */
export const readMeta = (buffer: Buffer, at: number, end: number, backfill: boolean): EventMeta => {
  const stored = read(buffer, at, end) as StoredMeta;
  return {
    commandId: stored.commandId,
    correlationId: stored.correlationId,
    actor: { kind: stored.actorKind, id: stored.actorId },
    ...(stored.causationId === null ? {} : { causationId: stored.causationId }),
    ...(stored.traceparent === null ? {} : { traceparent: stored.traceparent }),
    ...(backfill ? { backfill } : {}),
    ...(stored.bodyHash === null ? {} : { bodyHash: stored.bodyHash }),
  };
};

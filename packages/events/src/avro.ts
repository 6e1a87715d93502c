// The one place that knows avsc. Types are compiled when first needed (each costs about a millisecond) and kept.
import avsc from 'avsc';
import { TenureError } from '@tenure/core';
import type { Registry } from './registry.ts';
import type { AvroJson } from './shape.ts';
import { wholenessOf, type Walk } from './whole.ts';

/** Writes a value that was checked before. Answers the end; negative: the buffer was too small. */
export type WriteAvro = (value: object, buffer: Buffer, at: number) => number;

/** Reads exactly the bytes from `at` to `end`. @throws UNDECODABLE */
export type ReadAvro = (buffer: Buffer, at: number, end: number) => object;

export type Avro = {
  writer(schemaId: number): WriteAvro;
  /** Reads what was written with one schema as the other one. Both ids must be known. @throws UNDECODABLE for one that is not. */
  reader(writerId: number, readerId: number): ReadAvro;
};

/** An avsc type. Its records come out as plain objects: avsc's own classes would leak into documents. */
export const avroType = (schema: AvroJson): avsc.Type => {
  // avsc mutates its options: always a fresh object. "never": ["null", T] is the only union.
  const type = avsc.Type.forSchema(structuredClone(schema) as avsc.Schema, {
    omitRecordMethods: true,
    wrapUnions: false,
  });
  makePlain(type);
  return type;
};

/** Lets the constructors that avsc generates for records make plain objects, which saves a copy of every value. */
const makePlain = (type: avsc.Type): void => {
  if (type instanceof avsc.types.RecordType) {
    (type.recordConstructor as { prototype: object }).prototype = Object.prototype;
    for (const field of type.fields) makePlain(field.type);
  } else if (type instanceof avsc.types.ArrayType) makePlain(type.itemsType);
  else if (type instanceof avsc.types.MapType) makePlain(type.valuesType);
  else if (type instanceof avsc.types.UnwrappedUnionType) for (const branch of type.types) makePlain(branch);
};

export const createAvro = (registry: Registry): Avro => {
  const types = new Map<number, avsc.Type>();
  const readers = new Map<string, ReadAvro>();
  const typeOf = (id: number): avsc.Type => {
    const known = types.get(id);
    if (known !== undefined) return known;
    const published = registry.schemaById(id);
    if (published === undefined) throw unknownSchema(id);
    const type = avroType(published.schema);
    types.set(id, type);
    return type;
  };
  return {
    writer(schemaId) {
      const type = typeOf(schemaId);
      return (value, buffer, at) => type.encode(value, buffer, at);
    },
    reader(writerId, readerId) {
      const pair = `${writerId}>${readerId}`;
      const known = readers.get(pair);
      if (known !== undefined) return known;
      const type = typeOf(readerId);
      const resolver = writerId === readerId ? undefined : type.createResolver(typeOf(writerId));
      const shape = registry.shapeById(writerId);
      if (shape === undefined) throw unknownSchema(writerId);
      const read = readerOf(type, resolver, wholenessOf(shape));
      readers.set(pair, read);
      return read;
    },
  };
};

/** avsc trusts lengths and counts: the walk makes sure that they stay within the bytes before avsc sees them. */
export const readerOf =
  (type: avsc.Type, resolver: avsc.Resolver | undefined, walk: Walk): ReadAvro =>
  (buffer, at, end) => {
    walk(buffer, at, end);
    return type.decode(buffer, at, resolver).value as object;
  };

const unknownSchema = (id: number): TenureError =>
  new TenureError(
    'UNDECODABLE',
    `Schema id ${id} is not known here: the event was written by a newer version; update this process.`,
    { schemaId: id },
  );

// What the compiler makes of the schema files: the events as authors wrote them, and what is stored of each.
import {
  normalise,
  shapeOf,
  type About,
  type AvroJson,
  type FieldShape,
  type RecordShape,
  type Shape,
} from '../shape.ts';
import { COMMON, type SchemaFile } from './read.ts';

export type EventModel = {
  readonly source: string;
  /** `OrderPlaced`: unique over all sources. */
  readonly name: string;
  readonly about: About;
  /** The record as its author wrote it. */
  readonly record: RecordShape;
  readonly pii: readonly FieldShape[];
  /** What is stored and published. */
  readonly stored: AvroJson;
  /** What is sealed; null: nothing personal in it. */
  readonly block: AvroJson | null;
};

export type SchemaModel = {
  /** Shared records and enums by full name, those of `common` first. */
  readonly named: ReadonlyMap<string, Shape>;
  readonly events: readonly EventModel[];
};

/** Avro name of the block that holds an event's personal fields. */
export const blockName = (source: string, name: string): string => `tenure.${source}.sealed.${name}`;

/** TopicRecordNameStrategy: `tenure.order.v1-tenure.order.OrderPlaced`. */
export const subjectOf = (source: string, record: string): string => `tenure.${source}.v1-${record}`;

/** The sealed block as it stands in a stored event. `fields` names what is in it: a reader sees which are set. */
const SEALED: RecordShape = {
  kind: 'record',
  name: 'tenure.common.Sealed',
  doc: 'The personal fields of an event, encrypted with the key of its customer.',
  fields: [
    plain('kid', { kind: 'string', uuid: false }, 'Id of the data key.'),
    plain('schemaId', { kind: 'int' }, 'Schema id of the plaintext.'),
    plain('fields', { kind: 'array', items: { kind: 'string', uuid: false } }, 'Names of the fields inside.'),
    plain('iv', { kind: 'bytes' }, 'Initialisation vector of AES-256-GCM.'),
    plain('ct', { kind: 'bytes' }, 'Ciphertext with the 16-byte tag at its end.'),
  ],
};

function plain(name: string, shape: Shape, doc: string): FieldShape {
  return {
    name,
    shape,
    doc,
    pii: false,
    format: undefined,
    default: shape.kind === 'optional' ? null : undefined,
  };
}

/** Builds the model of files that the lint has passed. */
export const modelOf = (files: readonly SchemaFile[]): SchemaModel => {
  const named = new Map<string, Shape>();
  const common = new Map(
    files
      .filter((file) => file.folder === COMMON)
      .map((file) => [`tenure.${COMMON}.${file.name}`, file.json]),
  );
  // A shared record may use others that stand behind it in the alphabet.
  const define = (name: string): void => {
    if (named.has(name)) return;
    const json = common.get(name) as AvroJson;
    for (const other of namesIn(json)) if (other !== name && common.has(other)) define(other);
    shapeOf(json, named);
  };
  for (const name of common.keys()) define(name);
  const events = files
    .filter((file) => file.folder !== COMMON)
    .map((file) => eventOf(file, shapeOf(file.json as AvroJson, named) as RecordShape));
  return { named, events };
};

const namesIn = (json: AvroJson): readonly string[] =>
  [...JSON.stringify(json).matchAll(/"(tenure\.common\.\w+)"/g)].map((match) => match[1] ?? '');

const eventOf = (file: SchemaFile, record: RecordShape): EventModel => {
  const pii = record.fields.filter((field) => field.pii !== false);
  const clear = record.fields.filter((field) => field.pii === false);
  const sealed = plain('sealed', { kind: 'optional', of: SEALED }, SEALED.doc);
  return {
    source: file.folder,
    name: file.name,
    about: (file.json as { readonly about: About }).about,
    record,
    pii,
    stored: normalise(pii.length === 0 ? record : { ...record, fields: [...clear, sealed] }),
    block:
      pii.length === 0
        ? null
        : normalise({ ...record, name: blockName(file.folder, file.name), fields: pii }),
  };
};

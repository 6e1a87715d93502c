// docs/reference/events.md: every event with its fields, for those who read the topics.
import {
  shortName,
  UNKNOWN_SYMBOL,
  type EnumShape,
  type FieldShape,
  type RecordShape,
  type Shape,
} from '../shape.ts';
import type { LockEntry } from './lock.ts';
import { subjectOf, type EventModel, type SchemaModel } from './model.ts';

const INTRODUCTION = `# Events

<!-- Generated from schemas/ by tools/generate.ts. -->

Every event of Tenure, by source. The topic of a source is \`tenure.<source>.v1\`; a record's value is Avro behind a
Confluent frame (byte 0, schema id as a 32-bit big-endian number) and its key is the customer id, or the aggregate's own
id for events about nobody. The customer id is not repeated in the data.

**Reading the tables.** \`T?\` is optional: null when it is not set. An instant is a number of milliseconds since the
epoch, UTC; a date is \`YYYY-MM-DD\`; money is an amount in minor units with its currency; a decimal and JSON are strings
in canonical form. An enum may show ${UNKNOWN_SYMBOL} to a reader that is older than a symbol; it is never written.

**Personal fields** (last column) are not in the record: they lie together in its \`sealed\` block
\`{ kid, schemaId, fields, iv, ct }\`, encrypted with the key of the customer (AES-256-GCM; associated data: customer id,
event id and block version, joined by \`|\`). \`fields\` names what is inside, so a reader without the key still sees which
optional fields are set. \`sealed\` is null when there is nothing personal in the event. The plaintext is Avro with the
schema \`schemaId\`, subject \`tenure.<source>.v1-tenure.<source>.sealed.<Event>\`. When the key is destroyed the values are
gone; the events stay.

**Rules for schemas** (\`./tenure schema check\` enforces them)

- Every record, field and enum has a \`doc\`. A file is named after what it defines; its folder is the source.
- Money is \`tenure.common.Money\`; an instant is \`long\` with \`timestamp-millis\`; a calendar date is a string with
  \`"format": "date"\`; further formats: \`decimal\`, \`json\`, \`iana\`, \`iso4217\`. No float, double, bytes or fixed.
- An optional field is \`["null", T]\` with default null; there is no other union and no other default.
- An enum has the symbol and default ${UNKNOWN_SYMBOL}. Names, symbols and types of published fields never change; an event name
  is never reused.
- Every string says \`"pii"\`: \`identity\`, \`contact\`, \`sensitive\`, \`freeText\` or false. Whole fields of an event are
  sealed, never parts of one. Maps hold strings. Nesting ≤ 8 levels; an event ≤ 256 kB.
- Every event says \`"about"\`: \`customer\` or \`self\`.
- A published schema changes only compatibly in both directions with every earlier version (FULL_TRANSITIVE): add or
  remove optional fields, add enum symbols. Anything else is a new event with an upcaster from the old one.
`;

export const catalogueOf = (model: SchemaModel, entries: readonly LockEntry[]): string => {
  const sources = Map.groupBy(model.events, (event) => event.source);
  const sections = [...sources].map(
    ([source, events]) =>
      `## ${source}\n\nTopic \`tenure.${source}.v1\`\n\n${events.map((event) => section(event, entries)).join('\n')}`,
  );
  const events = new Set(model.events.map(({ record }) => record.name));
  const types = [...model.named.values()].filter(
    (shape) =>
      'name' in shape && (isCommon(shape.name) || (shape.kind === 'record' && !events.has(shape.name))),
  );
  return [INTRODUCTION, ...sections, `## Types within events\n\n${types.map(typeSection).join('\n')}`].join(
    '\n',
  );
};

const isCommon = (name: string): boolean => name.startsWith('tenure.common.');

const section = (event: EventModel, entries: readonly LockEntry[]): string => {
  const versions = entries.filter(({ subject }) => subject === subjectOf(event.source, event.record.name));
  const ids = versions.map(({ id, version }) => `${id} (version ${version})`).join(', ');
  const key = event.about === 'customer' ? 'the customer' : 'its own aggregate';
  return `### ${event.name}\n\n${event.record.doc}\n\nKey: ${key} · schema ids: ${ids}\n\n${table(event.record)}`;
};

const table = (record: RecordShape): string =>
  `| Field | Type | Meaning | Personal |\n|---|---|---|---|\n${record.fields.map(row).join('')}`;

const row = (field: FieldShape): string =>
  `| ${field.name} | ${typeOf(field)} | ${field.doc.replaceAll('|', '\\|')} | ${field.pii === false ? '' : field.pii} |\n`;

const typeOf = ({ shape, format }: FieldShape): string =>
  shape.kind === 'optional' ? `${plainType(shape.of, format)}?` : plainType(shape, format);

const plainType = (shape: Shape, format: string | undefined): string => {
  switch (shape.kind) {
    case 'string':
      return format ?? (shape.uuid ? 'uuid' : 'string');
    case 'long':
      return shape.instant ? 'instant' : 'long';
    case 'array':
      return `${plainType(shape.items, format)}[]`;
    case 'map':
      return `map of ${plainType(shape.values, format)}`;
    case 'optional':
      return `${plainType(shape.of, format)}?`;
    case 'enum':
      return isCommon(shape.name) ? link(shape.name) : symbolsOf(shape);
    case 'record':
      return link(shape.name);
    case 'boolean':
    case 'int':
    case 'bytes':
      return shape.kind;
    default:
      return shape satisfies never;
  }
};

const symbolsOf = (shape: EnumShape): string =>
  shape.symbols
    .filter((symbol) => symbol !== UNKNOWN_SYMBOL)
    .map((symbol) => `\`${symbol}\``)
    .join(' ');

const link = (name: string): string => `[${shortName(name)}](#${shortName(name).toLowerCase()})`;

const typeSection = (shape: Shape): string => {
  if (shape.kind === 'enum') return `### ${shortName(shape.name)}\n\n${shape.doc}\n\n${symbolsOf(shape)}\n`;
  return shape.kind === 'record' ? `### ${shortName(shape.name)}\n\n${shape.doc}\n\n${table(shape)}` : '';
};

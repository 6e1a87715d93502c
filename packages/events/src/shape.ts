// A schema with its names resolved: the part of Avro that events use, as a discriminated union.

/** Whose events: keyed by a customer, or by the aggregate itself (facts about nobody). */
export type About = 'customer' | 'self';

/** The kinds of personal data; false: none. */
export type PiiClass = 'identity' | 'contact' | 'sensitive' | 'freeText';

export type EnumShape = {
  readonly kind: 'enum';
  readonly name: string;
  readonly doc: string;
  /** With UNKNOWN, in the order of their numbers on the wire. */
  readonly symbols: readonly string[];
  /** What a reader shows for a symbol it does not know. */
  readonly default: string | undefined;
};

export type FieldShape = {
  readonly name: string;
  readonly shape: Shape;
  readonly doc: string;
  readonly pii: PiiClass | false;
  /** What a string means beyond its type: date, decimal, json, iana, iso4217. */
  readonly format: string | undefined;
  /** undefined: none. */
  readonly default: unknown;
};

export type RecordShape = {
  readonly kind: 'record';
  /** Full name: `tenure.order.OrderPlaced`. */
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly FieldShape[];
};

export type Shape =
  | { readonly kind: 'boolean' | 'int' | 'bytes' }
  | { readonly kind: 'long'; readonly instant: boolean }
  | { readonly kind: 'string'; readonly uuid: boolean }
  | { readonly kind: 'optional'; readonly of: Shape }
  | { readonly kind: 'array'; readonly items: Shape }
  | { readonly kind: 'map'; readonly values: Shape }
  | EnumShape
  | RecordShape;

/** The symbol that a reader shows for one it does not know; never written. */
export const UNKNOWN_SYMBOL = 'UNKNOWN';

/** An Avro schema as parsed JSON. */
export type AvroJson =
  | string
  | readonly AvroJson[]
  | { readonly type: AvroJson; readonly [key: string]: unknown };

type Text = string | undefined;
type FieldJson = { readonly name: string; readonly type: AvroJson; readonly [key: string]: unknown };

/**
 * Resolves the names of a schema that the lint has passed or that was compiled before.
 * `named` finds what is defined elsewhere; what the schema defines itself is added to it.
 */
export const shapeOf = (schema: AvroJson, named: Map<string, Shape>, namespace = ''): Shape => {
  if (typeof schema === 'string') return primitive(schema) ?? reference(schema, named, namespace);
  if (isList(schema)) return { kind: 'optional', of: shapeOf(schema[1] ?? 'null', named, namespace) };
  switch (schema.type) {
    case 'array':
      return { kind: 'array', items: shapeOf(schema['items'] as AvroJson, named, namespace) };
    case 'map':
      return { kind: 'map', values: shapeOf(schema['values'] as AvroJson, named, namespace) };
    case 'enum':
    case 'record':
      return define(schema, named, namespace);
    case 'long':
      return { kind: 'long', instant: schema['logicalType'] === 'timestamp-millis' };
    case 'string':
      return { kind: 'string', uuid: schema['logicalType'] === 'uuid' };
    default:
      return shapeOf(schema.type, named, namespace);
  }
};

const isList = (schema: AvroJson): schema is readonly AvroJson[] => Array.isArray(schema);

const primitive = (name: string): Shape | undefined => {
  switch (name) {
    case 'boolean':
    case 'int':
    case 'bytes':
      return { kind: name };
    case 'long':
      return { kind: 'long', instant: false };
    case 'string':
      return { kind: 'string', uuid: false };
    default:
      return undefined;
  }
};

const reference = (name: string, named: Map<string, Shape>, namespace: string): Shape => {
  const shape = named.get(fullName(name, namespace));
  if (shape === undefined) throw new TypeError(`a schema names ${name}, which is defined nowhere`);
  return shape;
};

export const fullName = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;

export const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

const define = (
  schema: { readonly [key: string]: unknown },
  named: Map<string, Shape>,
  outer: string,
): Shape => {
  const name = fullName(schema['name'] as string, (schema['namespace'] as Text) ?? outer);
  const inner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const doc = (schema['doc'] as Text) ?? '';
  const shape: Shape =
    schema['type'] === 'enum'
      ? {
          kind: 'enum',
          name,
          doc,
          symbols: schema['symbols'] as readonly string[],
          default: schema['default'] as Text,
        }
      : {
          kind: 'record',
          name,
          doc,
          fields: (schema['fields'] as readonly FieldJson[]).map((field) => fieldOf(field, named, inner)),
        };
  named.set(name, shape);
  return shape;
};

const fieldOf = (field: FieldJson, named: Map<string, Shape>, namespace: string): FieldShape => ({
  name: field.name,
  shape: shapeOf(field.type, named, namespace),
  doc: (field['doc'] as Text) ?? '',
  pii: (field['pii'] as PiiClass | undefined) ?? false,
  format: field['format'] as Text,
  default: field['default'],
});

/** The Avro JSON of a shape, normalised: a name is defined where it comes first; no documentation, one order of keys. */
export const normalise = (shape: Shape, defined = new Set<string>()): AvroJson => {
  switch (shape.kind) {
    case 'boolean':
    case 'int':
    case 'bytes':
      return shape.kind;
    case 'long':
      return shape.instant ? { type: 'long', logicalType: 'timestamp-millis' } : 'long';
    case 'string':
      return shape.uuid ? { type: 'string', logicalType: 'uuid' } : 'string';
    case 'optional':
      return ['null', normalise(shape.of, defined)];
    case 'array':
      return { type: 'array', items: normalise(shape.items, defined) };
    case 'map':
      return { type: 'map', values: normalise(shape.values, defined) };
    case 'enum':
    case 'record':
      return normaliseNamed(shape, defined);
    default:
      return shape satisfies never;
  }
};

const normaliseNamed = (shape: EnumShape | RecordShape, defined: Set<string>): AvroJson => {
  if (defined.has(shape.name)) return shape.name;
  defined.add(shape.name);
  if (shape.kind === 'enum')
    return { type: 'enum', name: shape.name, symbols: shape.symbols, default: shape.default };
  const fields = shape.fields.map((field) => ({
    name: field.name,
    type: normalise(field.shape, defined),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.format === undefined ? {} : { format: field.format }),
  }));
  return { type: 'record', name: shape.name, fields };
};

// FULL_TRANSITIVE: everything ever written can be read with the new schema, and what the new one writes by every old
// reader. avsc's resolver tells whether bytes can be read; the walk tells what they would mean.
import { avroType } from './avro.ts';
import {
  shapeOf,
  type AvroJson,
  type EnumShape,
  type FieldShape,
  type RecordShape,
  type Shape,
} from './shape.ts';

/** `field`: dotted path within the record, null for the whole; `problem` says what to do instead. */
export type Difference = { readonly field: string | null; readonly problem: string };

export const differenceText = ({ field, problem }: Difference): string =>
  field === null ? problem : `${field}: ${problem}`;

/** What makes a schema no compatible successor (or predecessor) of another; empty: compatible. */
export const incompatibilities = (older: AvroJson, newer: unknown): readonly Difference[] => {
  try {
    const candidate = avroType(newer as AvroJson);
    const meant = compare(shapeOf(older, new Map()), shapeOf(newer as AvroJson, new Map()), '');
    if (meant.length > 0) return meant;
    const published = avroType(older);
    return [
      ...unreadable('what is stored cannot be read any more', () => candidate.createResolver(published)),
      ...unreadable('older readers could not read what is written', () =>
        published.createResolver(candidate),
      ),
    ];
  } catch (error) {
    return [{ field: null, problem: `is no usable Avro schema: ${messageOf(error)}` }];
  }
};

const unreadable = (consequence: string, resolve: () => unknown): readonly Difference[] => {
  try {
    resolve();
    return [];
  } catch (error) {
    return [{ field: null, problem: `${consequence} (${messageOf(error)}): make a new event instead.` }];
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const NEW_EVENT = 'give the changed event a new name and write an upcaster from the old one.';

const compare = (older: Shape, newer: Shape, path: string): readonly Difference[] => {
  if (older.kind !== newer.kind) {
    const change = `was ${nameOf(older)} and is ${nameOf(newer)}`;
    return [
      at(path, `${change}: a published field keeps its type; add another optional field, or ${NEW_EVENT}`),
    ];
  }
  if (older.kind === 'record' && newer.kind === 'record') return compareRecords(older, newer, path);
  if (older.kind === 'enum' && newer.kind === 'enum') return compareEnums(older, newer, path);
  if (older.kind === 'optional' && newer.kind === 'optional') return compare(older.of, newer.of, path);
  if (older.kind === 'array' && newer.kind === 'array') return compare(older.items, newer.items, path);
  if (older.kind === 'map' && newer.kind === 'map') return compare(older.values, newer.values, path);
  return nameOf(older) === nameOf(newer)
    ? []
    : [
        at(
          path,
          `was ${nameOf(older)} and is ${nameOf(newer)}: the bytes are the same, their meaning is not; ${NEW_EVENT}`,
        ),
      ];
};

const at = (path: string, problem: string): Difference => ({ field: path === '' ? null : path, problem });

const nameOf = (shape: Shape): string => {
  if (shape.kind === 'optional') return `optional ${nameOf(shape.of)}`;
  if (shape.kind === 'long' && shape.instant) return 'long timestamp-millis';
  if (shape.kind === 'string' && shape.uuid) return 'string uuid';
  return shape.kind;
};

const compareRecords = (older: RecordShape, newer: RecordShape, path: string): readonly Difference[] => {
  if (older.name !== newer.name)
    return [at(path, `was ${older.name} and is ${newer.name}: names of types never change.`)];
  const before = new Map(older.fields.map((field) => [field.name, field]));
  const after = new Map(newer.fields.map((field) => [field.name, field]));
  const removed = older.fields.filter(({ name, default: value }) => !after.has(name) && value === undefined);
  return [
    ...removed.map(({ name }) =>
      at(step(path, name), `is gone, but older readers need it: keep it, or ${NEW_EVENT}`),
    ),
    ...newer.fields.flatMap((field) => compareField(before.get(field.name), field, step(path, field.name))),
  ];
};

const step = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const compareField = (
  older: FieldShape | undefined,
  newer: FieldShape,
  path: string,
): readonly Difference[] => {
  if (older === undefined)
    return newer.default === undefined
      ? [
          at(
            path,
            'is new and not optional, so stored events cannot be read: make it ["null", T] with default null.',
          ),
        ]
      : [];
  const meant = compare(older.shape, newer.shape, path);
  if (older.format !== newer.format)
    return [
      ...meant,
      at(path, `had the format ${older.format ?? 'none'} and has ${newer.format ?? 'none'}: ${NEW_EVENT}`),
    ];
  if (JSON.stringify(older.default) !== JSON.stringify(newer.default))
    return [
      ...meant,
      at(path, 'has another default: stored events without it would change their meaning; restore it.'),
    ];
  return meant;
};

const compareEnums = (older: EnumShape, newer: EnumShape, path: string): readonly Difference[] => {
  if (older.name !== newer.name)
    return [at(path, `was ${older.name} and is ${newer.name}: names of types never change.`)];
  const lost = older.symbols.filter((symbol) => !newer.symbols.includes(symbol));
  if (lost.length > 0)
    return [
      at(path, `no longer has ${lost.join(', ')}: stored events would read as UNKNOWN; keep every symbol.`),
    ];
  if (older.default !== newer.default) return [at(path, 'has another default symbol: restore it.')];
  return [];
};

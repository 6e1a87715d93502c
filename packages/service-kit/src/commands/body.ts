// Parsing at the edge of the domain: a body becomes typed data, or a list of what is wrong with it. Messages and paths
// never repeat input: a path names fields of the schema only.
import { isUuid, parseInstant, TenureError } from '@tenure/core';
import { z } from 'zod';

export type BodyError = { readonly path: string; readonly message: string };

/** A reader who sees the first twenty knows enough; a hostile body gets no longer answer. */
const MAX_ERRORS = 20;

type Fields = { readonly top: ReadonlySet<string>; readonly all: ReadonlySet<string> };
type Names = Readonly<Record<string, unknown>>;

const fieldsBySchema = new WeakMap<z.ZodType, Fields>();

/** The property names a schema knows: at its top, and anywhere in it. */
export const fieldsOf = (schema: z.ZodType): Fields => {
  let fields = fieldsBySchema.get(schema);
  if (fields === undefined) {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const top = [json, ...(json.anyOf ?? []), ...(json.oneOf ?? []), ...(json.allOf ?? [])];
    const all = new Set<string>();
    collect(json, all);
    fields = {
      top: new Set(
        top.flatMap((part) => (typeof part === 'object' ? Object.keys(part.properties ?? {}) : [])),
      ),
      all,
    };
    fieldsBySchema.set(schema, fields);
  }
  return fields;
};

const collect = (json: unknown, into: Set<string>): void => {
  if (Array.isArray(json)) for (const item of json) collect(item, into);
  else if (typeof json === 'object' && json !== null)
    for (const [name, value] of Object.entries(json)) {
      if (name === 'properties') for (const property of Object.keys(value as object)) into.add(property);
      collect(value, into);
    }
};

/** @throws INVALID with data.errors */
export const invalid = (errors: readonly BodyError[]): TenureError =>
  new TenureError('INVALID', 'The body is not what this command takes; `errors` says where and why.', {
    errors: errors.slice(0, MAX_ERRORS),
  });

/** Absent and null are the same: properties that are null are left out, at every depth. Copies only where there is one. */
export const withoutNulls = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    value.forEach((item, i) => {
      const clean = withoutNulls(item);
      if (clean !== item) (copy ??= [...(value as readonly unknown[])])[i] = clean;
    });
    return copy ?? value;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [name, item] of Object.entries(value)) {
    const clean = item === null ? undefined : withoutNulls(item);
    if (clean === item) continue;
    copy ??= { ...value };
    if (clean === undefined) delete copy[name];
    else copy[name] = clean;
  }
  return copy ?? value;
};

/** What every command may carry beside its own fields. `occurredAt` in ms; null: not given. */
export type Envelope = {
  readonly occurredAt: number | null;
  readonly customerId: string | null;
  /** The value of the id field of a creation. */
  readonly id: string | null;
};

export type ParsedBody = { readonly envelope: Envelope; readonly data: object };

/**
 * Reads one body that went through `withoutNulls`. `idField` only for a creation without an id in the path.
 * @throws INVALID; paths start with `at` (a JSON pointer, empty for the body itself)
 */
export const parseBody = (
  clean: unknown,
  schema: z.ZodType<object>,
  idField: string | null,
  at = '',
): ParsedBody => {
  if (typeof clean !== 'object' || clean === null || Array.isArray(clean))
    throw invalid([{ path: at, message: 'must be a JSON object' }]);
  const { top } = fieldsOf(schema);
  const errors: BodyError[] = [];
  const own: Record<string, unknown> = {};
  const envelope: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(clean)) {
    const outer = name === 'occurredAt' || name === 'customerId' || name === idField;
    if (outer) envelope[name] = value;
    if (!outer || top.has(name)) own[name] = value;
  }
  const read = readEnvelope(envelope, idField, at, errors);
  const parsed = schema.safeParse(own);
  if (!parsed.success) errors.push(...explain(parsed.error, schema, at));
  if (!parsed.success || errors.length > 0) throw invalid(distinct(errors));
  return { envelope: read, data: parsed.data };
};

const readEnvelope = (fields: Names, idField: string | null, at: string, errors: BodyError[]): Envelope => ({
  occurredAt: instantIn(fields['occurredAt'], `${at}/occurredAt`, errors),
  customerId: uuidIn(fields['customerId'], `${at}/customerId`, errors),
  id: idField === null ? null : uuidIn(fields[idField], `${at}/${idField}`, errors),
});

const uuidIn = (value: unknown, path: string, errors: BodyError[]): string | null => {
  if (value === undefined) return null;
  if (typeof value === 'string' && isUuid(value)) return value;
  errors.push({ path, message: 'must be a lower-case UUID' });
  return null;
};

const instantIn = (value: unknown, path: string, errors: BodyError[]): number | null => {
  if (value === undefined) return null;
  const at = typeof value === 'string' ? parseInstant(value) : null;
  if (at === null) errors.push({ path, message: 'must be an instant in ISO 8601 with offset' });
  return at;
};

const explain = (error: z.ZodError, schema: z.ZodType, at: string): readonly BodyError[] => {
  const { all } = fieldsOf(schema);
  return error.issues.map((issue) => ({
    path: at + pointer(issue.path, all),
    // The message of zod would repeat the names that were sent.
    message:
      issue.code === 'unrecognized_keys' ? 'has a field that this command does not know' : issue.message,
  }));
};

/** A JSON pointer of known names and numbers; a key that the sender made up (of a map) shows as `*`. */
const pointer = (path: readonly PropertyKey[], known: ReadonlySet<string>): string =>
  path
    .map((part) =>
      typeof part === 'number' ? `/${part}` : known.has(String(part)) ? `/${String(part)}` : '/*',
    )
    .join('');

const distinct = (errors: readonly BodyError[]): readonly BodyError[] => [
  ...new Map(errors.map((error) => [`${error.path}\n${error.message}`, error])).values(),
];

// Parsing at the edge. What is wrong is said by the names of the schema, never by repeating what was sent.
import { TenureError } from '@tenure/core';
import { z } from 'zod';
import { invalid, type Fault } from './problems.ts';

/** A reader who sees the first twenty knows enough; a hostile request gets no longer answer. */
const MAX_FAULTS = 20;

const namesBySchema = new WeakMap<z.ZodType, ReadonlySet<string>>();

/** Every property name that a schema knows, at any depth. */
const namesOf = (schema: z.ZodType): ReadonlySet<string> => {
  let names = namesBySchema.get(schema);
  if (names === undefined) {
    const found = new Set<string>();
    collect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), found);
    namesBySchema.set(schema, (names = found));
  }
  return names;
};

const collect = (json: unknown, into: Set<string>): void => {
  if (Array.isArray(json)) for (const item of json) collect(item, into);
  else if (typeof json === 'object' && json !== null)
    for (const [name, value] of Object.entries(json)) {
      if (name === 'properties') for (const property of Object.keys(value as object)) into.add(property);
      collect(value, into);
    }
};

/** A JSON pointer of known names and numbers; a key that the sender made up shows as `*`. */
const pointerOf = (path: readonly PropertyKey[], known: ReadonlySet<string>): string =>
  path
    .map((part) =>
      typeof part === 'number' ? `/${part}` : known.has(String(part)) ? `/${String(part)}` : '/*',
    )
    .join('');

const faultsOf = (error: z.ZodError, schema: z.ZodType): readonly Fault[] => {
  const known = namesOf(schema);
  return error.issues.slice(0, MAX_FAULTS).map((issue) => ({
    path: pointerOf(issue.path, known),
    message: issue.code === 'unrecognized_keys' ? unknownNames(known) : issue.message,
  }));
};

const unknownNames = (known: ReadonlySet<string>): string =>
  known.size === 0 ? 'takes nothing' : `has a name that is not known here; known: ${[...known].join(', ')}`;

/** @throws INVALID with what is wrong where. */
export const parsed = <T>(schema: z.ZodType<T>, value: unknown, detail: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(faultsOf(result.error, schema), detail);
};

/** The parameters of a query string. @throws INVALID for one that stands twice or cannot be decoded. */
export const queryOf = (search: string): Readonly<Record<string, string>> => {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(search)) {
    if (name in values)
      throw invalid([{ path: '', message: 'a query parameter stands twice; lists are separated by commas' }]);
    values[name] = value;
  }
  return values;
};

/** Path segments decoded. @throws INVALID */
export const decodedParams = (raw: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw))
    try {
      values[name] = value.includes('%') ? decodeURIComponent(value) : value;
    } catch (cause) {
      throw new TenureError(
        'INVALID',
        'The path is not valid percent-encoded UTF-8.',
        { errors: [{ path: `/${name}`, message: 'cannot be decoded' }] },
        { cause },
      );
    }
  return values;
};

/** JSON that came from outside nests no deeper. */
export const MAX_DEPTH = 32;

/**
 * Refuses what no schema of ours has and some library might trip over: nesting beyond 32, keys with `$`, `__proto__`.
 * @throws INVALID
 */
export const checkPlain = (value: unknown, depth = 0): void => {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw invalid([{ path: '', message: `nests deeper than ${MAX_DEPTH} levels` }]);
  if (Array.isArray(value)) {
    for (const item of value) checkPlain(item, depth + 1);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__' || name.includes('$'))
      throw invalid([{ path: '', message: 'a key holds $ or is __proto__' }]);
    checkPlain(inner, depth + 1);
  }
};

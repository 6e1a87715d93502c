// The policy `attributes`: a subset of JSON Schema as data, and a validator that ends for every value and schema.
import { policyHead } from '@tenure/service-kit';
import { z } from 'zod';
import type { AttributeProblem, Attributes, Json } from './attributes.ts';

/** Deeper values are documents, not attributes. */
const MAX_DEPTH = 8;
/** Whoever mends twenty sees the rest then. */
const MAX_PROBLEMS = 20;

const count = z.int().min(0).max(16_384);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const about = { title: z.string().optional(), description: z.string().optional() };

type About = { readonly title?: string | undefined; readonly description?: string | undefined };

/** The keywords that are understood, each with its meaning in JSON Schema 2020-12; any other refuses the start. */
export type AttributeSchema = About &
  (
    | {
        readonly type: 'string';
        readonly enum?: readonly string[] | undefined;
        readonly minLength?: number | undefined;
        readonly maxLength?: number | undefined;
        readonly format?: 'date' | 'uuid' | undefined;
      }
    | {
        readonly type: 'number' | 'integer';
        readonly enum?: readonly number[] | undefined;
        readonly minimum?: number | undefined;
        readonly maximum?: number | undefined;
      }
    | { readonly type: 'boolean' }
    | { readonly const: string | number | boolean }
    | {
        readonly type: 'array';
        readonly items: AttributeSchema;
        readonly minItems?: number | undefined;
        readonly maxItems?: number | undefined;
        readonly uniqueItems?: boolean | undefined;
      }
    | ObjectSchema
  );

type ObjectSchema = About & {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, AttributeSchema>>;
  readonly required?: readonly string[] | undefined;
  /** What is not named is refused, whatever JSON Schema says of it: a misspelt name is no attribute. */
  readonly additionalProperties: false;
};

const Schema: z.ZodType<AttributeSchema> = z.lazy(() =>
  z.union([
    z.strictObject({
      ...about,
      type: z.literal('string'),
      enum: z.array(z.string()).min(1).max(1_000).optional(),
      minLength: count.optional(),
      maxLength: count.optional(),
      format: z.enum(['date', 'uuid']).optional(),
    }),
    z.strictObject({
      ...about,
      type: z.enum(['number', 'integer']),
      enum: z.array(z.number()).min(1).max(1_000).optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
    }),
    z.strictObject({ ...about, type: z.literal('boolean') }),
    z.strictObject({ ...about, const: scalar }),
    z.strictObject({
      ...about,
      type: z.literal('array'),
      items: Schema,
      minItems: count.optional(),
      maxItems: count.optional(),
      uniqueItems: z.boolean().optional(),
    }),
    Objects,
  ]),
);

const Objects: z.ZodType<ObjectSchema> = z.lazy(() =>
  z
    .strictObject({
      ...about,
      type: z.literal('object'),
      properties: z.record(z.string().min(1).max(64), Schema),
      required: z.array(z.string()).max(1_000).optional(),
      additionalProperties: z.literal(false),
    })
    .refine(({ properties, required = [] }) => required.every((name) => Object.hasOwn(properties, name)), {
      path: ['required'],
      message: 'names a property that the schema does not know',
    }),
);

/** Head as of every policy; `id` is the schemaId. The schema must not admit personal data. */
export const AttributesPolicy = z.strictObject({
  ...policyHead('attributes'),
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be a code in lower case'),
  schema: Objects,
});

export type AttributesPolicy = z.infer<typeof AttributesPolicy>;

/** Everything that does not fit, at most MAX_PROBLEMS; none: it fits. */
export const checkAttributes = (
  schema: AttributeSchema,
  attributes: Attributes,
): readonly AttributeProblem[] => problemsOf(schema, attributes, '', 0).slice(0, MAX_PROBLEMS);

const problemsOf = (
  schema: AttributeSchema,
  value: Json,
  path: string,
  depth: number,
): readonly AttributeProblem[] => {
  const wrong = (reason: string): readonly AttributeProblem[] => [{ path, reason }];
  if (depth > MAX_DEPTH) return wrong(`is deeper than ${MAX_DEPTH} levels`);
  if ('const' in schema) return value === schema.const ? [] : wrong('is not the one value that is allowed');
  switch (schema.type) {
    case 'string':
      return typeof value === 'string'
        ? stringProblems(schema, value).flatMap(wrong)
        : wrong('must be a string');
    case 'number':
    case 'integer':
      return typeof value === 'number' && (schema.type === 'number' || Number.isInteger(value))
        ? numberProblems(schema, value).flatMap(wrong)
        : wrong(`must be ${schema.type === 'number' ? 'a number' : 'an integer'}`);
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('must be true or false');
    case 'array':
      return Array.isArray(value)
        ? arrayProblems(schema, value as readonly Json[], path, depth)
        : wrong('must be an array');
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? objectProblems(schema, value as Attributes, path, depth)
        : wrong('must be an object');
    default:
      return schema satisfies never;
  }
};

type Of<T> = Extract<AttributeSchema, { readonly type: T }>;

const DATE = z.iso.date();
const UUID = z.uuid();

const stringProblems = (schema: Of<'string'>, value: string): readonly string[] => {
  // Code points, as JSON Schema counts them.
  const { length } = Array.from(value);
  return [
    ...(schema.enum?.includes(value) === false ? ['is none of the allowed values'] : []),
    ...(length < (schema.minLength ?? 0) ? [`must have at least ${schema.minLength} characters`] : []),
    ...(length > (schema.maxLength ?? length) ? [`must have at most ${schema.maxLength} characters`] : []),
    ...(schema.format === 'date' && !DATE.safeParse(value).success ? ['must be a date YYYY-MM-DD'] : []),
    ...(schema.format === 'uuid' && !UUID.safeParse(value).success ? ['must be a UUID'] : []),
  ];
};

const numberProblems = (schema: Of<'number' | 'integer'>, value: number): readonly string[] => [
  ...(schema.enum?.includes(value) === false ? ['is none of the allowed values'] : []),
  ...(value < (schema.minimum ?? value) ? [`must be at least ${schema.minimum}`] : []),
  ...(value > (schema.maximum ?? value) ? [`must be at most ${schema.maximum}`] : []),
];

const arrayProblems = (
  schema: Of<'array'>,
  value: readonly Json[],
  path: string,
  depth: number,
): readonly AttributeProblem[] => {
  const wrong = (reason: string) => ({ path, reason });
  return [
    ...(value.length < (schema.minItems ?? 0) ? [wrong(`must have at least ${schema.minItems} items`)] : []),
    ...(value.length > (schema.maxItems ?? value.length)
      ? [wrong(`must have at most ${schema.maxItems} items`)]
      : []),
    ...(schema.uniqueItems === true && new Set(value.map((item) => JSON.stringify(item))).size < value.length
      ? [wrong('must name each item once')]
      : []),
    ...value.flatMap((item, i) => problemsOf(schema.items, item, `${path}/${i}`, depth + 1)),
  ];
};

const objectProblems = (
  schema: ObjectSchema,
  value: Attributes,
  path: string,
  depth: number,
): readonly AttributeProblem[] => [
  ...(schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path: `${path}/${name}`, reason: 'is required' })),
  ...Object.entries(value).flatMap(([name, item]) => {
    const known = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    // The name is the sender's: it is not repeated.
    return known === undefined
      ? [{ path: `${path}/*`, reason: 'is no attribute of the schema' }]
      : problemsOf(known, item, `${path}/${name}`, depth + 1);
  }),
];

// Custom attributes: what a deployment wants to keep of its customers beyond the model, under a versioned schema.
import { canonicalJson, ruleViolated } from '@tenure/core';
import type { NewCustomAttributesSet } from '@tenure/events/generated/customer';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** By name; never a name of a person, an address, or anything else of a person. */
export type Attributes = Readonly<Record<string, Json>>;

/** What is wrong where. The path names parts of the schema; neither repeats a value. */
export type AttributeProblem = { readonly path: string; readonly reason: string };

/** DEFAULTS §12. */
const LIMITS = { attributes: 100, attributeBytes: 16_384 } as const;

type Setting = {
  readonly schemaId: string;
  readonly attributes: Attributes;
  readonly clear: readonly string[];
};

type Schema = {
  readonly version: number;
  readonly check: (attributes: Attributes) => readonly AttributeProblem[];
};

/**
 * Sets and clears attributes; what comes of it as a whole must fit the schema.
 * @throws UNKNOWN_SCHEMA, ATTRIBUTES_INVALID, LIMIT_EXCEEDED
 */
export const setAttributes = (
  known: Attributes,
  { schemaId, attributes, clear }: Setting,
  schema: Schema | null,
): readonly { readonly type: 'CustomAttributesSet'; readonly data: NewCustomAttributesSet }[] => {
  if (schema === null)
    throw ruleViolated('UNKNOWN_SCHEMA', 'There is no policy `attributes` with this id.', { schemaId });
  const cleared = clear.filter((name) => Object.hasOwn(known, name) && !Object.hasOwn(attributes, name));
  const changes = canonicalJson({
    ...Object.fromEntries(cleared.map((name) => [name, null])),
    ...attributes,
  });
  const next = withAttributes(known, changes);
  checkSize(next);
  const problems = schema.check(next);
  if (problems.length > 0)
    throw ruleViolated(
      'ATTRIBUTES_INVALID',
      'The attributes do not fit their schema; `errors` says where and why.',
      {
        errors: problems,
        schemaId,
        schemaVersion: schema.version,
      },
    );
  if (canonicalJson(next) === canonicalJson(known)) return [];
  return [
    { type: 'CustomAttributesSet', data: { schemaId, schemaVersion: schema.version, attributes: changes } },
  ];
};

/** @throws LIMIT_EXCEEDED */
const checkSize = (attributes: Attributes): void => {
  const exceeded = (limit: keyof typeof LIMITS, unit: string) =>
    ruleViolated('LIMIT_EXCEEDED', `A customer has at most ${LIMITS[limit]} ${unit}; clear some first.`, {
      limit,
      value: LIMITS[limit],
    });
  if (Object.keys(attributes).length > LIMITS.attributes) throw exceeded('attributes', 'custom attributes');
  if (Buffer.byteLength(canonicalJson(attributes)) > LIMITS.attributeBytes)
    throw exceeded('attributeBytes', 'bytes of custom attributes');
};

/** The attributes after a change, read from its canonical JSON: null takes one away. */
export const withAttributes = (known: Attributes, changes: string): Attributes => {
  const next = { ...known, ...(JSON.parse(changes) as Attributes) };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null));
};

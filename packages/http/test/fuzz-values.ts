// Values for JSON schemas, by a seed.
import type { OpenApiDocument } from '../src/index.ts';

export type Json = Readonly<Record<string, any>>;

export type Random = {
  readonly below: (n: number) => number;
  readonly chance: (p: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly uuid: () => string;
};

/** mulberry32: 32 bits of state, good enough to wander about. */
export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => below(16).toString(16)).join('');
  return {
    below,
    chance: (p) => next() < p,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const SAMPLES = [
  'a',
  'A1',
  '1',
  '17',
  'latest',
  'cdnow',
  'UTC',
  'en-US',
  'EUR',
  '2026-11-20',
  '2026-11-20T09:14:03.000Z',
  'order:1',
  'customer:1,order:2',
  '10.50',
  '*',
  '"3"',
  'a'.repeat(64),
  '+4915112345678',
  'somebody@example.org',
];

/** Values for a JSON schema. */
export const valueMaker = (document: OpenApiDocument, random: Random, known: readonly string[]) => {
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Json>>;
  const text = (schema: Json): string => {
    if (typeof schema['example'] === 'string' && random.chance(0.5)) return schema['example'];
    if (schema['format'] === 'uuid')
      return known.length > 0 && random.chance(0.7) ? random.pick(known) : random.uuid();
    if (schema['format'] === 'date-time') return `2026-11-${10 + random.below(20)}T09:14:03.000Z`;
    if (schema['format'] === 'date') return `2026-11-${10 + random.below(20)}`;
    const pattern = typeof schema['pattern'] === 'string' ? new RegExp(schema['pattern']) : undefined;
    const fitting = [...SAMPLES, random.uuid()].filter(
      (sample) => pattern?.test(sample) ?? sample.length <= (schema['maxLength'] ?? 64),
    );
    return fitting.length > 0 ? random.pick(fitting) : 'a';
  };
  const number = (schema: Json): number => {
    const low = Number(schema['minimum'] ?? 0);
    const high = Math.min(Number(schema['maximum'] ?? 1_000), low + 1_000);
    return low + random.below(high - low + 1);
  };
  const object = (schema: Json, depth: number): Record<string, unknown> => {
    const made: Record<string, unknown> = {};
    const required = new Set<string>(schema['required'] ?? []);
    for (const [name, inner] of Object.entries((schema['properties'] ?? {}) as Record<string, Json>))
      if (required.has(name) || random.chance(0.5)) made[name] = value(inner, depth + 1);
    if (isObject(schema['additionalProperties']) && random.chance(0.5))
      made['entry'] = value(schema['additionalProperties'] as Json, depth + 1);
    return made;
  };
  const value = (schema: Json, depth = 0): unknown => {
    const ref =
      typeof schema['$ref'] === 'string' ? schemas[schema['$ref'].split('/').at(-1) ?? ''] : undefined;
    if (ref !== undefined) return value(ref, depth);
    if ('const' in schema) return schema['const'];
    if (Array.isArray(schema['enum'])) return random.pick(schema['enum'] as unknown[]);
    const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly Json[] | undefined;
    if (choices !== undefined) return value(random.pick(choices), depth);
    const type = Array.isArray(schema['type']) ? random.pick(schema['type'] as string[]) : schema['type'];
    switch (type) {
      case 'string':
        return text(schema);
      case 'integer':
      case 'number':
        return number(schema);
      case 'boolean':
        return random.chance(0.5);
      case 'null':
        return null;
      case 'array':
        return Array.from(
          { length: Math.max(Number(schema['minItems'] ?? 0), depth > 4 ? 0 : random.below(3)) },
          () => value((schema['items'] ?? {}) as Json, depth + 1),
        );
      case 'object':
        return object(schema, depth);
      default:
        return random.pick([1, 'x', true, {}]);
    }
  };
  return (schema: Json): unknown => value(schema);
};

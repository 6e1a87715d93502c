// Values of a schema made from a seed, for tests: the same seed gives the same values everywhere.
import { UNKNOWN_SYMBOL, type RecordShape, type Shape } from './shape.ts';
import { MAX_LONG } from './whole.ts';

/** Uniform in [0, 1). */
export type Random = () => number;

/** mulberry32: 32 bits of state, enough for tests, repeatable. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** 0 ≤ n < limit. */
export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

const MAX_ITEMS = 4;
const TEXTS = ['', 'a', '李伟', 'Zoë 🚀', '0.35', '2026-02-28', '{"a":1}', 'x'.repeat(70), 'constructor'];
const NUMBERS = [0, 1, -1, 63, -64, 64, 8191, 2 ** 31 - 1, -(2 ** 31)];

/** A value as a decider may write it: enums without UNKNOWN, optional fields null or left out at times. */
export const sampleOf = (shape: Shape, random: Random): unknown => {
  switch (shape.kind) {
    case 'boolean':
      return random() < 0.5;
    case 'int':
      return NUMBERS[below(random, NUMBERS.length)];
    case 'long':
      return random() < 0.1 ? MAX_LONG : Math.floor((random() - 0.5) * 2 ** 42);
    case 'string':
      return shape.uuid ? sampleUuid(random) : TEXTS[below(random, TEXTS.length)];
    case 'bytes':
      return Buffer.from([1, 2, 3]);
    case 'optional':
      return random() < 0.5 ? null : sampleOf(shape.of, random);
    case 'array':
      return Array.from({ length: below(random, MAX_ITEMS) }, () => sampleOf(shape.items, random));
    case 'map':
      return Object.fromEntries(
        Array.from({ length: below(random, MAX_ITEMS) }, (_, i) => [`k${i}`, sampleOf(shape.values, random)]),
      );
    case 'enum': {
      const symbols = shape.symbols.filter((symbol) => symbol !== UNKNOWN_SYMBOL);
      return symbols[below(random, symbols.length)];
    }
    case 'record':
      return sampleRecord(shape, random);
    default:
      return shape satisfies never;
  }
};

const sampleRecord = (shape: RecordShape, random: Random): object => {
  const values = shape.fields.map(({ name, shape: inner }): [string, unknown] => [
    name,
    sampleOf(inner, random),
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== null || random() < 0.5));
};

export const sampleUuid = (random: Random): string => {
  const hex = Array.from({ length: 32 }, () => below(random, 16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
};

describe('canonicalJson', () => {
  it('sorts the keys of every object by code unit, numbers first', () => {
    expect(canonicalJson({ b: 1, a: [{ z: null, y: 'ü' }], B: { ä: 1, a: 2 }, 10: 1, 9: 2 })).toBe(
      '{"9":2,"10":1,"B":{"a":2,"ä":1},"a":[{"y":"ü","z":null}],"b":1}',
    );
  });

  it('is the same text for equal values and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses %d at any depth', (number) => {
    expect(() => canonicalJson({ a: [{ b: number }] })).toThrow(TypeError);
  });

  it('changes nothing in the value', () => {
    const value = { b: [{ d: 1, c: 2 }], a: 1 };
    canonicalJson(value);
    expect(Object.keys(value)).toEqual(['b', 'a']);
    expect(Object.keys(value.b[0] ?? {})).toEqual(['d', 'c']);
  });
});

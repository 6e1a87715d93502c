import { describe, expect, it } from 'vitest';
import { assert, nat, property, string, uniqueArray } from 'fast-check';
import { judge, type Stream } from './append.ts';
import { event } from './contract/events.ts';
import type { Expected } from './event-store.ts';

/** A stream of events that were all appended under 'any'. */
const streamOf = (names: readonly string[]): Stream => {
  const ids = names.map((name) => event(name).body.subarray(0, 16));
  const revisionOf = (id: Uint8Array): number | undefined => {
    const found = ids.findIndex((known) => Buffer.compare(known, id) === 0);
    return found < 0 ? undefined : found;
  };
  return { revision: names.length - 1, idAt: (revision) => ids[revision], revisionOf };
};

const append = (names: readonly string[], expected: Expected, added: readonly string[]) =>
  judge(
    expected,
    streamOf(names),
    added.map((name) => event(name)),
  );

describe('judge', () => {
  it('writes where the expectation holds', () => {
    expect(append([], 'none', ['a'])).toBe('write');
    expect(append([], 'any', ['a'])).toBe('write');
    expect(append(['a'], 'any', ['b'])).toBe('write');
    expect(append(['a'], 'exists', ['b'])).toBe('write');
    expect(append(['a', 'b'], 1, ['c'])).toBe('write');
  });

  it('conflicts where it does not', () => {
    expect(append(['a'], 'none', ['b'])).toBe('conflict');
    expect(append([], 'exists', ['a'])).toBe('conflict');
    expect(append(['a'], 4, ['b'])).toBe('conflict');
    expect(append([], 0, ['a'])).toBe('conflict');
  });

  it('knows a repetition, and a part of one', () => {
    expect(append(['a', 'b', 'c'], 0, ['b', 'c'])).toEqual({ repeats: 2 });
    expect(append(['a', 'b', 'c'], 'none', ['a', 'b'])).toEqual({ repeats: 1 });
    expect(append(['a', 'b'], 0, ['b', 'c'])).toBe('conflict');
    expect(append(['a', 'b', 'c'], 'any', ['b', 'c'])).toEqual({ repeats: 2 });
    expect(append(['a', 'b', 'c'], 'any', ['x', 'c'])).toBe('conflict');
  });

  it('under any expectation a repetition of what is there is never written again', () => {
    const names = uniqueArray(string({ maxLength: 4 }), { minLength: 1, maxLength: 6 });
    assert(
      property(names, nat(), nat(), (there, from, length) => {
        const start = from % there.length;
        const repeated = there.slice(start, start + 1 + (length % there.length));
        const last = start + repeated.length - 1;
        expect(append(there, 'any', repeated)).toEqual({ repeats: last });
        expect(append(there, start === 0 ? 'none' : start - 1, repeated)).toEqual({ repeats: last });
      }),
    );
  });
});

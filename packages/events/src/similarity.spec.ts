import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigrams, diceSimilarity } from './similarity.ts';

describe('the bigrams of a name', () => {
  it('are the pairs of its letters with a space around each word, each once', () => {
    expect([...bigrams('li wei')]).toEqual([' l', 'li', 'i ', ' w', 'we', 'ei']);
    expect([...bigrams('anana')]).toEqual([' a', 'an', 'na', 'a ']);
    expect([...bigrams('王小明')]).toEqual([' 王', '王小', '小明', '明 ']);
  });

  it('take a letter outside of the basic plane as one', () => {
    expect([...bigrams('𠮷')]).toEqual([' 𠮷', '𠮷 ']);
  });
});

describe('diceSimilarity', () => {
  it.each([
    ['night', 'nacht', 6 / 12],
    ['anna schmidt', 'anna schmidt', 1],
    ['anna', 'bo', 0],
    ['li wei', 'li weng', 10 / 14],
  ])('%s and %s: %d', (one, other, similarity) => {
    expect(diceSimilarity(bigrams(one), bigrams(other))).toBeCloseTo(similarity, 12);
  });

  it('finds nothing in common between nothing and nothing', () => expect(diceSimilarity([], [])).toBe(0));

  it('counts what comes twice once', () => expect(diceSimilarity(['a', 'a', 'b'], ['a', 'b', 'b'])).toBe(1));

  it('lies between 0 and 1, is the same both ways, and 1 only for equal sets', () => {
    const set = fc.uniqueArray(fc.string({ maxLength: 2 }), { maxLength: 12 });
    fc.assert(
      fc.property(set, set, (one, other) => {
        const similarity = diceSimilarity(one, other);
        expect(similarity).toBe(diceSimilarity(other, one));
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
        const equal = one.length > 0 && one.length === other.length && one.every((x) => other.includes(x));
        expect(similarity === 1).toBe(equal);
      }),
    );
  });
});

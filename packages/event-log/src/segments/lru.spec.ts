import { describe, expect, it } from 'vitest';
import { lru } from './lru.ts';

describe('lru', () => {
  it('lets go of what was used least, once the weight is too much', () => {
    const gone: number[] = [];
    const kept = lru<number>(
      10,
      (value) => value,
      (value) => gone.push(value),
    );
    kept.add('a', 4);
    kept.add('b', 5);
    kept.get('a');
    kept.add('c', 3);
    expect(gone).toEqual([5]);
    expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([4, undefined, 3]);
  });
  it('keeps the newest even when it alone is too much', () => {
    const kept = lru<number>(
      10,
      (value) => value,
      () => {},
    );
    kept.add('a', 4);
    kept.add('b', 50);
    expect([kept.get('a'), kept.get('b')]).toEqual([undefined, 50]);
  });
  it('lets go of everything when cleared, and of what is replaced', () => {
    const gone: number[] = [];
    const kept = lru<number>(
      10,
      () => 1,
      (value) => gone.push(value),
    );
    kept.add('a', 1);
    kept.add('a', 2);
    kept.clear();
    expect(gone).toEqual([1, 2]);
    expect(kept.get('a')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { headCache, type Head } from './heads.ts';

const cacheOver = (stored: ReadonlyMap<string, Head>, max?: number) => {
  const loaded: string[] = [];
  const heads = headCache((stream) => {
    loaded.push(stream);
    return stored.get(stream) ?? { id: 0, revision: -1 };
  }, max);
  return { heads, loaded };
};

describe('the heads of streams', () => {
  it('are loaded once and then kept as they are set', () => {
    const { heads, loaded } = cacheOver(new Map([['a', { id: 1, revision: 4 }]]));
    expect(heads.of('a')).toEqual({ id: 1, revision: 4 });
    heads.set('a', { id: 1, revision: 5 });
    expect(heads.of('a')).toEqual({ id: 1, revision: 5 });
    expect(loaded).toEqual(['a']);
  });

  it('of streams that do not exist are not kept: somebody may make up any number of names', () => {
    const { heads, loaded } = cacheOver(new Map());
    heads.of('a');
    heads.of('a');
    expect(loaded).toEqual(['a', 'a']);
  });

  it('are bounded; the ones in use stay', () => {
    const stored = new Map(Array.from({ length: 100 }, (_, i) => [`s${i}`, { id: i + 1, revision: 0 }]));
    const { heads, loaded } = cacheOver(stored, 20);
    for (let i = 0; i < 100; i++) {
      heads.of(`s${i}`);
      heads.of('s0');
    }
    expect(loaded).toHaveLength(100);
    for (let i = 0; i < 100; i++) heads.of(`s${i}`);
    expect(loaded.length).toBeGreaterThan(170);
  });

  it('are forgotten after a rollback', () => {
    const { heads, loaded } = cacheOver(new Map([['a', { id: 1, revision: 4 }]]));
    heads.set('a', { id: 1, revision: 9 });
    heads.forget();
    expect(heads.of('a')).toEqual({ id: 1, revision: 4 });
    expect(loaded).toEqual(['a']);
  });
});

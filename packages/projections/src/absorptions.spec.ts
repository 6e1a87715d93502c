import { describe, expect, it } from 'vitest';
import { absorptionsOf, SILENT, withMerge } from './absorptions.ts';

const claim = (key: string, absorbed: Readonly<Record<string, number>>) => ({ key, absorbed, own: null });

describe('who is merged with whom', () => {
  it('is everybody alone before anybody is merged', () => {
    const absorptions = absorptionsOf();
    expect(absorptions.isEmpty()).toBe(true);
    expect([absorptions.rootOf('a'), absorptions.groupOf('a'), absorptions.of('a')]).toEqual([
      'a',
      ['a'],
      SILENT,
    ]);
  });

  it('names the last survivor of a chain, and the group with him first', () => {
    const absorptions = absorptionsOf([claim('z', { b: 1 }), claim('c', { z: 2 })]);
    expect(['b', 'z', 'c'].map(absorptions.rootOf)).toEqual(['c', 'c', 'c']);
    expect(absorptions.groupOf('c')).toEqual(['c', 'b', 'z']);
    expect(absorptions.roots()).toEqual(['c']);
    expect(absorptions.absorbed().toSorted()).toEqual(['b', 'z']);
  });

  it('answers whose document a change concerns, and nobody else', () => {
    const absorptions = absorptionsOf([claim('a', { b: 1 }), claim('c', { d: 2 })]);
    expect(absorptions.set('c', { absorbed: { d: 2, a: 3 }, own: null }).toSorted()).toEqual(['a', 'b', 'c']);
    expect(absorptions.set('c', { absorbed: { d: 2, a: 3 }, own: null })).toEqual([]);
    expect(absorptions.set('a', { absorbed: {}, own: null }).toSorted()).toEqual(['b', 'c']);
  });

  it('ends on any circle', () => {
    const absorptions = absorptionsOf([
      claim('a', { a: 1, b: 1 }),
      claim('b', { c: 2 }),
      claim('c', { a: 3 }),
    ]);
    expect(['a', 'b', 'c'].map(absorptions.rootOf)).toEqual(['a', 'a', 'a']);
  });

  it('keeps the place of a claim that is repeated', () => {
    const once = withMerge(SILENT, { absorbs: ['b'] }, { position: 5 });
    const twice = withMerge(once, { absorbs: ['b', 'c'] }, { position: 8 });
    expect(twice.absorbed).toEqual({ b: 5, c: 8 });
    expect(withMerge(twice, { restores: ['b', 'x'] }, { position: 9 }).absorbed).toEqual({ c: 8 });
  });
});

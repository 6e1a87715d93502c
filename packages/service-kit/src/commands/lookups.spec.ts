// What commands look up: the commands of a tick ask together, because every question is a statement on the main thread.
import { describe, expect, it } from 'vitest';
import type { ProjectionReader } from '@tenure/projections';
import { open, toyBus } from '../../test/toy.ts';
import { readerLookups } from '../index.ts';

const unused = (): never => {
  throw new TypeError('not asked here');
};

describe('commands of one tick', () => {
  it('load the parties of their customers together', async () => {
    const asked: number[] = [];
    const reader: ProjectionReader = {
      async load(_, ids) {
        asked.push(ids.length);
        return new Map();
      },
      ...{
        byKey: unused,
        absorbedBy: unused,
        query: unused,
        count: unused,
        search: unused,
        searchOf: unused,
        generation: unused,
      },
      ...{ folded: unused, businessDay: unused, waitFor: unused },
    };
    const { bus } = toyBus({ lookups: (name) => readerLookups({ name }, reader) });
    await Promise.all(['a', 'b', 'c'].map((key) => bus.submit(open(key))));
    expect(asked).toEqual([1]); // three accounts of one customer
  });
});

// MergePropagation, stopped at each of its steps, delivered twice, and met by others halfway: a merge is whole or undone.
import { idOf } from '@tenure/testing';
import { atEveryStep, type World } from '@tenure/testing/processes';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { matchIdOf } from '../src/match.ts';
import { capture, checkWhole, openWorld, partyOf, register, stateOf, typesOf } from './processes.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const merge = (survivor: string, ...absorbed: readonly string[]) =>
  world.send(
    'customer',
    'MergeCustomers',
    { mergeId: idOf(`merge of ${survivor} ${absorbed.join()}`), absorbedIds: absorbed },
    { id: survivor },
  );

const unmerge = (survivor: string, mergeId: string) =>
  world.send('customer', 'UnmergeCustomer', { mergeId, reason: 'two people' }, { id: survivor });

const anew = async (): Promise<World> => {
  await world.close();
  world = await openWorld();
  return world;
};

describe('an approved match', () => {
  it('ends in one survivor, whatever step the process dies at', async () => {
    const [known, party] = [idOf('lin'), partyOf('second')];
    const approve = async (): Promise<void> => {
      await register(world, 'lin');
      await capture(world, 'second', { name: 'Xiaomei Lin', phone: '+1 202 555 0143' });
      await world.settle();
      await world.send('match', 'ApproveMatch', { survivorId: known }, { id: matchIdOf(known, party) });
    };
    const deaths = await atEveryStep(anew, approve, async () => {
      expect(await typesOf(world, `customer-${party}`)).toEqual(['CustomerAbsorbed']);
      const merged = (await world.events()).filter(({ type }) => type === 'CustomersMerged');
      expect(merged).toHaveLength(1);
      expect(merged[0]?.data).toMatchObject({
        survivorId: known,
        absorbedIds: [party],
        ruleId: 'identity',
        score: 85,
      });
      expect(merged[0]?.data).toMatchObject({ approvedBy: { kind: 'user', id: 'tester' } });
      await checkWhole(world, [known, party]);
    });
    // MergeCustomers, AbsorbCustomer, and the question whether it is complete.
    expect(deaths).toBe(2 * 3);
  }, 60_000);

  it('changes nothing when one of them was merged into another customer meanwhile', async () => {
    const known = await register(world, 'lin');
    const other = await register(world, 'other', { name: 'Ann Other' });
    await capture(world, 'second', { name: 'Xiaomei Lin', phone: '+1 202 555 0143' });
    await world.settle();
    const party = partyOf('second');
    await world.send('match', 'ApproveMatch', {}, { id: matchIdOf(known, party) });
    await merge(other, party);
    await world.settle();
    expect((await stateOf(world, party)).survivorId).toBe(other);
    expect((await stateOf(world, known)).merges).toEqual([]);
    await checkWhole(world, [known, other, party]);
  });
});

describe('an unmerge', () => {
  it('restores everybody, whatever step the process dies at', async () => {
    const [a, b, bare] = [idOf('a'), idOf('b'), partyOf('nobody')];
    const comeApart = async (): Promise<void> => {
      for (const name of ['a', 'b']) await register(world, name, { name });
      await merge(a, b, bare);
      await world.settle();
      await unmerge(a, idOf(`merge of ${a} ${[b, bare].join()}`));
    };
    const deaths = await atEveryStep(anew, comeApart, async () => {
      expect((await stateOf(world, b)).status).toBe('Registered');
      expect((await stateOf(world, bare)).status).toBe('Bare');
      expect(await typesOf(world, `customer-${bare}`)).toEqual(['CustomerAbsorbed', 'CustomerRestored']);
      await checkWhole(world, [a, b, bare]);
    });
    expect(deaths).toBe(2 * 2);
  }, 60_000);

  it('is legal on a survivor who was absorbed later himself', async () => {
    const [a, b, c] = [
      await register(world, 'a', { name: 'A' }),
      await register(world, 'b', { name: 'B' }),
      await register(world, 'c', { name: 'C' }),
    ];
    await merge(b, c);
    await world.settle();
    await merge(a, b);
    await world.settle();
    await unmerge(b, idOf(`merge of ${b} ${c}`));
    await world.settle();
    expect((await stateOf(world, c)).status).toBe('Registered');
    expect(await stateOf(world, b)).toMatchObject({ status: 'Absorbed', survivorId: a });
    await checkWhole(world, [a, b, c]);
  });

  it('reaches who was about to be erased when that is cancelled', async () => {
    const [a, b] = [await register(world, 'a', { name: 'A' }), await register(world, 'b', { name: 'B' })];
    await merge(a, b);
    await world.settle();
    await world.send('customer', 'RequestErasure', {}, { id: b });
    await unmerge(a, idOf(`merge of ${a} ${b}`));
    await world.settle();
    expect((await stateOf(world, b)).status).toBe('ErasurePending');
    await world.send('customer', 'CancelErasure', { reason: 'kept after all' }, { id: b });
    await world.settle();
    expect(await stateOf(world, b)).toMatchObject({ status: 'Registered', survivorId: null });
  });
});

describe('a merge that cannot be completed', () => {
  it('is undone as a whole, and everybody is restored', async () => {
    const [a, b, c] = [
      await register(world, 'a', { name: 'A' }),
      await register(world, 'b', { name: 'B' }),
      await register(world, 'c', { name: 'C' }),
    ];
    await merge(a, b, c);
    await world.send('customer', 'RequestErasure', {}, { id: c });
    await world.settle();
    expect((await stateOf(world, a)).merges).toEqual([]);
    expect(await stateOf(world, b)).toMatchObject({ status: 'Registered', absorbed: null });
    expect(await typesOf(world, `customer-${b}`)).toEqual([
      'CustomerRegistered',
      'CustomerAbsorbed',
      'CustomerRestored',
    ]);
    expect((await stateOf(world, c)).status).toBe('ErasurePending');
  });

  it('leaves the first of two that want the same party', async () => {
    const [a, b, c] = [
      await register(world, 'a', { name: 'A' }),
      await register(world, 'b', { name: 'B' }),
      await register(world, 'c', { name: 'C' }),
    ];
    await merge(a, c);
    await merge(b, c);
    await world.settle();
    const survivors = [await stateOf(world, a), await stateOf(world, b)];
    expect(survivors.flatMap(({ merges }) => merges)).toHaveLength(1);
    await checkWhole(world, [a, b, c]);
  });

  it('leaves somebody when two merges cross', async () => {
    const [a, b] = [await register(world, 'a', { name: 'A' }), await register(world, 'b', { name: 'B' })];
    await merge(a, b);
    await merge(b, a);
    await world.settle();
    const [low, high] = [a, b].toSorted() as [string, string];
    expect(await stateOf(world, low)).toMatchObject({ status: 'Registered' });
    expect(await stateOf(world, high)).toMatchObject({ status: 'Absorbed', survivorId: low, merges: [] });
    await checkWhole(world, [a, b]);
  });

  it('leaves somebody when three merges form a ring', async () => {
    const names = ['a', 'b', 'c'];
    const ids = await Promise.all(names.map((name) => register(world, name, { name })));
    for (const [i, id] of ids.entries()) await merge(id, ids[(i + 1) % 3] ?? '');
    await world.settle();
    await checkWhole(world, ids);
    const statuses = await Promise.all(ids.map(async (id) => (await stateOf(world, id)).status));
    expect(statuses).toContain('Registered');
  });
});

describe('a redelivery of everything', () => {
  it('changes nothing', async () => {
    const [a, b] = [await register(world, 'a', { name: 'A' }), await register(world, 'b', { name: 'B' })];
    await merge(a, b);
    await world.settle();
    await unmerge(a, idOf(`merge of ${a} ${b}`));
    await world.settle();
    const before = (await world.events()).map(({ id }) => id);
    await world.redeliver();
    await world.settle();
    expect((await world.events()).map(({ id }) => id)).toEqual(before);
  });
});

type Step =
  | { readonly do: 'merge'; readonly into: number; readonly absorbed: readonly number[] }
  | { readonly do: 'unmerge' | 'erase' | 'keep'; readonly of: number }
  | { readonly do: 'settle' | 'redeliver' }
  | { readonly do: 'die'; readonly steps: number; readonly when: 'before' | 'after' };

const one = fc.nat({ max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('merge' as const),
      into: one,
      absorbed: fc.uniqueArray(one, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('unmerge' as const, 'erase' as const, 'keep' as const),
      of: one,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('settle' as const, 'redeliver' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      steps: fc.nat({ max: 4 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
);

/** What is refused changes nothing: the next step goes on from there. */
const attempt = async (sent: Promise<unknown>): Promise<void> => {
  await sent.catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error)) throw error;
  });
};

const play = async (ids: readonly string[], what: Step): Promise<void> => {
  const at = (index: number): string => ids[index] ?? '';
  switch (what.do) {
    case 'merge':
      return attempt(
        world.send(
          'customer',
          'MergeCustomers',
          { absorbedIds: what.absorbed.map(at) },
          { id: at(what.into) },
        ),
      );
    case 'unmerge': {
      const { merges } = await stateOf(world, at(what.of));
      return merges[0] === undefined ? undefined : attempt(unmerge(at(what.of), merges[0].mergeId));
    }
    case 'erase':
      return attempt(world.send('customer', 'RequestErasure', {}, { id: at(what.of) }));
    case 'keep':
      return attempt(world.send('customer', 'CancelErasure', { reason: 'kept' }, { id: at(what.of) }));
    case 'settle':
      return world.settle();
    case 'redeliver':
      return world.redeliver();
    case 'die':
      world.dieAt(what.steps, what.when);
      await world.dead();
      return world.restart();
    default:
      return what satisfies never;
  }
};

describe('any merges and unmerges in any order, with deaths in between', () => {
  it('leave every merge whole or undone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        await anew();
        const ids = ['a', 'b', 'c', 'd', 'e'].map(idOf);
        for (const name of ['a', 'b', 'c', 'd']) await register(world, name, { name });
        for (const what of steps) await play(ids, what);
        await world.settle();
        await checkWhole(world, ids);
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});

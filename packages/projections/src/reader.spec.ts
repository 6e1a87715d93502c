import { TenureError } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import { openWorld, placed, registered, settled, shop, plainHash, type World } from '../test/world.ts';
import { createProjectionReader, type MovingReader, type Progress } from './reader.ts';

const projections = [{ definition: shop, codeHash: 'code-1' }];

const reading = async (world: World, timer?: Parameters<typeof createProjectionReader>[0]['timer']) => {
  const reader = await createProjectionReader({
    readModels: world.readModels,
    projections,
    ...(timer && { timer }),
  });
  const told: Promise<void>[] = [];
  const onProgress = (progress: Progress): void => void told.push(reader.advance(structuredClone(progress)));
  return { reader, onProgress };
};

const count = async (reader: MovingReader, id: string): Promise<number> =>
  JSON.parse((await reader.load('shop', [id])).get(id)?.body ?? '{"slices":{"order":{"count":0}}}').slices
    .order.count;

describe('the reader', () => {
  it('reads nothing before the first generation, and everything that is folded after it', async () => {
    const world = openWorld();
    const { reader, onProgress } = await reading(world);
    expect(reader.generation('shop')).toBeNull();
    await expect(reader.load('shop', ['a'])).rejects.toMatchObject({ code: 'UNAVAILABLE', retriable: true });
    await expect(reader.load('other', ['a'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const engine = await world.start({ onProgress });
    const positions = await world.tell(placed('a', 1), registered('a', 'Ann'), placed('b', 1));
    await reader.waitFor('shop', positions, 1_000);
    expect(await count(reader, 'a')).toBe(1);
    expect(reader.folded('shop')).toEqual({ order: 2, customer: 1 });
    expect(reader.generation('shop')).toEqual({ generation: 1, stale: false });
    expect(await reader.search('shop', { kind: 'NAME', hash: plainHash('NAME', 'ann') ?? '' }, 10)).toEqual([
      'a',
    ]);
    expect(reader.businessDay('shop')).toBeNull();
    await world.closeDay('2026-01-01');
    await reader.waitFor('shop', { clock: 1 }, 1_000);
    expect(reader.businessDay('shop')).toBe('2026-01-01');
    await engine.stop();
    await reader.close();
  });

  it('waits for positions, also of events that are about other customers or not folded at all', async () => {
    const world = openWorld();
    const timeouts: (() => void)[] = [];
    const timer = (_: number, done: () => void) => (timeouts.push(done), () => {});
    const { reader, onProgress } = await reading(world, timer);
    const late = reader.waitFor('shop', { order: 1 }, 5_000);
    timeouts[0]?.();
    await expect(late).rejects.toMatchObject({ code: 'BEHIND', retriable: true, data: { asOf: {} } });
    await expect(reader.waitFor('shop', { order: 1 }, 0)).rejects.toMatchObject({ code: 'BEHIND' });
    const waiting = reader.waitFor('shop', { order: 3, churn: 99 }, 5_000);
    const engine = await world.start({ onProgress });
    await world.tell(placed('a', 1), { source: 'order', type: 'PriceBookPublished', key: 'p', data: {} });
    await world.tell({ source: 'order', type: 'OrderForgotten', key: 'a', data: {} });
    await waiting;
    expect(reader.folded('shop')).toEqual({ order: 3 });
    await engine.stop();
    await reader.close();
  });

  it('never reads none, a mixture, or an earlier state while generations replace each other', async () => {
    const world = openWorld();
    const { reader, onProgress } = await reading(world);
    const engine = await world.start({ onProgress });
    await reader.waitFor('shop', await world.tell(placed('a', 1), placed('b', 1)), 1_000);
    const stop = new AbortController();
    let last = 0;
    const seen = new Set<number>();
    const read = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const documents = await reader.load('shop', ['a', 'b']);
        const counts = ['a', 'b'].map(
          (id) => JSON.parse(documents.get(id)?.body ?? '').slices.order.count as number,
        );
        expect(counts[0]).toBeGreaterThanOrEqual(last);
        last = counts[0] ?? 0;
        seen.add(reader.generation('shop')?.generation ?? 0);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const readers = read();
    for (let generation = 2; generation <= 6; generation++) {
      await engine.control.startReplay({ projection: 'shop', activate: true });
      for (let i = 0; i < 10; i++) await world.tell(placed('a', i), placed('b', i));
      expect(await world.replayed(engine, generation)).toMatchObject({ state: 'active' });
      const positions = await world.tell(placed('a', 0));
      await reader.waitFor('shop', positions, 1_000);
      expect(await count(reader, 'a')).toBeGreaterThanOrEqual(last);
    }
    await engine.control.rollback('shop', 5);
    await settled(engine);
    stop.abort();
    await readers;
    expect([...seen]).toEqual(expect.arrayContaining([1, 5]));
    expect(reader.generation('shop')?.generation).toBe(5);
    await engine.stop();
    await reader.close();
  });

  it('says that it serves the generation of other code', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(placed('a', 1));
    await settled(engine);
    await engine.stop();
    const reader = await createProjectionReader({
      readModels: world.readModels,
      projections: [{ definition: shop, codeHash: 'code-2' }],
    });
    expect(reader.generation('shop')).toEqual({ generation: 1, stale: true });
    expect(await count(reader, 'a')).toBe(1);
    await reader.close();
  });

  it('moves when a store that was away is back, to the newest generation it was told of', async () => {
    const inner = openWorld();
    const away = { left: 0 };
    const world: World = {
      ...inner,
      readModels: {
        ...inner.readModels,
        async openReader(shape, generation) {
          if (away.left-- > 0) throw new TenureError('UNAVAILABLE', 'It is away.', {}, { retriable: true });
          return inner.readModels.openReader(shape, generation);
        },
      },
    };
    const pauses: { readonly ms: number; readonly over: () => void }[] = [];
    const timer = (ms: number, over: () => void) => (pauses.push({ ms, over }), () => {});
    const { reader } = await reading(world, timer);
    const told: Progress[] = [];
    const engine = await inner.start({ onProgress: (progress) => void told.push(progress) });
    await inner.tell(placed('a', 1));
    await settled(engine);
    await engine.control.startReplay({ projection: 'shop', activate: true });
    await inner.until(async () => (await engine.control.replay('shop.g2')).state === 'active');
    away.left = 2;
    const first = told.find(({ generation }) => generation === 1)!;
    const moved = [reader.advance(first), reader.advance(told.at(-1)!)];
    await inner.until(async () => pauses.length === 1);
    pauses[0]?.over();
    await inner.until(async () => pauses.length === 2);
    expect(reader.generation('shop')).toBeNull();
    pauses[1]?.over();
    await Promise.all(moved);
    expect(pauses.map(({ ms }) => ms)).toEqual([100, 200]);
    expect(reader.generation('shop')?.generation).toBe(2);
    expect(await count(reader, 'a')).toBe(1);
    await expect(reader.advance({ ...first, generation: 9 })).resolves.toBeUndefined();
    expect(reader.generation('shop')?.generation).toBe(2);
    away.left = 1;
    const late = reader.advance(first);
    await reader.close();
    await late;
    await engine.stop();
  });
});

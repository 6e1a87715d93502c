import type { Commit, ReadModels } from '@tenure/read-models';
import { describe, expect, it } from 'vitest';
import { contents, openWorld, placed, settled, story, worldOn } from '../test/world.ts';

describe('activation and rollback', () => {
  it('waits for its activation, follows the log meanwhile, and goes back to the standby that catches up first', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(...story);
    await settled(engine);
    await engine.control.startReplay({ projection: 'shop', activate: false });
    expect(await world.replayed(engine, 2)).toMatchObject({
      state: 'verifying',
      verified: { differences: 0 },
    });
    expect(await world.readModels.active('shop')).toBe(1);
    await world.tell(placed('d', 1));
    await expect(engine.control.activate('shop', 1)).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    await expect(engine.control.rollback('shop', 2)).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    expect(await engine.control.activate('shop', 2)).toMatchObject({ generation: 2, state: 'active' });
    expect(Object.keys(await contents(world))).toContain('d');
    await world.tell(placed('e', 1));
    await settled(engine);
    expect(await engine.control.rollback('shop', 1)).toMatchObject({ generation: 1, state: 'active' });
    expect(Object.keys(await contents(world))).toContain('e');
    expect((await engine.control.generations('shop')).map(({ state }) => state)).toEqual([
      'active',
      'standby',
    ]);
    await engine.control.retire('shop', 2);
    await expect(engine.control.retire('shop', 1)).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    await expect(engine.control.retire('shop', 7)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await engine.control.generations('shop')).toHaveLength(1);
    await engine.stop();
  });

  it('is not activated before it has folded all that the active one has', async () => {
    const inner = openWorld();
    const gate = Promise.withResolvers<void>();
    const held = { on: false };
    const readModels: ReadModels = {
      ...inner.readModels,
      async openWriter(shape, generation) {
        const writer = await inner.readModels.openWriter(shape, generation);
        const slow = async (commit: Commit): Promise<void> => {
          if (held.on) await gate.promise;
          await writer.commit(commit);
        };
        return generation === 2 ? { ...writer, commit: slow } : writer;
      },
    };
    const world = worldOn(inner.data, inner.log, readModels);
    const engine = await world.start();
    await world.tell(placed('a', 1));
    await settled(engine);
    await engine.control.startReplay({ projection: 'shop', activate: false });
    await world.replayed(engine, 2);
    held.on = true;
    await world.tell(placed('a', 2));
    await settled(engine);
    const activated = engine.control.activate('shop', 2);
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(await world.readModels.active('shop')).toBe(1);
    gate.resolve();
    await activated;
    expect(await world.readModels.active('shop')).toBe(2);
    expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(2);
    await engine.stop();
  });

  it('gives up an activation when the new generation does not come level, and goes on serving the old one', async () => {
    const inner = openWorld();
    const held = { on: false };
    const readModels: ReadModels = {
      ...inner.readModels,
      async openWriter(shape, generation) {
        const writer = await inner.readModels.openWriter(shape, generation);
        const failing = async (commit: Commit): Promise<void> => {
          if (held.on) throw new Error('the disk is full');
          await writer.commit(commit);
        };
        return generation === 2 ? { ...writer, commit: failing } : writer;
      },
    };
    const world = worldOn(inner.data, inner.log, readModels);
    const engine = await world.start({
      pause: async () => void (await new Promise((next) => setImmediate(next))),
    });
    await world.tell(placed('a', 1));
    await settled(engine);
    await engine.control.startReplay({ projection: 'shop', activate: false });
    await world.replayed(engine, 2);
    held.on = true;
    await world.tell(placed('a', 2));
    await settled(engine);
    await expect(engine.control.activate('shop', 2)).rejects.toMatchObject({
      code: 'BEHIND',
      retriable: true,
    });
    await world.tell(placed('a', 3));
    await settled(engine);
    expect(await world.readModels.active('shop')).toBe(1);
    expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(3);
    held.on = false;
    expect(await engine.control.activate('shop', 2)).toMatchObject({ state: 'active' });
    await engine.stop();
  });

  it('removes a standby after a day', async () => {
    const world = openWorld();
    const time = { now: 1_000 };
    const pauses: (() => void)[] = [];
    const engine = await world.start({
      clock: { now: () => time.now },
      pause: (_, signal) =>
        new Promise((resolve) => {
          pauses.push(resolve);
          signal.addEventListener('abort', () => resolve());
        }),
    });
    await world.tell(...story);
    await settled(engine);
    await engine.control.startReplay({ projection: 'shop', activate: true });
    await world.replayed(engine, 2);
    const hour = async (): Promise<void> => {
      pauses.splice(0).forEach((resolve) => resolve());
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    time.now += 24 * 3_600_000 - 1;
    await hour();
    expect(await engine.control.generations('shop')).toHaveLength(2);
    time.now += 1;
    await hour();
    expect((await engine.control.generations('shop')).map(({ generation }) => generation)).toEqual([2]);
    await engine.stop();
  });
});

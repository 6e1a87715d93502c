import { describe, expect, it } from 'vitest';
import {
  contents,
  openWorld,
  placed,
  plainHash,
  plainKeys,
  registered,
  renamed,
  settled,
  shop,
  type World,
} from '../test/world.ts';
import { shapeOf } from './rules.ts';

const find = async (world: World, name: string): Promise<readonly string[]> => {
  const reader = await world.readModels.openReader(
    shapeOf(shop),
    (await world.readModels.active('shop')) ?? 0,
  );
  return reader.search({ kind: 'NAME', hash: plainHash('NAME', name) ?? '' }, 10);
};

describe('search by personal values', () => {
  it('finds by the newest value alone, and keeps no value and no block that is no longer referred to', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(registered('a', 'Ann'), registered('b', 'Bo'));
    await settled(engine);
    expect(await find(world, 'ANN')).toEqual(['a']);
    await world.tell(placed('a', 0));
    await settled(engine);
    await world.tell(renamed('a', 'Anna'), placed('a', 1));
    await settled(engine);
    expect(await find(world, 'ann')).toEqual([]);
    expect(await find(world, 'anna')).toEqual(['a']);
    const two = (await contents(world))['a']?.sealed?.length ?? 0;
    await world.tell(renamed('a', 'Annemarie'), renamed('a', 'Annabel'), renamed('a', 'Annika'));
    await settled(engine);
    expect((await contents(world))['a']?.sealed?.length).toBe(two); // the slice keeps the last two names
    expect((await contents(world))['a']?.body).not.toContain('Ann');
    await engine.stop();
  });

  it('forgets a customer whose key is destroyed with the next write, also what was hashed before', async () => {
    const world = openWorld();
    const erased = new Set<string>();
    const engine = await world.start({ keys: plainKeys(erased) });
    await world.tell(registered('a', 'Ann'), registered('b', 'Bo'));
    await settled(engine);
    erased.add('a');
    await world.tell(placed('a', 1), placed('b', 1));
    await settled(engine);
    expect(await find(world, 'Ann')).toEqual([]);
    expect(await find(world, 'Bo')).toEqual(['b']);
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 2)).toMatchObject({ state: 'active', verified: { differences: 0 } });
    expect(await find(world, 'Ann')).toEqual([]);
    await engine.stop();
  });

  it('finds again what was healed', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(registered('a', 'Ann'));
    await settled(engine);
    const writer = await world.readModels.openWriter(shapeOf(shop), 1);
    await writer.commit({
      documents: [],
      remove: ['a'],
      checkpoints: [],
      park: [],
      unpark: [],
      refold: [],
      refolded: [],
    });
    expect(await find(world, 'Ann')).toEqual([]);
    await engine.control.heal('shop', ['a']);
    expect(await find(world, 'Ann')).toEqual(['a']);
    await engine.stop();
  });

  it('works off the stored re-fold set when a generation is opened', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(registered('a', 'Ann'));
    await settled(engine);
    await engine.stop();
    const writer = await world.readModels.openWriter(shapeOf(shop), 1);
    const refold = [{ key: 'a', partition: 0, reason: 'erasure' }];
    await writer.commit({
      documents: [],
      remove: ['a'],
      checkpoints: [],
      park: [],
      unpark: [],
      refold,
      refolded: [],
    });
    const again = await world.start();
    expect(Object.keys(await contents(world))).toEqual(['a']);
    expect(await writer.refolds(10)).toEqual([]);
    await again.stop();
  });
});

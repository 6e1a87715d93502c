// What is wrong about merges in a store, or between two commits: found, named and repaired from the log.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TenureError } from '@tenure/core';
import type { Commit } from '@tenure/read-models';
import { describe, expect, it } from 'vitest';
import {
  contents,
  merged,
  mergingShop,
  openWorld,
  placed,
  registered,
  settled,
  worldOn,
  type World,
} from '../test/world.ts';
import { shapeOf } from './rules.ts';
import type { Projections } from './start.ts';

const definitions = [{ definition: mergingShop, codeHash: 'code-1' }];
const KEYS = ['a', 'b', 'nobody', 'z'];
const NOTHING = {
  documents: [],
  remove: [],
  checkpoints: [],
  park: [],
  unpark: [],
  refold: [],
  refolded: [],
} satisfies Commit;

const told = async () => {
  const world = openWorld();
  const engine = await world.start({ definitions });
  await world.tell(
    registered('b', 'Bea'),
    placed('a', 1, '2026-01-01'),
    placed('b', 2, '2026-01-02'),
    placed('z', 1),
    merged('a', 'b', 'nobody'),
  );
  await world.closeDay('2026-01-03');
  await settled(engine);
  await engine.stop(); // nothing of it is kept in memory
  return { world, sound: await contents(world) };
};

const tamper = async (world: World, change: Partial<Commit>): Promise<void> => {
  const writer = await world.readModels.openWriter(shapeOf(mergingShop), 1);
  await writer.commit({ ...NOTHING, ...change });
  await writer.close();
};

const verified = async (world: World, engine: Projections) => {
  const { id } = await engine.control.verify({ projection: 'shop', full: true });
  await world.until(async () => (await engine.control.verification(id, 1)).state !== 'running');
  const { error, differences } = await engine.control.verification(id);
  expect(error).toBeNull();
  return differences;
};

const redirect = async (world: World, id: string) => {
  const writer = await world.readModels.openWriter(shapeOf(mergingShop), 1);
  const document = (await writer.load([id])).get(id);
  await writer.close();
  if (document === undefined) throw new Error(`there is no ${id}`);
  return { ...document, search: [] };
};

describe('a store that is wrong about merges', () => {
  it('has forgotten a merge: verification names the survivor, a heal of either brings it back', async () => {
    for (const key of ['a', 'b']) {
      const { world, sound } = await told();
      await tamper(world, { absorptions: [{ key: 'a', absorbed: {}, own: null }] });
      const engine = await world.start({ definitions });
      expect(await verified(world, engine)).toContainEqual({ key: 'a', paths: ['/merges'] });
      expect(await engine.control.heal('shop', [key])).toEqual([{ key, changed: true }]);
      expect(await verified(world, engine)).toEqual([]);
      expect(await contents(world)).toEqual(sound);
      await world.tell(placed('b', 5));
      await settled(engine);
      expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(3);
      await engine.stop();
    }
  });

  it('has a merge that never was', async () => {
    const { world, sound } = await told();
    await tamper(world, { absorptions: [{ key: 'z', absorbed: { c: 9 }, own: null }] });
    const engine = await world.start({ definitions });
    expect((await verified(world, engine)).map(({ key }) => key)).toEqual(['z', 'c']);
    await engine.control.heal('shop', ['z']);
    expect(await verified(world, engine)).toEqual([]);
    expect(await contents(world)).toEqual(sound);
    await engine.stop();
  });

  it.each(['b', 'nobody'])('has lost the redirect of %s, or leads elsewhere', async (id) => {
    const { world, sound } = await told();
    const whole = await redirect(world, id);
    for (const change of [{ remove: [id] }, { documents: [{ ...whole, redirect: 'z' }] }]) {
      await tamper(world, change);
      const engine = await world.start({ definitions });
      expect((await verified(world, engine)).map(({ key }) => key)).toEqual([id]);
      expect(await engine.control.heal('shop', ['a'])).toEqual([{ key: 'a', changed: true }]);
      expect(await contents(world)).toEqual(sound);
      expect(await engine.control.heal('shop', KEYS)).toEqual(KEYS.map((key) => ({ key, changed: false })));
      await engine.stop();
    }
  });

  it('has a damaged survivor, found when a day closes: he is folded anew with everybody merged into him', async () => {
    const { world } = await told();
    const whole = await redirect(world, 'a');
    await tamper(world, { documents: [{ ...whole, body: 'no JSON' }] });
    const engine = await world.start({ definitions });
    await world.closeDay('2026-01-09'); // seven days without an order
    await settled(engine);
    expect(JSON.parse((await contents(world))['a']?.body ?? '')).toMatchObject({
      slices: { order: { count: 2 } },
      summary: { quiet: true },
    });
    expect(await verified(world, engine)).toEqual([]);
    await engine.stop();
  });
});

describe('a merge whose batch fails before its commit', () => {
  it('takes effect when the batch comes again', async () => {
    const inner = openWorld();
    const broken = { reads: 0 };
    const log = {
      ...inner.log,
      readKey: (...args: Parameters<typeof inner.log.readKey>) =>
        broken.reads-- > 0
          ? Promise.reject(new TenureError('UNAVAILABLE', 'The log is away.', {}, { retriable: true }))
          : inner.log.readKey(...args),
    };
    const world = worldOn(inner.data, log, inner.readModels);
    const engine = await world.start({ definitions, pause: async () => nextTurn() });
    await world.tell(placed('a', 1), placed('b', 2));
    await settled(engine);
    broken.reads = 2;
    await world.tell(merged('a', 'b'));
    await settled(engine);
    expect((await contents(world))['b']?.redirect).toBe('a');
    expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(2);
    await engine.stop();
  });
});

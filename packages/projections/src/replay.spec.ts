import { setImmediate as nextTurn } from 'node:timers/promises';
import { TenureError } from '@tenure/core';
import type { ReadModels } from '@tenure/read-models';
import { describe, expect, it } from 'vitest';
import {
  contents,
  jsonCodec,
  openWorld,
  placed,
  plainHashes,
  plainKeys,
  settled,
  story,
  worldOn,
} from '../test/world.ts';
import { shop } from '../test/shop.ts';
import type { Build } from './build/build-job.ts';
import { runBuild } from './build/run-build.ts';
import type { Alarm } from './generations/runner.ts';

const away = (): TenureError => new TenureError('UNAVAILABLE', 'The store is away.', {}, { retriable: true });

/** A pause that is over at once, and tells how long it would have been. */
const quick = () => {
  const waited: number[] = [];
  return {
    waited,
    pause: async (ms: number) => {
      waited.push(ms);
      await nextTurn();
    },
  };
};

/** A world whose read models misbehave as told. */
const worldWith = (change: (inner: ReadModels) => Partial<ReadModels>) => {
  const inner = openWorld();
  return worldOn(inner.data, inner.log, { ...inner.readModels, ...change(inner.readModels) });
};

describe('a replay whose store fails on the way', () => {
  it('is active when the alias has moved and only the answer was lost, and so is a rollback', async () => {
    const lost = { answers: 0, looks: 0 };
    const world = worldWith((inner) => ({
      async activate(...args) {
        const moved = await inner.activate(...args);
        if (lost.answers-- > 0) throw away();
        return moved;
      },
      async active(model) {
        if (lost.looks-- > 0) throw away();
        return inner.active(model);
      },
    }));
    const engine = await world.start({ pause: quick().pause });
    await world.tell(...story);
    await settled(engine);
    Object.assign(lost, { answers: 1, looks: 2 });
    await engine.control.startReplay({ projection: 'shop', activate: true });
    await world.until(async () => (await engine.control.replay('shop.g2')).state === 'active');
    expect(await engine.control.replay('shop.g2')).toMatchObject({ error: null });
    await world.tell(placed('a', 9));
    await settled(engine);
    expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(3);
    Object.assign(lost, { answers: 1, looks: 1 });
    expect(await engine.control.rollback('shop', 1)).toMatchObject({ generation: 1, state: 'active' });
    await world.tell(placed('a', 9));
    await settled(engine);
    expect((await engine.control.status())[0]).toMatchObject({
      generation: 1,
      state: 'active',
      lagEvents: 0,
    });
    await engine.stop();
  });

  it('waits for the store with growing pauses when nothing is served yet, however long that takes', async () => {
    const refused = { left: 60 };
    const world = worldWith((inner) => ({
      async setState(...args) {
        if (refused.left-- > 0) throw away();
        await inner.setState(...args);
      },
    }));
    await world.tell(...story);
    const { pause, waited } = quick();
    const alarms: Alarm[] = [];
    const engine = await world.start({ pause, onAlarm: (alarm) => alarms.push(alarm) });
    await world.until(async () => alarms.length > 0);
    expect(await engine.control.replay('shop.g1')).toMatchObject({ error: null });
    expect(await world.replayed(engine, 1)).toMatchObject({ state: 'active', error: null });
    expect(alarms).toEqual([
      { projection: 'shop', code: 'REPLAY_WAITS', detail: 'UNAVAILABLE: The store is away.' },
    ]);
    expect(waited.filter((ms) => ms <= 30_000).slice(0, 10)).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000,
    ]);
    await engine.stop();
  });

  it('gives up after a while when another generation is served', async () => {
    const refused = { on: false };
    const world = worldWith((inner) => ({
      async setState(...args) {
        if (refused.on && args[2] !== 'failed') throw away();
        await inner.setState(...args);
      },
    }));
    const engine = await world.start({ pause: quick().pause });
    await world.tell(...story);
    await settled(engine);
    refused.on = true;
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 2)).toMatchObject({ state: 'failed' });
    expect((await engine.control.status())[0]).toMatchObject({ generation: 1, state: 'active' });
    refused.on = false;
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 3)).toMatchObject({ state: 'active' });
    await engine.stop();
  });

  it('builds a first generation again by itself when its build has failed for good', async () => {
    const world = openWorld();
    await world.tell(...story);
    let builds = 0;
    const { log, readModels } = world;
    const parts = { log, readModels, codec: jsonCodec, keys: plainKeys(), searchHashes: plainHashes };
    const build: Build = async (job, onProgress) => {
      if (builds++ < 3) throw new RangeError('the build went wrong');
      return runBuild({ ...parts, definition: shop, codeHash: 'code-1' }, job, onProgress);
    };
    const { pause, waited } = quick();
    const engine = await world.start({ build, pause });
    await world.until(async () => (await readModels.active('shop')) !== null);
    await settled(engine);
    expect(Object.keys(await contents(world))).toEqual(['a', 'b', 'c']);
    expect((await engine.control.generations('shop')).map(({ state }) => state)).toEqual(['active']);
    expect(waited.filter((ms) => ms >= 60_000 && ms < 3_600_000)).toEqual([60_000, 120_000, 240_000]);
    await engine.stop();
  });

  it('stops at once while it waits', async () => {
    const world = worldWith(() => ({ setState: () => Promise.reject(away()) }));
    await world.tell(...story);
    const waits = Promise.withResolvers<void>();
    const engine = await world.start({ onAlarm: () => waits.resolve() });
    await waits.promise;
    await engine.stop();
    expect(await world.readModels.active('shop')).toBe(null);
  });
});

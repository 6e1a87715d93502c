// What the engine believes after answers were lost, the power was cut, or a step was left half-way.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TenureError } from '@tenure/core';
import { cutPower, memoryEventLog, type MemoryLogData } from '@tenure/event-log/memory';
import type { Generation, ReadModels } from '@tenure/read-models';
import { describe, expect, it } from 'vitest';
import {
  contents,
  openWorld,
  placed,
  poisoned,
  settled,
  worldOn,
  type Told,
  type World,
} from '../test/world.ts';
import type { Projections } from './start.ts';
import type { Alarm } from './generations/runner.ts';

const away = (): TenureError => new TenureError('UNAVAILABLE', 'The store is away.', {}, { retriable: true });
const quick = async (): Promise<void> => {
  await nextTurn();
};

const worldWith = (change: (writer: Generation) => Partial<Generation>, partitions = 4) => {
  const inner = openWorld(partitions);
  const readModels: ReadModels = {
    ...inner.readModels,
    async openWriter(shape, generation) {
      const writer = await inner.readModels.openWriter(shape, generation);
      return { ...writer, ...change(writer) };
    },
  };
  return worldOn(inner.data, inner.log, readModels);
};

const serving = async (world: World, options: Parameters<World['start']>[0] = {}): Promise<Projections> => {
  const engine = await world.start({ pause: quick, ...options });
  await world.until(async () => (await world.readModels.active('shop')) !== null);
  await settled(engine);
  return engine;
};

const verified = async (world: World, engine: Projections) => {
  const { id } = await engine.control.verify({ projection: 'shop', full: true });
  await world.until(async () => (await engine.control.verification(id, 1)).state !== 'running');
  return engine.control.verification(id);
};

const count = async (world: World, id: string, generation?: number): Promise<number> =>
  JSON.parse((await contents(world, 'shop', generation))[id]?.body ?? '').slices.order.count;

describe('after a commit that was not answered', () => {
  const lossy = () => {
    const lost = { on: false };
    const world = worldWith((writer) => ({
      async commit(commit) {
        await writer.commit(commit);
        if (lost.on) throw away();
      },
    }));
    return { lost, world };
  };

  it('no sound document is found wrong', async () => {
    const { lost, world } = lossy();
    await world.tell(placed('a', 1));
    const engine = await serving(world);
    lost.on = true;
    await world.tell(placed('a', 2));
    await world.until(async () => (await count(world, 'a')) === 2);
    expect(await verified(world, engine)).toMatchObject({ state: 'done', differences: [], checked: 1 });
    expect(await engine.control.heal('shop', ['a'])).toEqual([{ key: 'a', changed: false }]);
    lost.on = false;
    await settled(engine);
    await engine.stop();
  });

  it('a customer that was released flows, whatever the operator was told', async () => {
    const { lost, world } = lossy();
    const engine = await serving(world);
    await world.tell(placed('a', 1), poisoned('a'), placed('a', 3));
    await settled(engine);
    lost.on = true;
    await expect(engine.control.skip('shop', 'a', 'known')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    lost.on = false;
    await world.tell(placed('a', 4));
    await settled(engine);
    expect(await count(world, 'a')).toBe(3);
    expect(await engine.control.parked('shop')).toMatchObject([{ key: 'a', skipped: 'known' }]);
    await engine.stop();
  });
});

describe('a batch that failed before its commit', () => {
  it('leaves no trace in the documents that are kept in memory', async () => {
    const broken = { reads: 0 };
    const world = worldWith(
      (writer) => ({
        byKey: (key) => (broken.reads-- > 0 ? Promise.reject(away()) : writer.byKey(key)),
      }),
      1,
    );
    const engine = await serving(world);
    await world.tell(placed('a', 1), placed('b', 1));
    await settled(engine);
    broken.reads = 2; // the documents of who is to be parked cannot be marked
    const lane = { source: 'order', partition: 0 };
    const records = await openWorldOf([placed('a', 1), placed('b', 1), placed('a', 2), poisoned('b')]);
    await world.log.publish(lane, records.slice(2)); // both in one batch
    await settled(engine);
    expect(await count(world, 'a')).toBe(2);
    expect(await engine.control.parked('shop')).toMatchObject([{ key: 'b' }]);
    await engine.stop();
  });
});

/** The records of a story in a log of one partition. */
const openWorldOf = async (story: readonly Told[]) => {
  const world = openWorld(1);
  await world.tell(...story);
  return world.log.read({ source: 'order', partition: 0 }, 1, 100);
};

describe('a release that failed', () => {
  it('has released nothing: later events wait as before', async () => {
    const inner = openWorld();
    const broken = { on: false };
    const log = {
      ...inner.log,
      readKey: (...args: Parameters<typeof inner.log.readKey>) =>
        broken.on ? Promise.reject(away()) : inner.log.readKey(...args),
    };
    const world = worldOn(inner.data, log, inner.readModels);
    const engine = await serving(world);
    await world.tell(placed('a', 1), poisoned('a'), placed('a', 3));
    await settled(engine);
    broken.on = true;
    await expect(engine.control.skip('shop', 'a', 'known')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    broken.on = false;
    await world.tell(placed('a', 4));
    await settled(engine);
    expect(await count(world, 'a')).toBe(1);
    expect(await engine.control.parked('shop')).toMatchObject([{ key: 'a', skipped: null, events: 3 }]);
    await engine.control.skip('shop', 'a', 'known');
    expect(await count(world, 'a')).toBe(3);
    await engine.stop();
  });
});

describe('while a day is closed in several pages', () => {
  it('a verification waits until all documents know it', async () => {
    const pages = { left: Infinity };
    const due = (writer: Generation): Pick<Generation, 'due'> => ({
      due: (...args) => (pages.left-- > 0 ? writer.due(...args) : Promise.reject(away())),
    });
    const world = worldWith(due, 1);
    const customers = Array.from({ length: 1_100 }, (_, i) => placed(`c${i}`, 1, '2026-01-01'));
    await world.tell(...customers);
    await world.closeDay('2026-01-02');
    const pause = async (): Promise<void> => {
      do await nextTurn();
      while (pages.left !== Infinity); // whoever waits, waits until the store is back
    };
    const engine = await serving(world, { pause });
    pages.left = 1; // the first thousand are woken, then the store is away
    await world.closeDay('2026-01-08');
    await world.until(async () => pages.left < -3);
    const { id } = await engine.control.verify({ projection: 'shop', full: true });
    for (let i = 0; i < 20; i++) await nextTurn();
    expect((await engine.control.verification(id)).checked).toBe(0);
    pages.left = Infinity;
    await world.until(async () => (await engine.control.verification(id, 1)).state !== 'running');
    expect(await engine.control.verification(id)).toMatchObject({
      state: 'done',
      differences: [],
      checked: 1_100,
    });
    await engine.stop();
  });
});

describe('a log that is behind the read model', { timeout: 20_000 }, () => {
  /** As after a power cut: the log has lost what was not flushed. */
  const cut = async () => {
    const world = openWorld();
    const engine = await serving(world);
    await world.tell(placed('a', 1, '2026-01-01'));
    await world.log.flush();
    const lost = new Map<string, MemoryLogData['lanes'] extends Map<string, infer R> ? R : never>();
    await world.tell(placed('a', 2, '2026-01-02'), placed('b', 3));
    await world.closeDay('2026-01-09');
    await settled(engine);
    await engine.stop();
    for (const [lane, records] of world.data.lanes) lost.set(lane, [...records]);
    const before = await contents(world);
    cutPower(world.data);
    const log = memoryEventLog(world.data);
    const again = worldOn(world.data, log, world.readModels);
    const resend = async (): Promise<void> => {
      for (const [lane, records] of lost) {
        const [source = '', partition] = lane.split('/');
        await log.publish({ source, partition: Number(partition) }, records);
      }
    };
    return { world: again, before, resend };
  };

  it('is waited for: the same generation goes on, with the day it knew', async () => {
    const { world, before, resend } = await cut();
    let pauses = 0;
    const pause = async (): Promise<void> => {
      if (++pauses === 3) await resend();
      await nextTurn();
    };
    const engine = await serving(world, { pause });
    expect((await engine.control.status())[0]).toMatchObject({
      generation: 1,
      stale: false,
      day: '2026-01-09',
    });
    expect(await engine.control.heal('shop', ['a', 'b'])).toEqual([
      { key: 'a', changed: false },
      { key: 'b', changed: false },
    ]);
    expect(await contents(world)).toEqual(before);
    await engine.stop();
  });

  it('that does not get on is what there is: the old generation is served until a new one is built from it', async () => {
    const { world, before } = await cut();
    const alarms: Alarm[] = [];
    const built = Promise.withResolvers<void>();
    const engine = await world.start({
      pause: quick,
      onAlarm: (alarm) => alarms.push(alarm),
      onProgress: ({ generation, stale }) => {
        if (generation === 2 && !stale) built.resolve();
      },
    });
    expect(alarms[0]).toMatchObject({ projection: 'shop', code: 'CHECKPOINTS_AHEAD' });
    expect(await contents(world, 'shop', 1)).toEqual(before);
    await built.promise;
    expect(await count(world, 'a')).toBe(1);
    expect(Object.keys(await contents(world))).toEqual(['a']);
    await engine.stop();
  });
});

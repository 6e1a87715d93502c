import { describe, expect, it } from 'vitest';
import {
  contents,
  jsonCodec,
  openWorld,
  orders,
  placed,
  plainHashes,
  plainKeys,
  poisoned,
  settled,
  shop,
  story,
  type World,
} from '../test/world.ts';
import type { Build } from './build/build-job.ts';
import { runBuild } from './build/run-build.ts';

const built = async (world: World, options: Parameters<World['start']>[0] = {}) => {
  const engine = await world.start(options);
  await world.until(async () => (await engine.control.status({ digest: false }))[0]?.generation !== null);
  return engine;
};

describe('generations', () => {
  it('builds the first generation of a log that is there, and it equals a live one', async () => {
    const live = openWorld();
    const following = await live.start();
    await live.tell(...story);
    await live.closeDay('2026-01-09');
    await settled(following);
    const world = openWorld();
    await world.tell(...story);
    await world.closeDay('2026-01-09');
    const engine = await built(world);
    expect(await contents(world)).toEqual(await contents(live));
    const [status] = await engine.control.status();
    expect(status).toMatchObject({
      generation: 1,
      state: 'active',
      lagEvents: 0,
      documents: 3,
      day: '2026-01-09',
    });
    expect(status?.digest).toBe((await following.control.status())[0]?.digest);
    expect(status?.digest).toMatch(/^[0-9a-f]{64}$/);
    await engine.stop();
    await following.stop();
  });

  it('replays: a new generation with the same digest becomes active, the old one is standby', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(...story);
    await world.closeDay('2026-01-09');
    await settled(engine);
    const before = (await engine.control.status())[0];
    const started = await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(started).toMatchObject({ id: 'shop.g2', projection: 'shop', generation: 2, state: 'building' });
    await expect(engine.control.startReplay({ projection: 'shop', activate: true })).rejects.toMatchObject({
      code: 'REPLAY_RUNNING',
    });
    const ended = await world.replayed(engine, 2);
    expect(ended).toMatchObject({
      state: 'active',
      events: 6,
      done: 6,
      verified: { keys: 3, differences: 0 },
      digest: before?.digest,
      day: '2026-01-09',
      error: null,
    });
    expect((await engine.control.status())[0]).toEqual({ ...before, generation: 2 });
    expect((await engine.control.generations('shop')).map(({ state }) => state)).toEqual([
      'standby',
      'active',
    ]);
    await world.tell(placed('a', 9));
    await settled(engine);
    expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(3);
    await engine.stop();
  });

  it('serves the generation of other code as stale, never writes it, and builds its own', async () => {
    const world = openWorld();
    let engine = await world.start();
    await world.tell(...story);
    await settled(engine);
    await engine.stop();
    const old = await contents(world);
    await world.tell(placed('b', 5));
    const release = Promise.withResolvers<void>();
    const definitions = [{ definition: { ...shop, version: 2 }, codeHash: 'code-2' }];
    const build: Build = async (job, onProgress) => {
      await release.promise;
      return runBuild({ ...parts(world), ...definitions[0]! }, job, onProgress);
    };
    engine = await world.start({ definitions, build });
    expect((await engine.control.status())[0]).toMatchObject({
      generation: 1,
      stale: true,
      lagEvents: 1,
      digest: null,
    });
    await expect(engine.control.heal('shop', ['a'])).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    expect(await contents(world)).toEqual(old);
    release.resolve();
    expect(await world.replayed(engine, 2)).toMatchObject({ state: 'active' });
    expect((await engine.control.status())[0]).toMatchObject({ generation: 2, stale: false, lagEvents: 0 });
    expect((await engine.control.generations('shop'))[1]).toMatchObject({ codeHash: 'code-2', version: 2 });
    await engine.stop();
    // Back to the old code: its generation is still there, catches up and is served again.
    engine = await world.start();
    await world.until(async () => (await engine.control.status({ digest: false }))[0]?.generation === 1);
    await settled(engine);
    expect(JSON.parse((await contents(world))['b']?.body ?? '').slices.order.count).toBe(2);
    await engine.stop();
  });

  it('keeps finished partitions of a build that is taken up again', async () => {
    const world = openWorld();
    await world.tell(...story);
    const writer = await world.readModels.create(shapeLike({ model: 'shop', columns: shop.columns }), {
      codeHash: 'code-1',
      version: 1,
      partitions: 4,
      now: 0,
    });
    const heads = [];
    for (const source of ['customer', 'order', 'clock'])
      for (let partition = 0; partition < 4; partition++)
        heads.push({ source, partition, seq: await world.log.head({ source, partition }) });
    const job = { projection: 'shop', generation: writer.info.generation, heads, released: [], now: 0 };
    const engine = { ...parts(world), definition: shop, codeHash: 'code-1' };
    const first = await runBuild(engine, job);
    const read: string[] = [];
    const log = {
      ...world.log,
      read: (...args: Parameters<typeof world.log.read>) => (
        read.push(args[0].source),
        world.log.read(...args)
      ),
    };
    expect(await runBuild({ ...engine, log }, job)).toEqual(first);
    expect(read).toEqual([]);
    expect(first).toEqual({ events: 6, documents: 3, parked: 0 });
  });

  it('never replaces a model by an empty build', async () => {
    const world = openWorld();
    const engine = await world.start({ build: async () => ({ events: 0, documents: 0, parked: 0 }) });
    await world.tell(...story);
    await settled(engine);
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 2)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('BUILD_EMPTY'),
    });
    expect(await world.readModels.active('shop')).toBe(1);
    await engine.stop();
  });

  it('fails when the built documents are not what the log says, and can be started again', async () => {
    const world = openWorld();
    let spoil = true;
    const build: Build = async (job, onProgress) => {
      const result = await runBuild(
        { ...parts(world), definition: shop, codeHash: 'code-1' },
        job,
        onProgress,
      );
      if (!spoil) return result;
      const shape = { model: 'shop', columns: shop.columns };
      const writer = await world.readModels.openWriter(shapeLike(shape), job.generation);
      const [document] = await writer.scan('', 1);
      if (document === undefined) throw new Error('nothing was built');
      const wrong = { ...document, search: [], body: document.body.replace('"count":2', '"count":3') };
      await writer.commit({ ...NOTHING, documents: [wrong] });
      return result;
    };
    const engine = await world.start({ build });
    await world.tell(...story);
    await settled(engine);
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 2)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('VERIFY_FAILED'),
    });
    spoil = false;
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 3)).toMatchObject({ state: 'active' });
    expect((await engine.control.generations('shop')).map(({ generation }) => generation)).toEqual([1, 3]);
    await engine.stop();
  });

  it('fails a build of code that can fold nobody', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(...Array.from({ length: 30 }, (_, i) => placed(`c${i}`, i)));
    await settled(engine);
    await engine.stop();
    const definition = {
      ...shop,
      summarise: undefined,
      columns: shop.columns.map((one) => ({ ...one, value: broken })),
    };
    const { summarise: _, ...wrong } = definition;
    const again = await world.start({ definitions: [{ definition: wrong, codeHash: 'wrong' }] });
    expect(await world.replayed(again, 2)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('BUILD_STORM'),
    });
    expect((await again.control.status())[0]).toMatchObject({ generation: 1, stale: true, documents: 30 });
    await again.stop();
  });

  it('builds list models with several documents per customer, in slices of any size', async () => {
    const world = openWorld();
    const told = Array.from({ length: 120 }, (_, i) => ({
      ...placed(`c${i % 17}`, i),
      stream: `order-${i % 17}-${i % 4}`,
    }));
    await world.tell(...told, poisoned('c3'));
    const definitions = [{ definition: orders, codeHash: 'o' }];
    const build: Build = (job, onProgress) =>
      runBuild({ ...parts(world), ...definitions[0]!, maxDocuments: 5 }, job, onProgress);
    const engine = await world.start({ definitions, build });
    expect(await world.replayed(engine, 1, 'orders')).toMatchObject({ state: 'active', error: null });
    const sliced = await contents(world, 'orders');
    expect(Object.keys(sliced).length).toBeGreaterThan(50);
    await engine.control.startReplay({ projection: 'orders', activate: true });
    await engine.stop();
    const whole = await world.start({ definitions });
    await world.until(async () =>
      (await whole.control.generations('orders')).some(({ generation }) => generation > 1),
    );
    expect(await world.replayed(whole, 2, 'orders')).toMatchObject({ verified: { differences: 0 } });
    expect(await contents(world, 'orders', 2)).toEqual(sliced);
    await whole.stop();
  });
});

const broken = (): never => {
  throw new TypeError('a column of the new code');
};
const NOTHING = {
  documents: [],
  remove: [],
  checkpoints: [],
  park: [],
  unpark: [],
  refold: [],
  refolded: [],
};
const shapeLike = ({ model, columns }: { model: string; columns: typeof shop.columns }) => ({
  model,
  columns: columns.map(({ name, type, indexed }) => ({ name, type, indexed })),
});
const parts = ({ log, readModels }: World) => ({
  log,
  readModels,
  codec: jsonCodec,
  keys: plainKeys(),
  searchHashes: plainHashes,
});

// Merged customers: one document for all of them, redirects to it, and no trace of it after they are parted.
import { describe, expect, it } from 'vitest';
import {
  absorbed,
  contents,
  jsonCodec,
  merged,
  mendedCodec,
  mergingShop,
  openWorld,
  placed,
  plainHash,
  poisoned,
  registered,
  restored,
  settled,
  shop,
  unmerged,
  worldOn,
  type Told,
  type World,
} from '../test/world.ts';
import { memoryEventLog } from '@tenure/event-log/memory';
import { slice } from './definition.ts';
import { compileRules } from './rules.ts';
import { createProjectionReader } from './reader.ts';

const definitions = [{ definition: mergingShop, codeHash: 'code-1' }];
const apart = [{ definition: shop, codeHash: 'code-1' }];

const started = async (world: World, codec = jsonCodec) => world.start({ definitions, codec });

const told = async (...events: readonly Told[]) => {
  const world = openWorld();
  const engine = await started(world);
  for (const event of events) {
    await world.tell(event);
    await settled(engine);
  }
  return { world, engine };
};

/** What an engine that knows no merges makes of the same log. */
const neverMerged = async ({ data }: World) => {
  const world = worldOn(data, memoryEventLog(data), openWorld().readModels);
  const engine = await world.start({ definitions: apart });
  await world.until(async () => (await engine.control.status({ digest: false }))[0]?.generation === 1);
  await settled(engine);
  await engine.stop();
  return contents(world);
};

const orderCount = (found: Awaited<ReturnType<typeof contents>>, id: string): unknown =>
  JSON.parse(found[id]?.body ?? '{}').slices?.order.count;

describe('a merge', () => {
  it('makes one document of the events of both, and a redirect', async () => {
    const { world, engine } = await told(
      registered('a', 'Ann'),
      placed('a', 1),
      placed('b', 2),
      registered('b', 'Bea'),
      merged('a', 'b'),
    );
    const found = await contents(world);
    expect(orderCount(found, 'a')).toBe(2);
    expect(found['b']).toMatchObject({ redirect: 'a', body: '', vector: {}, columns: [null, null] });
    expect((await engine.control.status())[0]?.documents).toBe(1);
    await engine.stop();
  });

  it('takes in what comes later for either of them', async () => {
    const { world, engine } = await told(placed('a', 1), merged('a', 'b'), placed('b', 2), placed('a', 3));
    expect(orderCount(await contents(world), 'a')).toBe(3);
    await engine.stop();
  });

  it('brings along whom the absorbed customer had absorbed', async () => {
    const { world, engine } = await told(
      placed('a', 1),
      placed('b', 1),
      placed('c', 1),
      merged('a', 'b'),
      merged('c', 'a'),
    );
    let found = await contents(world);
    expect(orderCount(found, 'c')).toBe(3);
    expect([found['a']?.redirect, found['b']?.redirect]).toEqual(['c', 'c']);
    await world.tell(unmerged('a', 'b')); // the inner one, while the outer one holds
    await settled(engine);
    found = await contents(world);
    expect([orderCount(found, 'c'), orderCount(found, 'b')]).toEqual([2, 1]);
    expect([found['a']?.redirect, found['b']?.redirect]).toEqual(['c', null]);
    await engine.stop();
  });

  it('redirects somebody of whom nothing else is known, until he is restored', async () => {
    const { world, engine } = await told(placed('a', 1), merged('a', 'nobody'));
    expect((await contents(world))['nobody']?.redirect).toBe('a');
    await world.tell(unmerged('a', 'nobody'));
    await settled(engine);
    expect(Object.keys(await contents(world))).toEqual(['a']);
    await engine.stop();
  });

  it('finds the survivor by what is known of the absorbed, and names the absorbed', async () => {
    const { world, engine } = await told(placed('a', 1), registered('b', 'Bea'), merged('a', 'b'));
    const reader = await createProjectionReader({ readModels: world.readModels, projections: definitions });
    const entry = { kind: 'NAME', hash: plainHash('NAME', 'Bea') ?? '' };
    expect(await reader.search('shop', entry, 10)).toEqual(['a']);
    expect(await reader.absorbedBy('shop', 'a')).toEqual(['b']);
    expect(await reader.absorbedBy('shop', 'b')).toEqual([]);
    await reader.close();
    await engine.stop();
  });

  it('tells a slice of whom an event is, and whose document it is', async () => {
    const names = slice<readonly string[], { CustomerRegistered: object }>({
      init: () => [],
      on: { CustomerRegistered: (seen, { key }, id) => [...seen, `${key} in ${id}`] },
    });
    const definition = {
      ...mergingShop,
      slices: { ...mergingShop.slices, customer: names },
      search: () => [],
    };
    const world = openWorld();
    const engine = await world.start({ definitions: [{ definition, codeHash: 'code-1' }] });
    await world.tell(registered('a', 'Ann'), registered('b', 'Bea'), merged('a', 'b'));
    await settled(engine);
    const body = JSON.parse((await contents(world))['a']?.body ?? '');
    expect(body.slices.customer).toEqual(['a in a', 'b in a']);
    await engine.stop();
  });

  it('is refused for documents of anything else than customers', () => {
    const definition = { ...mergingShop, documentId: () => 'x' };
    expect(() => compileRules(definition, 'code-1', jsonCodec)).toThrow(TypeError);
    const elsewhere = { ...mergingShop, merges: { source: 'nowhere', on: {} } };
    expect(() => compileRules(elsewhere, 'code-1', jsonCodec)).toThrow(TypeError);
  });
});

describe('an unmerge', () => {
  it('leaves both as if they had never been merged, with what came since', async () => {
    const { world, engine } = await told(
      registered('a', 'Ann'),
      placed('a', 1, '2026-01-01'),
      placed('b', 2, '2026-01-02'),
      merged('a', 'b'),
      placed('b', 3, '2026-01-03'),
      placed('a', 4, '2026-01-04'),
      unmerged('a', 'b'),
      placed('b', 5, '2026-01-05'),
    );
    await world.closeDay('2026-01-11');
    await settled(engine);
    expect(await contents(world)).toEqual(await neverMerged(world));
    await engine.stop();
  });
});

describe('two survivors of one customer', () => {
  it('the earlier merge counts until the customer says whose he is', async () => {
    const { world, engine } = await told(placed('b', 1), merged('a', 'b'), merged('c', 'b'));
    expect((await contents(world))['b']?.redirect).toBe('a');
    await world.tell(absorbed('b', 'c'));
    await settled(engine);
    expect((await contents(world))['b']?.redirect).toBe('c');
    await world.tell(unmerged('c', 'b'), restored('b')); // the other claim was never granted
    await settled(engine);
    expect((await contents(world))['b']?.redirect).toBeNull();
    await engine.stop();
  });

  it('two customers that absorb each other have one survivor: the one that the other names', async () => {
    const { world, engine } = await told(placed('a', 1), placed('b', 1), merged('a', 'b'), merged('b', 'a'));
    let found = await contents(world);
    expect([found['a']?.redirect, found['b']?.redirect]).toEqual([null, 'a']);
    expect(orderCount(found, 'a')).toBe(2);
    await world.tell(absorbed('a', 'b'));
    await settled(engine);
    found = await contents(world);
    expect([found['a']?.redirect, found['b']?.redirect]).toEqual(['b', null]);
    expect(orderCount(found, 'b')).toBe(2);
    await engine.stop();
  });

  it('the word of the absorbed moves nobody whom no survivor claims', async () => {
    const { world, engine } = await told(placed('b', 1), absorbed('b', 'a'));
    expect((await contents(world))['b']?.redirect).toBeNull();
    await world.tell(merged('a', 'b'));
    await settled(engine);
    expect((await contents(world))['b']?.redirect).toBe('a');
    await engine.stop();
  });
});

describe('a merged customer that cannot be folded', () => {
  it('parks the survivor alone, and flows when it is retried', async () => {
    const { world, engine } = await told(placed('a', 1), placed('z', 1), merged('a', 'b'), poisoned('b'));
    expect(await engine.control.parked('shop')).toMatchObject([{ key: 'a', events: 1 }]);
    await world.tell(placed('a', 2), placed('b', 3), placed('z', 4));
    await settled(engine);
    expect(await engine.control.parked('shop')).toMatchObject([{ key: 'a', events: 3, attempts: 1 }]);
    const found = await contents(world);
    expect([found['a']?.stale, found['b']?.redirect, orderCount(found, 'z')]).toEqual([true, 'a', 2]);
    await engine.stop();
    const again = await started(world, mendedCodec());
    expect(await again.control.retry('shop', {})).toEqual(['a']);
    expect(orderCount(await contents(world), 'a')).toBe(4);
    await again.stop();
  });

  it('takes the parking along when he is merged, and keeps it when he is restored', async () => {
    const { world, engine } = await told(placed('b', 1), placed('a', 1), poisoned('b'), merged('a', 'b'));
    const parked = (await contents(world))['a'];
    expect([parked?.stale, orderCount(await contents(world), 'a')]).toEqual([true, 2]); // up to what failed
    expect((await engine.control.parked('shop')).map(({ key }) => key)).toEqual(['a']);
    expect((await contents(world))['b']?.redirect).toBe('a');
    await world.tell(unmerged('a', 'b'), placed('a', 2));
    await settled(engine);
    expect((await engine.control.parked('shop')).map(({ key }) => key)).toEqual(['b']);
    expect(orderCount(await contents(world), 'a')).toBe(2);
    expect((await contents(world))['b']).toMatchObject({ stale: true, redirect: null });
    await engine.stop();
  });

  it('does not hold up a merge that comes while the survivor stands still', async () => {
    const { world, engine } = await told(poisoned('a'), placed('b', 1), merged('a', 'b'), unmerged('a', 'b'));
    expect(orderCount(await contents(world), 'b')).toBe(1);
    expect((await engine.control.parked('shop')).map(({ key }) => key)).toEqual(['a']);
    await engine.stop();
  });

  it('stays released when he is merged after an operator has released him', async () => {
    const { world, engine } = await told(placed('a', 1), placed('b', 2), poisoned('b'));
    await engine.control.skip('shop', 'b', 'known');
    await world.tell(merged('a', 'b'), placed('b', 3));
    await settled(engine);
    expect(orderCount(await contents(world), 'a')).toBe(3);
    expect(await engine.control.parked('shop')).toMatchObject([{ key: 'b', skipped: 'known' }]);
    await engine.stop();
  });

  it('is left out for the whole group when an operator releases it', async () => {
    const { world, engine } = await told(placed('a', 1), placed('b', 2), merged('a', 'b'), poisoned('b'));
    await engine.control.skip('shop', 'a', 'known');
    await world.tell(placed('b', 3));
    await settled(engine);
    expect(orderCount(await contents(world), 'a')).toBe(3);
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 2)).toMatchObject({ state: 'active' });
    expect(orderCount(await contents(world), 'a')).toBe(3);
    await engine.stop();
  });
});

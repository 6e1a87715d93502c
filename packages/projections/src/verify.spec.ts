import type { DocumentWrite, StoredDocument } from '@tenure/read-models';
import { describe, expect, it } from 'vitest';
import {
  contents,
  openWorld,
  placed,
  poisoned,
  registered,
  settled,
  shop,
  type World,
} from '../test/world.ts';
import { shapeOf } from './rules.ts';

const story = [
  placed('a', 1, '2026-01-01'),
  registered('a', 'Ann'),
  placed('b', 2),
  placed('a', 3),
  registered('c', 'Cem'),
];

const told = async () => {
  const world = openWorld();
  const engine = await world.start();
  await world.tell(...story);
  await world.closeDay('2026-01-09');
  await settled(engine);
  const verify = async (request: { full?: boolean; keys?: readonly string[] } = { full: true }) => {
    const { id } = await engine.control.verify({ projection: 'shop', full: false, ...request });
    await world.until(async () => (await engine.control.verification(id, 1)).state !== 'running');
    return engine.control.verification(id);
  };
  return { world, engine, verify };
};

/** Changes stored documents behind the engine's back. */
const tamper = async (world: World, change: (document: StoredDocument) => Partial<DocumentWrite> | null) => {
  const writer = await world.readModels.openWriter(shapeOf(shop), 1);
  const changed: DocumentWrite[] = [];
  for (const document of await writer.scan('', 100)) {
    const changes = change(document);
    if (changes !== null)
      changed.push({ ...document, search: await writer.searchOf(document.id), ...changes });
  }
  await writer.commit({ ...NOTHING, documents: changed });
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

describe('verify', () => {
  it('finds nothing in documents that are as the log says', async () => {
    const { engine, verify } = await told();
    const status = await verify();
    expect(status).toMatchObject({
      state: 'done',
      checked: 3,
      differences: [],
      day: '2026-01-09',
      error: null,
    });
    expect(status.digest).toBe((await engine.control.status())[0]?.digest);
    expect(await verify({ keys: ['a', 'nobody'] })).toMatchObject({ checked: 2, differences: [] });
    expect(await verify({})).toMatchObject({ checked: 3, differences: [] });
    await expect(engine.control.verification('shop.v99')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await engine.stop();
  });

  it.each([
    [
      'a changed value',
      (d: StoredDocument) => ({ body: d.body.replace('"count":2', '"count":3') }),
      '/slices/order/count',
    ],
    ['bytes that mean the same', (d: StoredDocument) => ({ body: d.body.replace('{', '{ ') }), '/'],
    ['a torn body', (d: StoredDocument) => ({ body: d.body.slice(1) }), '/'],
    ['a wrong column', () => ({ columns: [7, 1] }), '/columns/orders'],
    ['a wrong vector', () => ({ vector: { order: 1, customer: 1 } }), '/vector/order'],
    ['missing blocks', () => ({ sealed: null }), '/sealed'],
    ['missing search entries', () => ({ search: [] }), '/search'],
    ['search entries of somebody else', () => ({ search: [{ kind: 'NAME', hash: 'x' }] }), '/search'],
  ])('finds %s, and heals it', async (_, change, path) => {
    const { world, engine, verify } = await told();
    const before = await contents(world);
    const digest = (await engine.control.status())[0]?.digest;
    await tamper(world, (document) => (document.id === 'a' ? change(document) : null));
    expect((await verify()).differences).toEqual([{ key: 'a', paths: expect.arrayContaining([path]) }]);
    expect(await engine.control.heal('shop', ['a', 'b'])).toEqual([
      { key: 'a', changed: true },
      { key: 'b', changed: false },
    ]);
    expect(await engine.control.heal('shop', ['a'])).toEqual([{ key: 'a', changed: false }]);
    expect(await contents(world)).toEqual(before);
    expect(await verify()).toMatchObject({ differences: [], digest });
    await engine.stop();
  });

  it.each([
    ['not at all', null],
    ['too late', Date.parse('2026-01-15')],
  ])('finds a summary that would be woken %s, and heals it', async (_, wakeAt) => {
    const { world, engine, verify } = await told();
    await world.tell(placed('a', 4, '2026-01-06'));
    await settled(engine);
    expect((await verify()).differences).toEqual([]);
    await tamper(world, (document) => (document.id === 'a' ? { wakeAt } : null));
    expect((await verify()).differences).toEqual([{ key: 'a', paths: ['/wakeAt'] }]);
    expect(await engine.control.heal('shop', ['a'])).toEqual([{ key: 'a', changed: true }]);
    expect((await verify()).differences).toEqual([]);
    await engine.stop();
  });

  it('takes a summary that is woken earlier than needed for what it is: safe', async () => {
    const { world, engine, verify } = await told();
    await tamper(world, (document) => (document.id === 'a' ? { wakeAt: 1 } : null));
    expect((await verify()).differences).toEqual([]);
    await engine.stop();
  });

  it('finds a document that is missing and one that nobody has told', async () => {
    const { world, engine, verify } = await told();
    await tamper(world, (document) => (document.id === 'b' ? { id: 'x', key: 'x' } : null));
    const writer = await world.readModels.openWriter(shapeOf(shop), 1);
    await writer.commit({ ...NOTHING, remove: ['c'] });
    const { differences } = await verify();
    expect(differences.toSorted((p, q) => (p.key < q.key ? -1 : 1))).toEqual([
      { key: 'c', paths: ['/missing'] },
      { key: 'x', paths: ['/extra'] },
    ]);
    expect(await engine.control.heal('shop', ['c', 'x'])).toEqual([
      { key: 'c', changed: true },
      { key: 'x', changed: true },
    ]);
    expect((await verify()).differences).toEqual([]);
    await engine.stop();
  });

  it('folds on over a document that was damaged in the store', async () => {
    const { world, engine, verify } = await told();
    await engine.stop(); // so that nothing is kept in memory
    await tamper(world, (document) => (document.id === 'a' ? { body: document.body.slice(1) } : null));
    const again = await world.start();
    await world.tell(placed('a', 5));
    await settled(again);
    expect(await again.control.parked()).toEqual([]);
    expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(3);
    await again.stop();
    expect(verify).toBeDefined();
  });

  it('leaves parked customers out, and says when the documents moved too fast for a digest', async () => {
    const { world, engine, verify } = await told();
    await world.tell(poisoned('a'));
    await settled(engine);
    expect(await verify()).toMatchObject({ checked: 2, differences: [] });
    await engine.stop();
  });

  it('is not led astray by what is folded meanwhile', async () => {
    const { world, engine } = await told();
    const { id } = await engine.control.verify({ projection: 'shop', full: true });
    for (let i = 0; i < 50; i++)
      await world.tell(placed('a', i), placed(`n${i}`, 1), registered('b', `B${i}`));
    await world.until(async () => (await engine.control.verification(id, 1)).state !== 'running');
    expect(await engine.control.verification(id)).toMatchObject({ state: 'done', differences: [] });
    await engine.stop();
  });
});

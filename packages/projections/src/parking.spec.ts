import { describe, expect, it } from 'vitest';
import {
  contents,
  mendedCodec,
  openWorld,
  placed,
  poisoned,
  registered,
  settled,
  shop,
} from '../test/world.ts';
import type { ParkedRow } from '@tenure/read-models';
import { isStorm } from './parking.ts';
import type { Alarm } from './generations/runner.ts';

const count = (body: string | undefined): number => JSON.parse(body ?? '').slices.order.count;

const throwingOnSecondDay: typeof shop.summarise = (slices, today) => {
  if (today.date === '2026-01-02' && (slices['order'] as { trace: number }).trace === 4)
    throw new Error('no');
  return today.date;
};
const always = (): number => 0;

describe('parking', () => {
  it('stops the customer of a poison event and nobody else', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(placed('a', 1), placed('b', 1));
    await settled(engine);
    const before = await contents(world);
    await world.tell(poisoned('a'), placed('a', 2), placed('b', 2), registered('a', 'Ann'));
    await settled(engine);
    const after = await contents(world);
    expect(after['a']).toEqual({ ...before['a'], stale: true });
    expect(count(after['b']?.body)).toBe(2);
    expect(await engine.control.parked('shop')).toEqual([
      {
        projection: 'shop',
        generation: 1,
        key: 'a',
        partition: expect.any(Number),
        class: 'RangeError',
        message: 'an order that cannot be folded',
        source: 'order',
        codeHash: 'code-1',
        firstPosition: 3,
        lastPosition: expect.any(Number),
        events: expect.any(Number),
        attempts: 1,
        since: 1_000_000,
        skipped: null,
      },
    ]);
    expect((await engine.control.status())[0]).toMatchObject({ parked: 1, documents: 2, lagEvents: 0 });
    await engine.stop();
  });

  it('parks by the key beside a body that cannot be decoded', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell({ ...placed('a', 1), data: { garbage: true } }, placed('b', 1));
    await settled(engine);
    expect((await engine.control.parked()).map(({ key, class: kind }) => [key, kind])).toEqual([
      ['a', 'UNDECODABLE'],
    ]);
    expect(Object.keys(await contents(world))).toEqual(['b']);
    await engine.stop();
  });

  it('counts all that waits, also within the batch of the failing event', async () => {
    const fresh = openWorld();
    const live = await fresh.start();
    await fresh.tell(placed('a', 1), poisoned('a'), placed('a', 3), registered('a', 'Ann'));
    await settled(live);
    expect((await live.control.parked())[0]).toMatchObject({ firstPosition: 2, lastPosition: 3 });
    await live.stop();
  });

  it('parks a customer whose summary throws, and wakes everybody else', async () => {
    const world = openWorld();
    const definition = { ...shop, summarise: throwingOnSecondDay, wakeAt: always, columns: [] };
    const engine = await world.start({ definitions: [{ definition, codeHash: 'x' }] });
    await world.tell(placed('a', 1), placed('b', 2));
    await world.closeDay('2026-01-01');
    await world.closeDay('2026-01-02');
    await settled(engine);
    expect((await engine.control.parked()).map(({ key, source }) => [key, source])).toEqual([['a', 'clock']]);
    expect(JSON.parse((await contents(world))['b']?.body ?? '').summary).toBe('2026-01-02');
    await engine.stop();
  });

  it('keeps the count of what waits over a restart', async () => {
    const world = openWorld();
    let engine = await world.start();
    await world.tell(poisoned('a'));
    await settled(engine);
    await engine.stop();
    await world.tell(placed('a', 1), placed('a', 2));
    engine = await world.start();
    await settled(engine);
    expect((await engine.control.parked())[0]).toMatchObject({
      events: 3,
      firstPosition: 1,
      lastPosition: 3,
    });
    await engine.stop();
  });

  it('retries: the customer flows when the fold succeeds, and stays when it does not', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(placed('a', 1), poisoned('a'), placed('a', 3));
    await settled(engine);
    expect(await engine.control.retry('shop', { key: 'a' })).toEqual([]);
    expect((await engine.control.parked())[0]).toMatchObject({ attempts: 2, class: 'RangeError' });
    await expect(engine.control.retry('shop', { key: 'b' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await engine.stop();
    const mended = await world.start({ codec: mendedCodec() });
    expect(await mended.control.retry('shop', { class: 'RangeError' })).toEqual(['a']);
    await world.tell(placed('a', 4));
    await settled(mended);
    expect(count((await contents(world))['a']?.body)).toBe(4);
    expect(await mended.control.parked()).toEqual([]);
    await mended.stop();
  });

  it('skips: the failing event is left out for good, the reason stays', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(placed('a', 1), poisoned('a'), placed('a', 3));
    await settled(engine);
    await engine.control.skip('shop', 'a', 'test order of the shop');
    await world.tell(placed('a', 4), poisoned('a'), placed('a', 5));
    await settled(engine);
    const live = await contents(world);
    expect(count(live['a']?.body)).toBe(4);
    expect(live['a']?.stale).toBe(false);
    expect((await engine.control.parked())[0]).toMatchObject({ skipped: 'test order of the shop' });
    expect((await engine.control.status())[0]).toMatchObject({ parked: 0 });
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 2)).toMatchObject({ state: 'active' });
    expect(await contents(world)).toEqual(live);
    await engine.stop();
  });

  it('shows after a rebuild what each source says up to its failing event, and keeps the digest of the others', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(placed('a', 1), placed('b', 1), poisoned('a'), placed('a', 3), registered('a', 'Ann'));
    await settled(engine);
    const digest = (await engine.control.status())[0]?.digest;
    const parked = await engine.control.parked();
    await engine.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(engine, 2)).toMatchObject({ state: 'active', digest });
    const { a } = await contents(world);
    expect(a).toMatchObject({ stale: true, vector: { order: 1, customer: 1 } });
    expect(count(a?.body)).toBe(1);
    const [live] = parked;
    expect(live).toMatchObject({ firstPosition: 3, lastPosition: 4, events: 3 });
    // What of another source came after the failing event is not known to a build.
    expect(await engine.control.parked()).toEqual([{ ...live, generation: 2, events: 2 }]);
    await world.tell(placed('a', 4), placed('b', 4));
    await settled(engine);
    expect((await contents(world))['a']).toEqual(a);
    await engine.stop();
  });

  it('pauses and alarms when many are parked at once, and goes on when they are retried', async () => {
    const world = openWorld();
    const alarms: Alarm[] = [];
    const engine = await world.start({ onAlarm: (alarm) => alarms.push(alarm) });
    await world.tell(...Array.from({ length: 40 }, (_, i) => poisoned(`c${i}`)));
    await world.until(async () => (await engine.control.status({ digest: false }))[0]?.state === 'paused');
    expect(alarms).toMatchObject([{ code: 'PARKING_STORM', projection: 'shop' }]);
    await world.tell(placed('z', 1));
    expect(await engine.control.caughtUp('shop')).toBe(false);
    await engine.stop();
    const mended = await world.start({ codec: mendedCodec() });
    await mended.control.retry('shop', {});
    await settled(mended);
    expect((await mended.control.status())[0]).toMatchObject({ state: 'active', documents: 41, parked: 0 });
    await mended.stop();
  });
});

const rows = (n: number, since: number): ParkedRow[] =>
  Array.from({ length: n }, () => ({ since, skipped: null }) as ParkedRow);

describe('isStorm', () => {
  it('is more than twenty of few, one in a hundred of many, or a thousand, within ten minutes', () => {
    expect(isStorm(rows(20, 0), 100, 1)).toBe(false);
    expect(isStorm(rows(21, 0), 100, 1)).toBe(true);
    expect(isStorm(rows(100, 0), 10_000, 1)).toBe(false);
    expect(isStorm(rows(101, 0), 10_000, 1)).toBe(true);
    expect(isStorm(rows(1_001, 0), 10_000_000, 1)).toBe(true);
    expect(isStorm(rows(1_001, 0), 10_000_000, 600_001)).toBe(false);
    const released = rows(1_001, 0).map((row) => ({ ...row, skipped: 'known' }));
    expect(isStorm(released, 100, 1)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { contents, openWorld, placed, settled, shop } from '../test/world.ts';

const summaryOf = (body: string | undefined): unknown => JSON.parse(body ?? '{}').summary;

describe('time in summaries', () => {
  it('has no summary before the first closed day, and every document has one after it', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(placed('a', 1, '2026-01-01'), placed('b', 1));
    await settled(engine);
    expect(summaryOf((await contents(world))['a']?.body)).toBeNull();
    await world.closeDay('2026-01-02');
    await settled(engine);
    const found = await contents(world);
    expect(summaryOf(found['a']?.body)).toEqual({ quiet: false, size: 'small' });
    expect(summaryOf(found['b']?.body)).toEqual({ quiet: false, size: 'small' });
    expect((await engine.control.status())[0]?.day).toBe('2026-01-02');
    await engine.stop();
  });

  it('rewrites the documents that are due and no others', async () => {
    const world = openWorld(1);
    const engine = await world.start();
    await world.tell(placed('a', 1, '2026-01-01'), placed('b', 1, '2026-01-05'), placed('c', 1));
    await world.closeDay('2026-01-06');
    await settled(engine);
    const changes = async (after: number) => {
      const reader = await world.readModels.openReader({ model: 'shop', columns: [] }, 1);
      return (await reader.changes(0, after, 100)).map(({ id, change }) => ({ id, change }));
    };
    const last = (await changes(0)).at(-1)?.change ?? 0;
    await world.closeDay('2026-01-07');
    await settled(engine);
    expect(await changes(last)).toEqual([]);
    await world.closeDay('2026-01-08'); // seven days after the order of a
    await settled(engine);
    expect((await changes(last)).map(({ id }) => id)).toEqual(['a']);
    const found = await contents(world);
    expect(summaryOf(found['a']?.body)).toMatchObject({ quiet: true });
    expect(found['a']?.columns).toEqual([1, 1]);
    expect(summaryOf(found['b']?.body)).toMatchObject({ quiet: false });
    await engine.stop();
  });

  it('closes several days at once like one after the other', async () => {
    const days = ['2026-01-07', '2026-01-08', '2026-01-09', '2026-01-15'];
    const told = [placed('a', 1, '2026-01-01'), placed('b', 1, '2026-01-05')];
    const slow = openWorld();
    const engine = await slow.start();
    await slow.tell(...told);
    for (const day of days) {
      await slow.closeDay(day);
      await settled(engine);
    }
    await engine.stop();
    const fast = openWorld();
    const other = await fast.start();
    await fast.tell(...told);
    for (const day of days) await fast.closeDay(day);
    await settled(other);
    await other.stop();
    expect(await contents(fast)).toEqual(await contents(slow));
  });

  it('knows its day after a restart, and ends the day in the zone of the business', async () => {
    const world = openWorld();
    let engine = await world.start();
    await world.tell(placed('a', 1, '2026-01-01'));
    await world.closeDay('2026-01-02', 'Pacific/Auckland');
    await settled(engine);
    await engine.stop();
    engine = await world.start();
    expect((await engine.control.status())[0]?.day).toBe('2026-01-02');
    await world.tell(placed('b', 1, '2025-12-01'));
    await settled(engine);
    expect(summaryOf((await contents(world))['b']?.body)).toMatchObject({ quiet: true });
    await engine.stop();
  });

  it('rewrites more documents than one page holds', async () => {
    const world = openWorld(1);
    const engine = await world.start();
    await world.tell(...Array.from({ length: 2_100 }, (_, i) => placed(`c${i}`, 1, '2026-01-01')));
    await world.closeDay('2026-01-02');
    await world.closeDay('2026-01-08');
    await settled(engine);
    const quiet = Object.values(await contents(world)).filter(({ columns }) => columns[1] === 1);
    expect(quiet).toHaveLength(2_100);
    await engine.stop();
  });

  it('is not caught in a definition that always wants to be woken at once', async () => {
    const world = openWorld(1);
    const restless = { ...shop, wakeAt: () => 1 };
    const engine = await world.start({ definitions: [{ definition: restless, codeHash: 'x' }] });
    await world.tell(...Array.from({ length: 1_000 }, (_, i) => placed(`c${i}`, 1)));
    await world.closeDay('2026-01-02');
    await world.closeDay('2026-01-03');
    await settled(engine);
    expect((await engine.control.status())[0]).toMatchObject({ day: '2026-01-03', lagEvents: 0 });
    await engine.stop();
  });
});

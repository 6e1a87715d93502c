import { describe, expect, it } from 'vitest';
import { contents, openWorld, placed, registered, settled } from '../test/world.ts';

describe('the live loop', () => {
  it('folds what comes from several sources into one document', async () => {
    const world = openWorld();
    const engine = await world.start();
    await world.tell(placed('a', 5), registered('a', 'Ann'), placed('b', 2), placed('a', 6));
    await settled(engine);
    const found = await contents(world);
    expect(Object.keys(found)).toEqual(['a', 'b']);
    expect(JSON.parse(found['a']?.body ?? '')).toMatchObject({
      slices: { order: { count: 2, trace: (1 * 3 + 5) * 3 + 6 }, customer: { names: [{ field: 'name' }] } },
      summary: null,
    });
    expect(found['a']?.vector).toEqual({ order: 3, customer: 1 });
    await engine.stop();
  });

  it('goes on after a restart where the checkpoints stand', async () => {
    const world = openWorld();
    let engine = await world.start();
    await world.tell(placed('a', 5));
    await settled(engine);
    await engine.stop();
    await world.tell(placed('a', 6));
    engine = await world.start();
    await settled(engine);
    expect(JSON.parse((await contents(world))['a']?.body ?? '').slices.order.count).toBe(2);
    expect((await engine.control.status())[0]).toMatchObject({
      generation: 1,
      state: 'active',
      lagEvents: 0,
      documents: 1,
    });
    await engine.stop();
  });
});

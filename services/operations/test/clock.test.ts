import { afterEach, describe, expect, it } from 'vitest';
import { openWorld, type World, type WorldOptions } from './world.ts';

const opened: World[] = [];
const open = async (options: WorldOptions): Promise<World> => {
  const world = await openWorld(options);
  opened.push(world);
  return world;
};
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});
const closeThrough = (world: World, date: unknown) =>
  world.call('POST', '/ops/clock', { body: { closeThrough: date } });

describe('a clock that is set', () => {
  it('stands nowhere until it is told, then at the start of the next day', async () => {
    const world = await open({ settable: true });
    const nowhere = { now: null, businessDay: null, zone: 'UTC', settable: true };
    expect((await world.call('GET', '/ops/clock')).json).toEqual(nowhere);
    expect(await world.closeDue()).toEqual([]);
    const { status, headers, json } = await closeThrough(world, '2026-12-30');
    expect([status, json]).toEqual([200, { closed: ['2026-12-30'], fired: 0 }]);
    expect(headers.get('x-position')).toBe('clock:1');
    expect((await closeThrough(world, '2027-01-01')).json['closed']).toEqual(['2026-12-31', '2027-01-01']);
    expect((await world.call('GET', '/ops/clock')).json).toEqual({
      now: '2027-01-02T00:00:00.000Z',
      businessDay: '2027-01-01',
      zone: 'UTC',
      settable: true,
    });
  });

  it('stands where it stood after a start', async () => {
    const world = await open({ settable: true });
    await closeThrough(world, '2026-12-30');
    const again = await open({ settable: true, stores: world.stores });
    expect(again.clock.now()).toBe(Date.parse('2026-12-31T00:00:00Z'));
    expect((await closeThrough(again, '2026-12-31')).json['closed']).toEqual(['2026-12-31']);
  });

  it('takes dates, from those who may set it', async () => {
    const world = await open({ settable: true });
    for (const date of ['2026-02-30', 'tomorrow', 5, null])
      expect((await closeThrough(world, date)).status).toBe(400);
    const ops = await world.call('POST', '/ops/clock', {
      roles: ['ops'],
      body: { closeThrough: '2026-12-30' },
    });
    expect(ops.status).toBe(403);
    await closeThrough(world, '2026-12-30');
    expect((await closeThrough(world, '2126-12-30')).json).toMatchObject({ status: 400, code: 'INVALID' });
  });
});

describe('the machine’s clock', () => {
  it('is not set by anybody', async () => {
    const world = await open({});
    expect((await closeThrough(world, '2026-12-30')).status).toBe(404);
    expect(await world.closeDue()).toEqual(['2026-11-19']);
    expect((await world.call('GET', '/ops/clock')).json).toMatchObject({
      now: '2026-11-20T09:00:00.000Z',
      businessDay: '2026-11-19',
      settable: false,
    });
  });
});

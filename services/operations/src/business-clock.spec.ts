import { settableClock, TenureError } from '@tenure/core';
import { createCodec } from '@tenure/events';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { describe, expect, it } from 'vitest';
import { createBusinessClock, standingInstant, type LastDay } from './business-clock.ts';
import type { DeadlineDesk } from '@tenure/http';
import { createLedger } from './ledger.ts';

const codec = createCodec();
const at = (text: string): number => Date.parse(text);

/** What happened, in order. `fails`: names of steps that fail, each once. */
const openWorld = (now = Number.NEGATIVE_INFINITY, store: EventStore = memoryEventStore()) => {
  const log: string[] = [];
  const fails = new Set<string>();
  const clock = settableClock(now);
  const step = (name: string): void => {
    log.push(name);
    if (fails.delete(name)) throw new TenureError('UNAVAILABLE', 'Away.', {}, { retriable: true });
  };
  const desk: DeadlineDesk = {
    async fireUntil(instant) {
      step(`until ${new Date(instant).toISOString()}`);
      return 1;
    },
    async dayClosed(date) {
      step(
        `day ${date} at ${Number.isFinite(clock.now()) ? new Date(clock.now()).toISOString() : 'nowhere'}`,
      );
      return 10;
    },
  };
  const stored = async (): Promise<readonly { date: string; revision: number; position: number }[]> =>
    (await store.readAll(0, 1_000)).map((event) => ({
      date: (codec.decode('clock', event).data as { businessDate: string }).businessDate,
      revision: event.revision,
      position: event.position,
    }));
  const ledger = createLedger('clock', store, codec, { now: () => 0 });
  return {
    log,
    fails,
    clock,
    store,
    stored,
    dates: async () => (await stored()).map(({ date }) => date),
    open: async (zone = 'UTC') => {
      const readLast = async (): Promise<LastDay | null> => (await stored()).at(-1) ?? null;
      return createBusinessClock({
        ledger: {
          append: (...call) => {
            const name = call[3][0]?.name;
            step(`close ${name}`);
            const appended = ledger.append(...call);
            if (fails.delete(`answer ${name}`))
              return appended.then(() =>
                Promise.reject(new TenureError('UNAVAILABLE', 'Away.', {}, { retriable: true })),
              );
            return appended;
          },
        },
        clock,
        zone,
        desk,
        last: await readLast(),
        readLast,
      });
    },
  };
};

describe('closeThrough', () => {
  it('sets the start of a clock that stands nowhere', async () => {
    const world = openWorld();
    const clock = await world.open();
    expect(clock.businessDay()).toBeNull();
    expect(await clock.closeThrough('2026-11-20')).toEqual({
      closed: ['2026-11-20'],
      fired: 11,
      position: 1,
    });
    expect(world.clock.now()).toBe(at('2026-11-21T00:00:00Z'));
    expect(clock.businessDay()).toBe('2026-11-20');
  });

  it('goes day by day: deadlines first, then the day closes, the clock moves on, and what waits for the day fires', async () => {
    const world = openWorld();
    const clock = await world.open();
    await clock.closeThrough('2026-11-20');
    world.log.length = 0;
    const { closed, fired, position } = await clock.closeThrough('2026-11-22');
    expect({ closed, fired, position }).toEqual({
      closed: ['2026-11-21', '2026-11-22'],
      fired: 22,
      position: 3,
    });
    expect(world.log).toEqual([
      'until 2026-11-21T23:59:59.999Z',
      'close 2026-11-21',
      'day 2026-11-21 at 2026-11-22T00:00:00.000Z',
      'until 2026-11-22T23:59:59.999Z',
      'close 2026-11-22',
      'day 2026-11-22 at 2026-11-23T00:00:00.000Z',
    ]);
  });

  it('takes a closed day for no error', async () => {
    const world = openWorld();
    const clock = await world.open();
    await clock.closeThrough('2026-11-20');
    for (const date of ['2026-11-20', '2026-11-01'])
      expect(await clock.closeThrough(date)).toEqual({ closed: [], fired: 0, position: 1 });
    expect(world.clock.now()).toBe(at('2026-11-21T00:00:00Z'));
  });

  it('closes every day once, in order, for callers at the same time', async () => {
    const world = openWorld();
    const clock = await world.open();
    await clock.closeThrough('2026-11-20');
    const answers = await Promise.all([
      clock.closeThrough('2026-11-23'),
      clock.closeThrough('2026-11-22'),
      clock.closeThrough('2026-11-24'),
    ]);
    expect(answers.map(({ closed }) => closed.length)).toEqual([3, 0, 1]);
    expect(await world.dates()).toEqual([
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
      '2026-11-23',
      '2026-11-24',
    ]);
  });

  it('refuses a typing mistake before it computes its days', async () => {
    const world = openWorld();
    const clock = await world.open();
    await clock.closeThrough('2026-11-20');
    await expect(clock.closeThrough('9026-11-20')).rejects.toMatchObject({ code: 'INVALID' });
    expect(await world.dates()).toHaveLength(1);
  });

  it('cuts days where the zone does', async () => {
    const world = openWorld();
    const clock = await world.open('Asia/Shanghai');
    await clock.closeThrough('2026-11-20');
    expect(world.clock.now()).toBe(at('2026-11-20T16:00:00Z'));
    expect(standingInstant('2026-11-20', 'Asia/Shanghai')).toBe(at('2026-11-20T16:00:00Z'));
  });
});

describe('a failure on the way', () => {
  it('leaves closed what is closed, and the next caller goes on', async () => {
    const world = openWorld();
    const clock = await world.open();
    await clock.closeThrough('2026-11-20');
    world.fails.add('close 2026-11-22');
    await expect(clock.closeThrough('2026-11-23')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(clock.businessDay()).toBe('2026-11-21');
    expect(world.clock.now()).toBe(at('2026-11-22T00:00:00Z'));
    expect((await clock.closeThrough('2026-11-23')).closed).toEqual(['2026-11-22', '2026-11-23']);
    expect(await world.dates()).toEqual(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']);
  });

  it('between the day and what waits for it is made good by the next caller, before anything else', async () => {
    const world = openWorld();
    const clock = await world.open();
    world.fails.add('day 2026-11-20 at 2026-11-21T00:00:00.000Z');
    await expect(clock.closeThrough('2026-11-20')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(world.clock.now()).toBe(at('2026-11-21T00:00:00Z'));
    world.log.length = 0;
    expect(await clock.closeThrough('2026-11-20')).toEqual({ closed: [], fired: 10, position: 1 });
    expect(world.log).toEqual(['day 2026-11-20 at 2026-11-21T00:00:00.000Z']);
  });

  it('that ends the process is made good by the next start', async () => {
    const first = openWorld();
    first.fails.add('day 2026-11-20 at 2026-11-21T00:00:00.000Z');
    await expect((await first.open()).closeThrough('2026-11-20')).rejects.toThrow('Away');
    const second = openWorld(at('2026-11-21T00:00:00Z'), first.store);
    const clock = await second.open();
    expect(clock.businessDay()).toBe('2026-11-20');
    await clock.resume();
    await clock.resume();
    expect(second.log).toEqual(['day 2026-11-20 at 2026-11-21T00:00:00.000Z']);
    expect((await clock.closeThrough('2026-11-21')).closed).toEqual(['2026-11-21']);
    expect(await second.dates()).toEqual(['2026-11-20', '2026-11-21']);
  });
});

describe('a start before the deadlines are ready', () => {
  it('is no failure: what waits for the closed day fires later', async () => {
    const first = openWorld(at('2026-11-21T09:00:00Z'));
    await (await first.open()).closeDue();
    const second = openWorld(at('2026-11-21T10:00:00Z'), first.store);
    second.fails.add('day 2026-11-20 at 2026-11-21T10:00:00.000Z');
    const clock = await second.open();
    expect(await clock.closeDue()).toEqual([]);
    expect(await clock.closeDue()).toEqual([]);
    expect(await clock.closeDue()).toEqual([]);
    expect(second.log).toEqual([
      'day 2026-11-20 at 2026-11-21T10:00:00.000Z',
      'day 2026-11-20 at 2026-11-21T10:00:00.000Z',
    ]);
  });
});

describe('closeDue', () => {
  it('closes what is over by the clock, one day after the other, and nothing twice', async () => {
    const world = openWorld(at('2026-11-21T09:00:00Z'));
    const clock = await world.open();
    expect(await clock.closeDue()).toEqual(['2026-11-20']);
    expect(await clock.closeDue()).toEqual([]);
    world.clock.set(at('2026-11-24T00:00:00Z'));
    expect(await Promise.all([clock.closeDue(), clock.closeDue()])).toEqual([
      ['2026-11-21', '2026-11-22', '2026-11-23'],
      [],
    ]);
    expect(world.clock.now()).toBe(at('2026-11-24T00:00:00Z'));
  });

  it('goes on at the next look when something was away', async () => {
    const world = openWorld(at('2026-11-23T09:00:00Z'));
    const clock = await world.open();
    await clock.closeDue();
    world.clock.set(at('2026-11-26T09:00:00Z'));
    world.fails.add('until 2026-11-24T23:59:59.999Z');
    await expect(clock.closeDue()).rejects.toThrow('Away');
    expect(await clock.closeDue()).toEqual(['2026-11-24', '2026-11-25']);
    expect(await world.dates()).toEqual(['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25']);
  });

  it.each([
    ['on the same day', '2026-11-21T10:00:00Z'],
    ['when further days are over', '2026-11-24T10:00:00Z'],
  ])('closes and fires each day once when the answer to the first was lost, %s', async (_, later) => {
    const world = openWorld(at('2026-11-21T09:00:00Z'));
    const clock = await world.open();
    world.fails.add('answer 2026-11-20');
    await expect(clock.closeDue()).rejects.toThrow('Away');
    world.clock.set(at(later));
    await clock.closeDue().catch(() => []); // it may only find out
    await clock.closeDue();
    const last = new Date(at(later) - 86_400_000).toISOString().slice(0, 10);
    expect(clock.businessDay()).toBe(last);
    const dates = await world.dates();
    expect(dates).toEqual([...new Set(dates)].toSorted());
    expect([dates[0], dates.at(-1)]).toEqual(['2026-11-20', last]);
    const fired = world.log.filter((step) => step.startsWith('day '));
    expect(fired.map((step) => step.split(' ')[1])).toEqual(dates);
  });
});

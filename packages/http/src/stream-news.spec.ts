import { describe, expect, it } from 'vitest';
import type { LiveEvent } from './server-sent-events.ts';
import { GATHER_MS, KEPT_MS, MAX_KEPT } from './stream-buffer.ts';
import { LOOK_MS, MAX_STREAMS, openNews, type NewsParts, type Wanted } from './stream-news.ts';

const change = (id: string, position = 1) => ({ id, sources: ['order'], position: { order: position } });

/** Runs what waits for a moment, and lets everything that follows happen. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

const opened = (over: Partial<NewsParts> = {}) => {
  let [now, epochs] = [0, 0];
  const timers: { readonly run: () => void; readonly ms: number; on: boolean }[] = [];
  const heard: boolean[] = [];
  const projections = [{ name: 'customer-360', state: 'active', lag: 0 }];
  const news = openNews({
    projection: 'customer-360',
    listen: async (on) => void heard.push(on),
    projections: async () => projections,
    now: () => now,
    timer: (run, ms) => {
      const entry = { run, ms, on: true };
      timers.push(entry);
      return () => {
        entry.on = false;
      };
    },
    newEpoch: () => `e${++epochs}`,
    ...over,
  });
  /** Lets the timers of so many ms run out. */
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    for (const entry of timers.filter((one) => one.on && one.ms === ms)) {
      entry.on = false;
      entry.run();
    }
    await settled();
  };
  const told = async (...changes: ReturnType<typeof change>[]): Promise<void> => {
    news.committed({ projection: 'customer-360', generation: 1, changes });
    await pass(GATHER_MS);
  };
  const open = async (wanted: Partial<Wanted> = {}, sub = 'ann') => {
    const got: (LiveEvent | string)[] = [];
    const state = { ended: false, open: true };
    const place = await news.join(sub);
    const close = place.feed(
      {
        send: (event) => {
          if (state.open) got.push(event);
          return state.open;
        },
        mark: (id) => got.push(id) > 0,
        drained: async () => {},
        end: () => {
          state.ended = true;
        },
      },
      {
        customers: 'all',
        projections: 'none',
        sight: async () => () => true,
        lastId: undefined,
        ...wanted,
      },
    );
    await settled();
    return { got, state, close, place, taken: () => got.splice(0) };
  };
  return { news, heard, open, told, pass, timers, projections, live: () => timers.filter(({ on }) => on) };
};

const idOf = (event: LiveEvent | string | undefined): string =>
  typeof event === 'object' ? (event.id ?? '') : (event ?? '');

describe('the live stream', () => {
  it('tells a change with the place to come back to', async () => {
    const { open, told } = opened();
    const reader = await open();
    expect(reader.taken()).toEqual(['e1.0']);
    await told(change('a', 8));
    expect(reader.taken()).toEqual([
      {
        id: 'e1.1',
        event: 'customer',
        data: { customerId: 'a', sources: ['order'], position: { order: 8 } },
      },
    ]);
    expect(reader.place.cursor()).toBe('e1.1');
  });

  it('goes on behind the last event that was seen', async () => {
    const { open, told } = opened();
    const first = await open();
    await told(change('a'), change('b'));
    const lastId = idOf(first.got.at(-2));
    first.close();
    await told(change('c'));
    const second = await open({ lastId });
    expect(second.got.map((event) => (typeof event === 'object' ? event.data : event))).toMatchObject([
      lastId,
      { customerId: 'b' },
      { customerId: 'c' },
    ]);
  });

  it.each([
    ['of another start', 'other.0'],
    ['from the future', 'e1.zz'],
    ['of nothing', 'x'],
    ['that is empty', ''],
    ['of a negative number', 'e1.-1'],
  ])('says reset to a place %s', async (_, lastId) => {
    const { open, told } = opened();
    const reader = await open({ lastId });
    await told(change('a'));
    expect(reader.got).toMatchObject([
      { id: 'e1.0', event: 'reset', data: {} },
      { id: 'e1.1', event: 'customer' },
    ]);
  });

  it('says reset to who missed more than is kept, or stayed away too long', async () => {
    const { open, told, pass } = opened();
    const stays = await open();
    await told(...Array.from({ length: MAX_KEPT + 1 }, (_, i) => change(`c${i}`)));
    expect(stays.got.slice(0, 2)).toMatchObject(['e1.0', { event: 'reset' }]);
    expect((await open({ lastId: 'e1.0' })).got).toMatchObject([{ event: 'reset' }]);
    expect((await open({ lastId: 'e1.1' })).got.slice(0, 2)).toMatchObject(['e1.1', { event: 'customer' }]);
    await pass(KEPT_MS);
    expect((await open({ lastId: 'e1.1' })).got).toMatchObject([{ event: 'reset' }]);
  });

  it('says reset when another generation is served, and when not every change can be named', async () => {
    const { news, open, told } = opened();
    const reader = await open();
    await told(change('a'));
    reader.taken();
    news.committed({ projection: 'customer-360', generation: 2, changes: [change('b')] });
    await settled();
    expect(reader.taken()).toMatchObject([{ event: 'reset' }]);
    news.committed({ projection: 'customer-360', generation: 2, changes: null });
    await settled();
    expect(reader.taken()).toMatchObject([{ event: 'reset' }]);
    news.committed({ projection: 'orders', generation: 9, changes: null });
    await settled();
    expect(reader.taken()).toEqual([]);
  });

  it('is narrowed to customers that are named, and its place moves on with the others', async () => {
    const { open, told } = opened();
    const reader = await open({ customers: new Set(['b']) });
    await told(change('a'), change('b'), change('c'));
    expect(reader.got).toMatchObject(['e1.0', { data: { customerId: 'b' } }]);
    expect(reader.place.cursor()).toBe('e1.3');
  });

  it('tells only of customers that the reader may see now', async () => {
    const { open, told } = opened();
    const mine = new Set(['a']);
    const reader = await open({ sight: async () => (id) => mine.has(id) });
    await told(change('a'), change('b'));
    mine.add('b');
    await told(change('b', 2));
    expect(reader.got.slice(1)).toMatchObject([
      { data: { customerId: 'a' } },
      { data: { customerId: 'b', position: { order: 2 } } },
    ]);
  });

  it('ends for a reader whose rights cannot be looked up', async () => {
    const { open, told } = opened();
    const reader = await open({ sight: () => Promise.reject(new Error('the store is away')) });
    await told(change('a'));
    expect(reader.state.ended).toBe(true);
    expect(reader.got).toHaveLength(1);
  });

  it('does not ask for the next page before the rights of this one are known', async () => {
    const { open, told } = opened();
    const answers: (() => void)[] = [];
    let asked = 0;
    const reader = await open({
      sight: async () => {
        asked++;
        await new Promise<void>((resolve) => void answers.push(resolve));
        return () => true;
      },
    });
    for (let i = 0; i < 5; i++) await told(change(`c${i}`));
    expect(asked).toBe(1);
    while (answers.length > 0) {
      for (const answer of answers.splice(0)) answer();
      await settled();
    }
    expect(asked).toBe(2);
    expect(reader.got.slice(1)).toHaveLength(5);
  });
});

describe('listening', () => {
  it('begins with the first reader, and ends when nobody can come back to what was kept', async () => {
    const { news, heard, open, told, live } = opened();
    news.committed({ projection: 'customer-360', generation: 1, changes: [change('a')] });
    expect(live()).toEqual([]);
    const [one, two] = [await open(), await open()];
    expect(heard).toEqual([true]);
    one.close();
    two.close();
    two.close();
    await told(change('a'));
    expect((await open({ lastId: 'e1.0' })).got).toMatchObject(['e1.0', { event: 'customer' }]);
    expect(heard).toEqual([true]);
  });
  it('starts a new stretch afterwards: a place of the one before is none any more', async () => {
    const { heard, open, pass, told } = opened();
    (await open()).close();
    await pass(KEPT_MS);
    expect(heard).toEqual([true, false]);
    const reader = await open({ lastId: 'e1.0' });
    expect(heard).toEqual([true, false, true]);
    await told(change('a'));
    expect(reader.got).toMatchObject([{ id: 'e2.0', event: 'reset' }, { id: 'e2.1' }]);
  });
  it('that cannot begin refuses the reader, and the next one tries again', async () => {
    const answers = [Promise.reject(new Error('the pipeline is away')), Promise.resolve()];
    const { news, open } = opened({ listen: () => answers.shift() ?? Promise.resolve() });
    await expect(news.join('ann')).rejects.toThrow('the pipeline is away');
    expect((await open()).got).toHaveLength(1);
  });
});

describe('places', () => {
  it(`are ${MAX_STREAMS} for one principal, and can be taken again`, async () => {
    const { news, open } = opened();
    const readers = [];
    for (let i = 0; i < MAX_STREAMS; i++) readers.push(await open());
    await expect(news.join('ann')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    await news.join('bob');
    readers[3]?.close();
    readers[3]?.close();
    (await news.join('ann')).leave();
    await open();
    await expect(news.join('ann')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  });
});

describe('projections', () => {
  it('are told when they move, to those who want them, as long as somebody does', async () => {
    const { open, projections, pass, live } = opened();
    const blind = await open();
    expect(live()).toEqual([]);
    const reader = await open({ customers: 'none', projections: new Set(['customer-360']) });
    const at = (lag: number) => ({
      event: 'projection',
      data: { name: 'customer-360', state: 'active', lag },
    });
    expect(reader.taken().slice(1)).toEqual([at(0)]);
    await pass(LOOK_MS);
    expect(reader.taken()).toEqual([]);
    projections.splice(
      0,
      1,
      { name: 'customer-360', state: 'active', lag: 7 },
      { name: 'orders', state: 'active', lag: 1 },
    );
    await pass(LOOK_MS);
    expect(reader.taken()).toEqual([at(7)]);
    expect(blind.got).toHaveLength(1);
    reader.close();
    await pass(LOOK_MS);
    expect(live()).toEqual([]);
  });
});

import { memoryEventStore, wrongExpectedRevision, type EventStore } from '@tenure/event-store';
import { describe, expect, it } from 'vitest';
import { id, on, open, refusal, service, toyBus, jsonCodec, type Toy } from '../../test/toy.ts';

const streamIn = async ({ store }: Toy, account: string) => {
  const events = [];
  for await (const stored of store.readStream(`account-${account}`))
    events.push(jsonCodec.decode('bank', stored));
  return events;
};

describe('Idempotency-Key', () => {
  it('gives the first answer again, also after a restart and after later commands', async () => {
    const toy = toyBus();
    await toy.bus.submit(open('a', { accountId: id('x') }));
    const first = await toy.bus.submit(on(id('x'), 'PayIn', 'k', { amount: 5 }));
    await toy.bus.submit(on(id('x'), 'PayIn', 'l', { amount: 6 }));
    for (const { bus } of [toy, toyBus({ store: toy.store })]) {
      expect(await bus.submit(on(id('x'), 'PayIn', 'k', { amount: 5 }))).toEqual({ ...first, replay: true });
      expect(await bus.submit(open('a', { accountId: id('x') }))).toMatchObject({
        created: true,
        replay: true,
        revision: 0,
      });
    }
    expect(await streamIn(toy, id('x'))).toHaveLength(3);
  });

  it('has one effect and equal answers when sent many times at once', async () => {
    const toy = toyBus();
    const answers = await Promise.all(Array.from({ length: 50 }, () => toy.bus.submit(open('k'))));
    expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, replay: true }))).size).toBe(1);
    expect(answers.filter(({ replay }) => !replay)).toHaveLength(1);
    expect(await toy.store.head()).toEqual({ position: 1, events: 1 });
  });

  it('belongs to its principal', async () => {
    const toy = toyBus();
    await toy.bus.submit(open('a', { accountId: id('x') }));
    await toy.bus.submit(on(id('x'), 'PayIn', 'k', { amount: 5 }));
    await toy.bus.submit(on(id('x'), 'PayIn', 'k', { amount: 5 }, { principal: 'other' }));
    expect(await streamIn(toy, id('x'))).toHaveLength(3);
  });

  it('refuses another body, while the first runs and afterwards; null and absent are one body', async () => {
    const { bus } = toyBus();
    const first = bus.submit(open('a'));
    expect((await refusal(bus.submit(open('a', { holder: 'Lee' })))).code).toBe('IDEMPOTENCY_KEY_REUSED');
    await first;
    expect((await refusal(bus.submit(open('a', { holder: 'Lee' })))).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await bus.submit(open('a', { ownerId: null }))).replay).toBe(true);
  });

  it('refuses a creating key that comes again with another id, but not after a refusal', async () => {
    const { bus } = toyBus();
    await refusal(bus.submit(open('a', { accountId: id('w'), holder: '' })));
    await bus.submit(open('a', { accountId: id('x') }));
    expect((await refusal(bus.submit(open('a', { accountId: id('y') })))).code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });

  it('does not remember refusals: mended, the same key works', async () => {
    const { bus } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    expect((await refusal(bus.submit(on(id('x'), 'PayIn', 'k', { amount: 5000 })))).code).toBe('TOO_MUCH');
    expect((await bus.submit(on(id('x'), 'PayIn', 'k', { amount: 500 }))).revision).toBe(1);
  });

  it('is IN_FLIGHT when the first one takes longer than anybody waits', async () => {
    const { promise: never } = Promise.withResolvers<never>();
    const slow: EventStore = { ...memoryEventStore(), append: () => never };
    const { bus } = toyBus({ store: slow, sleep: () => Promise.resolve() });
    void bus.submit(open('a'));
    expect((await refusal(bus.submit(open('a')))).code).toBe('IN_FLIGHT');
  });
});

describe('several writers', () => {
  it('sees what another process wrote: in reads, refusals, and after a lost race', async () => {
    const store = memoryEventStore();
    const [here, there] = [toyBus({ store }), toyBus({ store })];
    await here.bus.submit(open('a', { accountId: id('x') }));
    await there.bus.submit(on(id('x'), 'PayIn', 'b', { amount: 5 }));
    expect(await here.bus.read('bank', 'account', id('x'), service)).toMatchObject({
      revision: 1,
      state: { balance: 5 },
    });
    await there.bus.submit(on(id('x'), 'PayIn', 'c', { amount: 6 }));
    expect(await here.bus.submit(on(id('x'), 'PayIn', 'd', { amount: 7 }))).toMatchObject({ revision: 3 });
    await there.bus.submit(on(id('x'), 'CloseAccount', 'e'));
    expect(await refusal(here.bus.submit(on(id('x'), 'PayIn', 'f', { amount: 1 })))).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { current: { status: 'Closed', revision: 4 } },
    });
    expect(await here.bus.submit(on(id('x'), 'PayIn', 'c', { amount: 6 }))).toMatchObject({
      revision: 2,
      replay: true,
    });
  });

  it('looks again before it refuses: what is cached may be old news', async () => {
    const store = memoryEventStore();
    const [here, there] = [toyBus({ store }), toyBus({ store })];
    await here.bus.submit(open('a', { accountId: id('x') }));
    await there.bus.submit(on(id('x'), 'PayIn', 'b', { amount: 5 }));
    const seen = on(id('x'), 'PayIn', 'c', { amount: 6 }, { ifMatch: 1 });
    expect(await here.bus.submit(seen)).toMatchObject({ revision: 2 });
  });

  it('reads on once, however many read at the same time', async () => {
    const store = memoryEventStore();
    const [here, there] = [toyBus({ store }), toyBus({ store })];
    await here.bus.submit(open('a', { accountId: id('x') }));
    for (const key of ['b', 'c', 'd']) await there.bus.submit(on(id('x'), 'PayIn', key, { amount: 5 }));
    const views = await Promise.all(
      Array.from({ length: 5 }, () => here.bus.read('bank', 'account', id('x'), service)),
    );
    for (const view of views) expect(view).toMatchObject({ revision: 3, state: { balance: 15 } });
  });

  it('gives up after three lost races with 412, at once with If-Match', async () => {
    const real = memoryEventStore();
    let appends = 0;
    const contested: EventStore = {
      ...real,
      append(stream, expected, events) {
        if (events[0]?.type !== 'MoneyPaidIn') return real.append(stream, expected, events);
        appends++;
        return Promise.reject(wrongExpectedRevision(stream, expected, 9));
      },
    };
    const { bus } = toyBus({ store: contested });
    await bus.submit(open('a', { accountId: id('x') }));
    expect((await refusal(bus.submit(on(id('x'), 'PayIn', 'b', { amount: 1 })))).code).toBe('STALE_REVISION');
    expect(appends).toBe(4);
  });

  it('runs commands on one stream in the order they came', async () => {
    const toy = toyBus();
    await toy.bus.submit(open('a', { accountId: id('x') }));
    await Promise.all(
      Array.from({ length: 64 }, (_, n) => toy.bus.submit(on(id('x'), 'PayIn', `p${n}`, { amount: n + 1 }))),
    );
    const amounts = (await streamIn(toy, id('x')))
      .slice(1)
      .map(({ data }) => (data as { amount: number }).amount);
    expect(amounts).toEqual(Array.from({ length: 64 }, (_, n) => n + 1));
  });
});

describe('limits and failures', () => {
  it('is OVERLOADED beyond its limit and recovers', async () => {
    const { bus } = toyBus({ inFlightLimit: 2 });
    const running = [bus.submit(open('a')), bus.submit(open('b'))];
    expect((await refusal(bus.submit(open('c')))).code).toBe('OVERLOADED');
    await Promise.all(running);
    expect((await bus.submit(open('c'))).created).toBe(true);
  });

  it('reads anew after an append whose outcome is unknown: the repetition is known', async () => {
    const real = memoryEventStore();
    let fail = true;
    const lossy: EventStore = {
      ...real,
      async append(stream, expected, events) {
        const appended = await real.append(stream, expected, events);
        if (fail) throw Object.assign(new Error('lost'), { code: 'UNAVAILABLE', data: {}, retriable: true });
        return appended;
      },
    };
    const { bus } = toyBus({ store: lossy });
    const account = { accountId: id('x') };
    expect((await refusal(bus.submit(open('a', account)))).code).toBe('UNAVAILABLE');
    fail = false;
    expect(await bus.submit(open('a', account))).toMatchObject({ revision: 0, replay: true, created: true });
    fail = true;
    expect((await refusal(bus.submit(on(id('x'), 'PayIn', 'b', { amount: 1 })))).code).toBe('UNAVAILABLE');
    fail = false;
    expect(await bus.submit(on(id('x'), 'PayIn', 'b', { amount: 1 }))).toMatchObject({
      revision: 1,
      replay: true,
    });
    expect(await real.head()).toMatchObject({ events: 2 });
  });
});

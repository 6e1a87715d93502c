import { isUuid } from '@tenure/core';
import { memoryEventStore } from '@tenure/event-store';
import { describe, expect, it } from 'vitest';
import { agent, id, NOW, on, open, refusal, service, toyBus, jsonCodec, type Toy } from '../../test/toy.ts';

const KIM = id('kim');
const supervisor = { ...agent('sue'), roles: ['supervisor'] };

const streamIn = async ({ store }: Toy, account: string) => {
  const events = [];
  for await (const stored of store.readStream(`account-${account}`))
    events.push(jsonCodec.decode('bank', stored));
  return events;
};

const ids = (events: readonly { id: string }[]) => events.map((event) => event.id);

describe('a creation', () => {
  it('takes the id of the client, else of the natural key, else of the command', async () => {
    const { bus } = toyBus();
    const own = await bus.submit(open('a', { accountId: id('mine') }));
    expect(own).toMatchObject({
      id: id('mine'),
      customerId: KIM,
      revision: 0,
      position: 1,
      created: true,
      replay: false,
    });
    const natural = await bus.submit(open('b', { number: '77' }));
    expect((await toyBus().bus.submit(open('other', { number: '77' }))).id).toBe(natural.id);
    const derived = await bus.submit(open('c'));
    expect(isUuid(derived.id)).toBe(true);
    expect((await toyBus().bus.submit(open('c'))).id).toBe(derived.id);
    expect((await toyBus().bus.submit(open('d'))).id).not.toBe(derived.id);
  });

  it('writes ids that depend on principal, route and key alone', async () => {
    const [one, two] = [toyBus(), toyBus()];
    const { id: account } = await one.bus.submit(open('k', { accountId: id('x') }));
    await two.bus.submit(open('k', { accountId: id('x') }));
    expect(ids(await streamIn(two, account))).toEqual(ids(await streamIn(one, account)));
  });

  it('needs a customer', async () => {
    const { code, data } = await refusal(toyBus().bus.submit(open('a', { customerId: null })));
    expect(code).toBe('INVALID');
    expect(data['errors']).toEqual([{ path: '/customerId', message: 'is required' }]);
  });

  it('meets an existing id under another key: 409 with what is allowed now', async () => {
    const { bus } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    expect(await refusal(bus.submit(open('b', { accountId: id('x') })))).toEqual({
      code: 'ILLEGAL_STATE',
      data: {
        current: { id: id('x'), status: 'Open', revision: 0 },
        allowedCommands: ['PayIn', 'Touch', 'CloseAccount'],
      },
    });
  });

  it('meets an existing natural key: the first answer for an equal body, else 409', async () => {
    const { bus } = toyBus();
    const first = await bus.submit(open('a', { number: '77' }));
    expect(await bus.submit(open('b', { number: '77' }))).toEqual({ ...first, replay: true });
    expect((await refusal(bus.submit(open('c', { number: '77', holder: 'Lee' })))).code).toBe(
      'ALREADY_EXISTS',
    );
  });

  it('has one winner among racing creators of several processes', async () => {
    const store = memoryEventStore();
    const instances = [toyBus({ store }), toyBus({ store }), toyBus({ store }), toyBus({ store })];
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        instances.map(({ bus }, i) =>
          bus.submit(open(`racer-${i}-${n}`, { accountId: id(`stream-${n}`) })).then(
            ({ created }) => (created ? 'created' : 'odd'),
            (error: { code: string }) => error.code,
          ),
        ),
      ).flat(),
    );
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(50);
    expect(outcomes.filter((outcome) => outcome === 'ILLEGAL_STATE')).toHaveLength(150);
  });
});

const opened = async () => {
  const toy = toyBus();
  await toy.bus.submit(open('a', { accountId: id('x') }));
  return toy;
};

describe('If-Match', () => {
  it('must be sent by people and may be sent by services', async () => {
    const { bus } = await opened();
    const pay = (key: string, ifMatch: number | '*' | null, caller = supervisor) =>
      bus.submit(on(id('x'), 'PayIn', key, { amount: 1 }, { ifMatch, caller }));
    expect(await refusal(pay('1', null))).toEqual({
      code: 'IF_MATCH_REQUIRED',
      data: { current: { id: id('x'), status: 'Open', revision: 0 } },
    });
    expect((await pay('2', 0)).revision).toBe(1);
    expect((await pay('3', '*')).revision).toBe(2);
    expect((await pay('4', null, { ...service, roles: ['import'] })).revision).toBe(3);
    expect(await refusal(pay('5', 0))).toEqual({
      code: 'STALE_REVISION',
      data: { current: { id: id('x'), status: 'Open', revision: 3 } },
    });
  });

  it('does not stand in the way of a repeated key', async () => {
    const { bus } = await opened();
    const pay = on(id('x'), 'PayIn', 'k', { amount: 1 }, { ifMatch: 0, caller: supervisor });
    await bus.submit(pay);
    expect(await bus.submit(pay)).toMatchObject({ revision: 1, replay: true });
  });
});

const both = (key: string, ...amounts: readonly number[]) => ({
  ...open(key, { accountId: id('x'), occurredAt: '2026-11-20T10:00:00Z' }),
  steps: [
    ...open(key, { accountId: id('x'), occurredAt: '2026-11-20T10:00:00Z' }).steps,
    ...amounts.map((amount) => ({ command: 'PayIn', body: { amount } })),
  ] as const,
});

describe('then', () => {
  it('decides one after the other and writes one append, at the time of the first', async () => {
    const toy = toyBus();
    const answer = await toy.bus.submit(both('k', 3, 4));
    expect(answer).toMatchObject({ revision: 2, created: true });
    expect(await toy.bus.submit(both('k', 3, 4))).toEqual({ ...answer, replay: true });
    const events = await streamIn(toy, id('x'));
    expect(new Set(events.map(({ occurredAt }) => occurredAt))).toEqual(
      new Set([Date.parse('2026-11-20T10:00:00Z')]),
    );
    expect(new Set(events.map(({ meta }) => meta.commandId)).size).toBe(1);
    expect((await toy.bus.read('bank', 'account', id('x'), service)).state).toMatchObject({ balance: 7 });
  });

  it('is all or nothing, and says which step was refused', async () => {
    const toy = toyBus();
    const { code, data } = await refusal(toy.bus.submit(both('k', 3, 4000)));
    expect([code, data['step']]).toEqual(['TOO_MUCH', 2]);
    expect(await toy.store.head()).toMatchObject({ events: 0 });
    expect((await refusal(toy.bus.submit(both('k', 0)))).data['errors']).toEqual([
      { path: '/then/0/body/amount', message: expect.stringContaining('>=1') },
    ]);
  });
});

describe('a command that changes nothing', () => {
  it('answers with the revision as it is and leaves no trace', async () => {
    const toy = toyBus();
    await toy.bus.submit(open('a', { accountId: id('x') }));
    expect(await toy.bus.submit(on(id('x'), 'Touch', 'b'))).toMatchObject({
      revision: 0,
      position: null,
      created: false,
    });
    expect(await toy.store.head()).toMatchObject({ events: 1 });
  });
});

describe('rights and the standing of the customer', () => {
  it('lets agents work on their own, their teams’ and nobody’s', async () => {
    const { bus, parties } = toyBus();
    const touch = (account: string, caller: ReturnType<typeof agent>) =>
      bus.submit(on(account, 'Touch', 'k', {}, { caller, ifMatch: '*' })).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      );
    await bus.submit(open('a', { accountId: id('x') }));
    expect(await touch(id('x'), agent('bob'))).toBe('ok');
    parties.set(KIM, { ownerId: id('ann'), standing: 'present', survivorId: null });
    expect(await touch(id('x'), agent('bob'))).toBe('FORBIDDEN');
    expect(await touch(id('x'), agent('bob', 'north'))).toBe('ok');
    expect(await touch(id('x'), agent('ann'))).toBe('ok');
    expect(await touch(id('x'), supervisor)).toBe('ok');
    await bus.submit(open('b', { accountId: id('y'), ownerId: id('bob') }));
    expect(await touch(id('y'), agent('bob'))).toBe('ok');
    expect(await touch(id('y'), agent('ann', 'north'))).toBe('FORBIDDEN');
    expect((await refusal(bus.read('bank', 'account', id('x'), agent('bob')))).code).toBe('FORBIDDEN');
    expect((await refusal(bus.submit(open('c', {}, { caller: agent('bob') })))).code).toBe('FORBIDDEN');
    expect(await touch(id('nowhere'), agent('bob'))).toBe('NOT_FOUND');
  });

  it('keeps some commands for some roles of people', async () => {
    const { bus } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    const close = (caller: ReturnType<typeof agent>) =>
      bus.submit(on(id('x'), 'CloseAccount', 'k', {}, { caller, ifMatch: 0 }));
    expect(await refusal(close(agent('bob')))).toEqual({
      code: 'FORBIDDEN',
      data: { needs: ['supervisor', 'admin'] },
    });
    expect((await close(supervisor)).revision).toBe(1);
  });

  it('has no route for internal commands', async () => {
    const { bus } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    expect((await refusal(bus.submit(on(id('x'), 'SeizeAccount', 'k')))).code).toBe('NOT_FOUND');
    expect((await bus.submit(on(id('x'), 'SeizeAccount', 'k', {}, { commandId: id('cmd') }))).revision).toBe(
      1,
    );
  });

  it('refuses commands for absorbed and erased customers, naming the last survivor', async () => {
    const { bus, parties } = toyBus();
    parties.set(KIM, { ownerId: null, standing: 'absorbed', survivorId: id('lee') });
    parties.set(id('lee'), { ownerId: null, standing: 'absorbed', survivorId: id('max') });
    expect(await refusal(bus.submit(open('a')))).toEqual({
      code: 'CUSTOMER_ABSORBED',
      data: { survivorId: id('max') },
    });
    parties.set(KIM, { ownerId: null, standing: 'erased', survivorId: null });
    expect((await refusal(bus.submit(open('a')))).code).toBe('CUSTOMER_ERASED');
  });

  it('knows whose aggregate it is', async () => {
    const { bus } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    expect((await bus.submit(on(id('x'), 'Touch', 'b', { customerId: KIM }))).customerId).toBe(KIM);
    expect((await refusal(bus.submit(on(id('x'), 'Touch', 'b', { customerId: id('lee') })))).code).toBe(
      'CUSTOMER_MISMATCH',
    );
  });

  it('answers the loser of an id the same, whichever customer he named', async () => {
    const { bus } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    for (const customerId of [KIM, id('lee')])
      expect((await refusal(bus.submit(open('b', { accountId: id('x'), customerId })))).code).toBe(
        'ILLEGAL_STATE',
      );
  });
});

const at = (occurredAt: string, more: object = {}) => toyBus().bus.submit(open('k', { occurredAt }, more));
const history = { caller: { ...service, roles: ['import'] }, backfill: true };

describe('occurredAt', () => {
  it('is now by the clock of the deployment unless it is said', async () => {
    const toy = toyBus();
    const { id: account } = await toy.bus.submit(open('a'));
    expect((await streamIn(toy, account))[0]).toMatchObject({ occurredAt: NOW, recordedAt: NOW });
  });

  it('is at most five minutes ahead, and a day back for people', async () => {
    expect((await refusal(at('2026-11-20T12:05:00.001Z'))).code).toBe('OCCURRED_AT_IN_FUTURE');
    expect((await at('2026-11-20T13:05:00+01:00')).created).toBe(true);
    expect((await refusal(at('2026-11-19T11:59:59Z', { caller: agent('bob') }))).code).toBe(
      'OCCURRED_AT_TOO_OLD',
    );
    expect((await at('2026-11-19T12:00:00Z', { caller: agent('bob') })).created).toBe(true);
    expect((await at('2001-01-01T00:00:00Z')).created).toBe(true);
  });

  it('reaches back to 2000, as history to 1970', async () => {
    expect((await refusal(at('1999-12-31T23:59:59Z'))).code).toBe('LIMIT_EXCEEDED');
    expect((await at('1970-01-01T00:00:00Z', history)).created).toBe(true);
    expect((await refusal(at('1969-12-31T23:59:59Z', history))).code).toBe('LIMIT_EXCEEDED');
  });

  it('must be said while a settable clock stands nowhere', async () => {
    const toy = toyBus();
    toy.clock.set(Number.NEGATIVE_INFINITY);
    expect((await refusal(toy.bus.submit(open('a')))).code).toBe('CLOCK_NOT_SET');
    expect((await toy.bus.submit(open('a', { occurredAt: '2031-01-01T00:00:00Z' }))).created).toBe(true);
  });

  it('marks imported history, unless reactions are asked for', async () => {
    const toy = toyBus();
    const one = await toy.bus.submit(open('a', {}, history));
    const two = await toy.bus.submit(open('b', {}, { ...history, reactions: true }));
    expect((await streamIn(toy, one.id))[0]?.meta.backfill).toBe(true);
    expect((await streamIn(toy, two.id))[0]?.meta.backfill).toBeUndefined();
  });
});

describe('read', () => {
  it('shows state, revision, routed commands, and the blocks its references point into', async () => {
    const { bus } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    const view = await bus.read('bank', 'account', id('x'), service);
    expect(view).toMatchObject({ id: id('x'), customerId: KIM, status: 'Open', revision: 0 });
    expect(view.allowedCommands).toEqual(['PayIn', 'Touch', 'CloseAccount']);
    const { holder } = view.state as { holder: { $sealed: string } };
    expect([...view.sealed.keys()]).toEqual([holder.$sealed]);
    expect((await refusal(bus.read('bank', 'account', id('y'), service))).code).toBe('NOT_FOUND');
  });
});

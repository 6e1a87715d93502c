import { addDays, dateAt, idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { describe, expect, it, vi } from 'vitest';
import {
  deadlinesProjection,
  defineService,
  followDays,
  runDeadlines,
  type DeadlineDeps,
  type Deadlines,
} from '../src/index.ts';
import { foldingReader } from './folding-reader.ts';
import { bank, id, jsonCodec, NOW, on, open, refusal, service, toyBus, toyPolicies } from './toy.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const issue = (event: DecodedEvent, command: string, body: object = {}) => ({
  aggregate: 'account',
  id: idOfStream(event.stream),
  customerId: event.key,
  command,
  body,
});

/** A fee of 1 a minute after opening and after each fee; two days after opening the account is seized. */
const fees: Deadlines = {
  on: {
    AccountOpened: (event, { zone }) => [
      {
        set: `${event.stream}/fee`,
        at: event.occurredAt + MINUTE,
        command: issue(event, 'PayIn', { amount: 1 }),
      },
      {
        set: `${event.stream}/seize`,
        day: addDays(dateAt(event.occurredAt, zone), 2),
        command: issue(event, 'SeizeAccount'),
      },
    ],
    MoneyPaidIn: (event) => [
      {
        set: `${event.stream}/fee`,
        at: event.occurredAt + MINUTE,
        command: issue(event, 'PayIn', { amount: 1 }),
      },
    ],
    AccountClosed: (event) => [{ clear: `${event.stream}/fee` }, { clear: `${event.stream}/seize` }],
  },
};
const feeBank = defineService({ ...bank, deadlines: fees });
const projection = deadlinesProjection(feeBank, { policies: toyPolicies, zone: 'UTC' });

const setUp = (more: Partial<DeadlineDeps> = {}) => {
  const toy = toyBus();
  if (projection === null) throw new Error('the bank has deadlines');
  const { promise: ticked, resolve: tick } = Promise.withResolvers<void>();
  const deps: DeadlineDeps = {
    service: feeBank,
    reader: foldingReader(projection, 'bank', toy.store),
    submit: (request) => toy.bus.submit(request),
    clock: { now: () => Number.NEGATIVE_INFINITY }, // no ticks: the test fires
    zone: 'UTC',
    heads: async () => ({ bank: (await toy.store.head()).position }),
    pause: (_, signal) =>
      new Promise((done) => {
        tick();
        signal.addEventListener('abort', () => done());
      }),
    ...more,
  };
  const events = async () =>
    (await toy.store.readAll(0, 10_000)).map((stored) => {
      const { type, stream, occurredAt, meta } = jsonCodec.decode('bank', stored);
      return { type, stream, minute: (occurredAt - NOW) / MINUTE, actor: meta.actor.kind };
    });
  return { ...toy, deps, events, ticked };
};

describe('deadlines by instant', () => {
  it('fire on the tick after their time, dated at their time, by the clock', async () => {
    const { bus, deps, events, clock, ticked } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    clock.set(NOW + MINUTE);
    const running = runDeadlines({ ...deps, clock });
    await ticked;
    expect(await events()).toEqual([
      { type: 'AccountOpened', stream: `account-${id('x')}`, minute: 0, actor: 'process' },
      { type: 'MoneyPaidIn', stream: `account-${id('x')}`, minute: 1, actor: 'clock' },
    ]);
    await running.stop();
  });

  it('fire once, whatever ticks are repeated, lost, or come after a restart', async () => {
    const { bus, deps, events, clock } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    clock.set(NOW + MINUTE + 1);
    const runs = [runDeadlines(deps), runDeadlines(deps)];
    await Promise.all(runs.map((run) => run.fireUntil(clock.now())));
    await runs[0]?.fireUntil(clock.now());
    expect(await events()).toHaveLength(2);
    await Promise.all(runs.map((run) => run.stop()));
  });

  it('fire up to an instant in order of time, also what they cause themselves', async () => {
    const moves: number[] = [];
    const { bus, deps, events, clock } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    await bus.submit(open('b', { accountId: id('y'), occurredAt: '2026-11-20T11:59:30Z' }));
    const running = runDeadlines({
      ...deps,
      advanceTo: (instant) => {
        moves.push(instant);
        clock.set(instant);
      },
    });
    expect(await running.fireUntil(NOW + 2 * MINUTE)).toBe(4);
    const minutes = (await events()).slice(2).map(({ minute }) => minute);
    expect(minutes).toEqual([0.5, 1, 1.5, 2]);
    expect(moves.map((instant) => (instant - NOW) / MINUTE)).toEqual([0.5, 1, 1.5, 2]);
    await running.stop();
  });

  it('are cleared by what makes them needless, and never set by imported history', async () => {
    const { bus, deps, clock } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    await bus.submit(on(id('x'), 'CloseAccount', 'k'));
    await bus.submit(
      open('b', { accountId: id('y'), occurredAt: '1997-01-01T00:00:00Z' }, { backfill: true }),
    );
    clock.set(NOW + DAY);
    const running = runDeadlines(deps);
    expect(await running.fireUntil(clock.now())).toBe(0);
    expect(await running.fireDay('2027-01-01')).toBe(0);
    await running.stop();
  });

  it('take a refusal as an answer and do not ask again', async () => {
    const refused = vi.fn<(about: object) => void>();
    const { bus, deps, clock } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    clock.set(NOW + MINUTE);
    const submit = vi.fn<DeadlineDeps['submit']>(() =>
      Promise.reject(
        Object.assign(new Error('closed'), { code: 'ILLEGAL_STATE', data: {}, retriable: false }),
      ),
    );
    const running = runDeadlines({ ...deps, submit, observe: { refused } });
    await running.fireUntil(clock.now());
    await running.fireUntil(clock.now());
    expect(submit).toHaveBeenCalledTimes(1);
    expect(refused).toHaveBeenCalledWith({
      key: `account-${id('x')}/fee`,
      command: 'PayIn',
      code: 'ILLEGAL_STATE',
    });
    await running.stop();
  });

  it('stay due while an engine is away, and show what cannot be done', async () => {
    const { bus, deps, clock, events } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    clock.set(NOW + MINUTE);
    let problem: object = { code: 'UNAVAILABLE', data: {}, retriable: true };
    const running = runDeadlines({
      ...deps,
      submit: (request) =>
        problem === noProblem ? deps.submit(request) : Promise.reject(Object.assign(new Error('x'), problem)),
    });
    expect((await refusal(running.fireUntil(clock.now()))).code).toBe('UNAVAILABLE');
    problem = noProblem;
    expect(await running.fireUntil(clock.now())).toBe(1);
    problem = {};
    clock.set(NOW + 2 * MINUTE);
    expect(await running.fireUntil(clock.now())).toBe(0);
    expect(running.failures()).toEqual([
      { key: `account-${id('x')}/fee`, command: 'PayIn', class: 'INTERNAL' },
    ]);
    expect(await events()).toHaveLength(2);
    await running.stop();
  });

  it('wait for a clock that stands nowhere', async () => {
    const { bus, deps, ticked } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    const submit = vi.fn<DeadlineDeps['submit']>();
    const running = runDeadlines({ ...deps, submit });
    await ticked;
    expect(submit).not.toHaveBeenCalled();
    await running.stop();
  });

  it('come in pages: many streams, one instant and many', async () => {
    const { bus, deps, clock, events } = setUp();
    for (let n = 0; n < 1100; n++) {
      const occurredAt = new Date(NOW - (n % 3) * 1000).toISOString();
      await bus.submit(open(`k${n}`, { accountId: id(`s${n}`), occurredAt }));
    }
    clock.set(NOW + MINUTE);
    const running = runDeadlines(deps);
    expect(await running.fireUntil(clock.now())).toBe(1100);
    const minutes = (await events()).slice(1100).map(({ minute }) => minute);
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
    await running.stop();
  });
});

describe('deadlines by business day', () => {
  it('fire when their day closes, dated at its end, and again on later days while they are refused', async () => {
    const { bus, deps, clock } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    clock.set(NOW + 4 * DAY);
    let closed = true;
    const submit: DeadlineDeps['submit'] = (request) =>
      closed && request.steps[0].command === 'SeizeAccount'
        ? Promise.reject(
            Object.assign(new Error('not yet'), {
              code: 'RETURN_OPEN',
              data: { rule: true },
              retriable: false,
            }),
          )
        : bus.submit(request);
    const running = runDeadlines({ ...deps, submit });
    expect(await running.fireDay('2026-11-21')).toBe(0);
    expect(await running.fireDay('2026-11-22')).toBe(0);
    closed = false;
    expect(await running.fireDay('2026-11-23')).toBe(1);
    expect(await running.fireDay('2026-11-24')).toBe(0);
    const view = await bus.read('bank', 'account', id('x'), service);
    expect(view.status).toBe('Closed');
    await running.stop();
  });

  it('wait until what was written before is folded', async () => {
    const { bus, store, deps, events, clock } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    clock.set(NOW + 4 * DAY);
    const head = await store.head();
    const folded = { bank: 0 };
    const reader: DeadlineDeps['reader'] = {
      async waitFor(_, positions) {
        folded.bank = positions['bank'] ?? 0;
      },
      query: async (name, query) => (folded.bank < head.position ? [] : deps.reader.query(name, query)),
    };
    const running = runDeadlines({ ...deps, reader });
    await running.fireDay(addDays(dateAt(NOW, 'UTC'), 2));
    expect((await events()).map(({ type }) => type)).toEqual(['AccountOpened', 'AccountClosed']);
    await running.stop();
  });

  it('hear of closed days from the clock, once per day, the newest again after a restart', async () => {
    const log = memoryEventLog(memoryLogData(2));
    const close = async (seq: number, businessDate: string) => {
      for (const partition of [0, 1]) {
        const body = jsonCodec.encode(
          {
            id: id(businessDate),
            type: 'BusinessDayClosed',
            source: 'clock',
            occurredAt: NOW,
            recordedAt: NOW,
            meta: { commandId: id('c'), correlationId: id('c'), actor: { kind: 'clock', id: 'clock' } },
            customerId: null,
            data: { businessDate },
          },
          undefined,
        );
        const lane = { source: 'clock', partition };
        await log.publish(lane, [
          { position: seq, seq, stream: 'clock-utc', revision: seq - 1, key: 'clock', body },
        ]);
      }
    };
    const heard: string[] = [];
    const listen = async (day: string) => void heard.push(day);
    await close(1, '2026-11-18');
    await close(2, '2026-11-19');
    const first = await followDays('deadlines-bank', log, jsonCodec, listen);
    await close(3, '2026-11-20');
    await vi.waitFor(() => expect(heard).toEqual(['2026-11-19', '2026-11-20']));
    await first.stop();
    const second = await followDays('deadlines-bank', log, jsonCodec, listen);
    await vi.waitFor(() => expect(heard).toEqual(['2026-11-19', '2026-11-20', '2026-11-20']));
    await second.stop();
  });
});

const noProblem = { code: 'none' };

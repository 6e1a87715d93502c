import { uuid5 } from '@tenure/core';
import { partitionOf, type EventLog, type LogRecord } from '@tenure/event-log';
import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import { describe, expect, it, vi } from 'vitest';
import {
  defineService,
  memoryReactionCheckpoints,
  readModelCheckpoints,
  startReactions,
  type ContextSources,
  type CommandRequest,
  type ParkedReaction,
  type Reaction,
  type ReactionCheckpoints,
  type ReactionDeps,
} from '../src/index.ts';
import {
  accountSpec,
  bank,
  id,
  jsonCodec,
  NOW,
  open,
  partyTable,
  service,
  toyBus,
  toyPolicies,
} from './toy.ts';

const PARTITIONS = 4;

/** Every sale pays its amount in, in two commands; a sale of 13 cannot be reacted to. */
const saleReaction: Reaction = {
  name: 'SalesToAccount',
  on: { shop: ['Sold'] },
  react(event) {
    const { amount } = event.data as { amount: number };
    if (amount === 13) throw new RangeError('unlucky');
    const pay = (part: number) => ({
      aggregate: 'account',
      id: accountOf(event.key),
      customerId: event.key,
      command: 'PayIn',
      body: { amount: part },
    });
    return [pay(amount), pay(1)];
  },
};
const accountOf = (customer: string): string => uuid5(customer, 'account');
const shop = defineService({ ...bank, aggregates: [accountSpec], reactions: [saleReaction] });

const nothing = (): never => {
  throw new TypeError('a pure reaction reads nothing');
};
const unused: ContextSources = {
  policies: toyPolicies,
  lookups: partyTable(new Map()),
  ...{ read: nothing, open: nothing, blindIndex: nothing },
};

const setUp = async (more: Partial<ReactionDeps> = {}) => {
  const toy = toyBus();
  const log = memoryEventLog(memoryLogData(PARTITIONS));
  const submitted: CommandRequest[] = [];
  const deps: ReactionDeps = {
    service: shop,
    log,
    checkpoints: memoryReactionCheckpoints(),
    codec: jsonCodec,
    policies: toyPolicies,
    zone: 'UTC',
    sources: unused,
    reader: { waitFor: async () => {} },
    submit(request) {
      submitted.push(request);
      return toy.bus.submit(request);
    },
    now: () => NOW,
    ...more,
  };
  for (const customer of ['kim', 'lee'])
    await toy.bus.submit(open(customer, { customerId: id(customer), accountId: accountOf(id(customer)) }));
  const balance = async (customer: string) => {
    const view = await toy.bus.read('bank', 'account', accountOf(id(customer)), service);
    return (view.state as { balance: number }).balance;
  };
  return { ...toy, log, deps, submitted, balance, sell: seller(log) };
};

const seller = (log: EventLog) => {
  let position = 0;
  const seqs = new Map<number, number>();
  return async (
    customer: string,
    amount: number,
    more: { type?: string; backfill?: boolean; body?: Uint8Array } = {},
  ) => {
    const key = id(customer);
    const partition = partitionOf(key, PARTITIONS);
    const seq = (seqs.get(partition) ?? 0) + 1;
    seqs.set(partition, seq);
    position++;
    const body = jsonCodec.encode(
      {
        id: uuid5(key, `sale-${position}`),
        type: more.type ?? 'Sold',
        source: 'shop',
        occurredAt: NOW - 1000,
        recordedAt: NOW,
        meta: {
          commandId: id('c'),
          correlationId: id('process'),
          actor: { kind: 'user', id: 'u' },
          ...(more.backfill === true && { backfill: true }),
        },
        customerId: key,
        data: { amount },
      },
      undefined,
    );
    const record: LogRecord = {
      position,
      seq,
      stream: `sale-${position}`,
      revision: 0,
      key,
      body: more.body ?? body,
    };
    await log.publish({ source: 'shop', partition }, [record]);
  };
};

const modelCheckpoints = (): Promise<ReactionCheckpoints> =>
  readModelCheckpoints(openMemoryReadModels(), 'bank', { partitions: PARTITIONS, now: NOW });

describe('reactions', () => {
  it('issue the commands of each event in order, dated and caused by it', async () => {
    const { deps, submitted, balance, sell } = await setUp();
    const running = await startReactions(deps);
    await sell('kim', 5);
    await sell('kim', 7);
    await vi.waitFor(async () => expect(await balance('kim')).toBe(14));
    expect(submitted.map(({ steps }) => (steps[0].body as { amount: number }).amount)).toEqual([5, 1, 7, 1]);
    expect(new Set(submitted.map(({ commandId }) => commandId)).size).toBe(4);
    expect(submitted[0]).toMatchObject({
      causationId: uuid5(id('kim'), 'sale-1'),
      correlationId: id('process'),
      caller: { actor: { kind: 'process', id: 'SalesToAccount' } },
      steps: [{ body: { occurredAt: '2026-11-20T11:59:59.000Z' } }],
    });
    await running.stop();
  });

  it('change nothing when events come again: after a restart without checkpoint, or with one', async () => {
    const { deps, submitted, balance, sell, store } = await setUp();
    await sell('kim', 5);
    const first = await startReactions(deps);
    await vi.waitFor(async () => expect(await balance('kim')).toBe(6));
    await first.stop();
    const { events } = await store.head();
    const again = await startReactions({ ...deps, checkpoints: memoryReactionCheckpoints() });
    await vi.waitFor(() => expect(submitted).toHaveLength(4));
    await again.stop();
    expect((await store.head()).events).toBe(events);
    const resumed = await startReactions(deps);
    await sell('lee', 1);
    await vi.waitFor(async () => expect(await balance('lee')).toBe(2));
    expect(submitted).toHaveLength(6);
    await resumed.stop();
  });

  it('skip imported history and what nobody listens to', async () => {
    const { deps, submitted, balance, sell } = await setUp();
    await sell('kim', 100, { backfill: true });
    await sell('kim', 200, { type: 'Browsed' });
    await sell('kim', 3);
    const running = await startReactions(deps);
    await vi.waitFor(async () => expect(await balance('kim')).toBe(4));
    expect(submitted).toHaveLength(2);
    await running.stop();
  });

  it('take a refusal by the domain as an answer, and tell of it', async () => {
    const refused = vi.fn<(about: object) => void>();
    const { deps, balance, sell } = await setUp({ observe: { refused } });
    const running = await startReactions(deps);
    await sell('kim', 5000);
    await sell('max', 1);
    await sell('kim', 2);
    await vi.waitFor(async () => expect(await balance('kim')).toBe(4));
    await vi.waitFor(() => expect(refused).toHaveBeenCalledTimes(3));
    expect(refused).toHaveBeenCalledWith({ reaction: 'SalesToAccount', command: 'PayIn', code: 'TOO_MUCH' });
    expect(refused).toHaveBeenCalledWith({ reaction: 'SalesToAccount', command: 'PayIn', code: 'NOT_FOUND' });
    expect(running.parked()).toEqual([]);
    await running.stop();
  });

  it('wait for an engine that is away, without acknowledging', async () => {
    const checkpoints = memoryReactionCheckpoints();
    const { deps, balance, sell } = await setUp({ checkpoints });
    let away = 3;
    const running = await startReactions({
      ...deps,
      submit(request) {
        if (away-- > 0)
          return Promise.reject(
            Object.assign(new Error('away'), { code: 'UNAVAILABLE', data: {}, retriable: true }),
          );
        return deps.submit(request);
      },
    });
    await sell('kim', 5);
    await vi.waitFor(async () => expect(await balance('kim')).toBe(6));
    const lane = { source: 'shop', partition: partitionOf(id('kim'), PARTITIONS) };
    await vi.waitFor(async () => expect(await checkpoints.seq(lane)).toBe(1));
    expect(running.parked()).toEqual([]);
    await running.stop();
  });

  it.each([
    ['in memory', () => Promise.resolve(memoryReactionCheckpoints())],
    ['in a read model', modelCheckpoints],
  ])(
    'park the customer of a poison event, and react to all of it on retry (checkpoints %s)',
    async (_, make) => {
      const checkpoints = await make();
      const seen: ParkedReaction[] = [];
      const { deps, balance, sell } = await setUp({
        checkpoints,
        observe: { parked: (row) => seen.push(row) },
      });
      await sell('kim', 2);
      await sell('kim', 13);
      await sell('lee', 4);
      await sell('kim', 3);
      const running = await startReactions(deps);
      await vi.waitFor(async () => expect(await balance('lee')).toBe(5));
      await vi.waitFor(async () => expect(await checkpoints.parked()).toHaveLength(1));
      expect(await checkpoints.parked()).toEqual([
        {
          service: 'bank',
          key: id('kim'),
          class: 'INTERNAL',
          message: 'RangeError',
          from: { shop: 2 },
          to: { shop: 4 },
          events: 2,
          attempts: 1,
          since: NOW,
        },
      ]);
      expect(seen.length).toBeGreaterThan(0);
      expect(await balance('kim')).toBe(3);
      expect(await running.retry(id('kim'))).toBe(false);
      expect(running.parked()[0]?.attempts).toBe(2);
      await running.stop();
      // The next start has code that can deal with it: it is tried once more by itself.
      const mended: Reaction = {
        ...saleReaction,
        react: (event, context) =>
          (event.data as { amount: number }).amount === 13 ? [] : saleReaction.react(event, context),
      };
      const after = await startReactions({ ...deps, service: { ...shop, reactions: [mended] } });
      expect(after.parked()).toEqual([]);
      expect(await checkpoints.parked()).toEqual([]);
      expect(await balance('kim')).toBe(7);
      await after.stop();
    },
  );

  it('never take back what is acknowledged when older events are handed over again', async () => {
    const checkpoints = memoryReactionCheckpoints();
    const { deps, log, submitted, sell } = await setUp({ checkpoints });
    const handOver = Promise.withResolvers<Parameters<EventLog['subscribe']>[3]>();
    const subscription = { ended: Promise.resolve(), stop: async () => {} };
    const running = await startReactions({
      ...deps,
      log: {
        ...log,
        async subscribe(_, __, from, handler) {
          for (let partition = 0; partition < PARTITIONS; partition++)
            await from({ source: 'shop', partition });
          handOver.resolve(handler);
          return subscription;
        },
      },
    });
    await sell('kim', 5);
    await sell('kim', 7);
    const lane = { source: 'shop', partition: partitionOf(id('kim'), PARTITIONS) };
    const records = await log.read(lane, 1, 10);
    const handler = await handOver.promise;
    for (const part of [records.slice(0, 1), records, records.slice(0, 1)])
      await handler([{ lane, records: part }]);
    expect(await checkpoints.seq(lane)).toBe(2);
    expect(submitted).toHaveLength(4);
    await running.stop();
  });

  it('go on from the end of a log that was put back to an earlier state', async () => {
    const waited: number[] = [];
    const checkpoints = memoryReactionCheckpoints();
    const pause = async (ms: number): Promise<void> => void waited.push(ms);
    const { deps, balance, sell } = await setUp({ checkpoints, pause });
    await sell('kim', 5);
    const lane = { source: 'shop', partition: partitionOf(id('kim'), PARTITIONS) };
    await checkpoints.save({ lanes: [{ ...lane, seq: 3, position: 30 }], parked: [], released: [] });
    const running = await startReactions(deps);
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(20_000);
    await sell('kim', 7); // in a place that was reacted to before
    await vi.waitFor(async () => expect(await balance('kim')).toBe(8));
    expect(await checkpoints.seq(lane)).toBe(2);
    await running.stop();
  });

  it('park the customer of an event that nobody can read', async () => {
    const { deps, balance, sell } = await setUp({
      codec: {
        ...jsonCodec,
        peek(body) {
          return body.length < 20 ? unreadable() : jsonCodec.peek(body);
        },
        decode(source, stored) {
          return stored.body.length < 20 ? unreadable() : jsonCodec.decode(source, stored);
        },
      },
    });
    const running = await startReactions(deps);
    await sell('kim', 1, { body: Buffer.alloc(16) });
    await sell('lee', 4);
    await vi.waitFor(async () => expect(await balance('lee')).toBe(5));
    await vi.waitFor(() =>
      expect(running.parked()).toMatchObject([{ key: id('kim'), class: 'UNDECODABLE' }]),
    );
    await running.stop();
  });
});

const unreadable = (): never => {
  throw Object.assign(new Error('not an event'), { code: 'UNDECODABLE', data: {}, retriable: false });
};

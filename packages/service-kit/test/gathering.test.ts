// Reactions that gather: when they may look, what they get, and what happens when what they look into is behind.
import { TenureError, uuid5 } from '@tenure/core';
import { partitionOf } from '@tenure/event-log';
import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { describe, expect, it, vi } from 'vitest';
import {
  defineService,
  listModel,
  memoryReactionCheckpoints,
  reaction,
  startReactions,
  type ContextSources,
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

const PARTITIONS = 2;
const accountOf = (customer: string): string => uuid5(customer, 'account');

/** Doubles what is in the account; pays in one more for each letter of the zone. */
const doubling = reaction<{ readonly balance: number }>({
  name: 'Doubling',
  on: { customer: ['CustomerRegistered'], shop: ['Sold'] },
  async gather({ read }, event) {
    const { state } = await read('account', accountOf(event.key));
    return { balance: (state as { balance: number }).balance };
  },
  react: (event, { gathered, zone }) => [
    {
      aggregate: 'account',
      id: accountOf(event.key),
      customerId: event.key,
      command: 'PayIn',
      body: { amount: gathered.balance + zone.length },
    },
  ],
});

const list = listModel<Readonly<Record<'AccountOpened', object>>>({
  ...{ name: 'accounts', source: 'bank', aggregate: 'account', fields: {}, changes: {} },
  status: { AccountOpened: 'Open' },
});
const doublingBank = defineService({
  ...bank,
  aggregates: [{ ...accountSpec, list }],
  reactions: [doubling],
});

const setUp = async (waitFor: ReactionDeps['reader']['waitFor'], gather = doubling.gather) => {
  const toy = toyBus();
  const log = memoryEventLog(memoryLogData(PARTITIONS));
  const kim = id('kim');
  await toy.bus.submit(open('kim', { customerId: kim, accountId: accountOf(kim) }));
  const balance = async (): Promise<number> => {
    const { state } = await toy.bus.read('bank', 'account', accountOf(kim), service);
    return (state as { balance: number }).balance;
  };
  const sources: ContextSources = {
    policies: toyPolicies,
    lookups: partyTable(new Map()),
    read: async () => ({ state: { balance: await balance() }, revision: 0, key: kim, open: () => null }),
    open: async () => new Map(),
    blindIndex: (kind, value) => `${kind} ${value}`,
  };
  const publish = async (source: string, type: string, position: number): Promise<void> => {
    const body = jsonCodec.encode(
      {
        ...{ id: uuid5(kim, `${source}-${position}`), type, source, customerId: kim, data: {} },
        ...{ occurredAt: NOW - 1000, recordedAt: NOW },
        meta: { commandId: id('c'), correlationId: id('c'), actor: { kind: 'user', id: 'u' } },
      },
      undefined,
    );
    const partition = partitionOf(kim, PARTITIONS);
    await log.publish({ source, partition }, [
      { position, seq: 1, stream: `x-${position}`, revision: 0, key: kim, body },
    ]);
  };
  const reactions = [{ ...doubling, ...(gather && { gather }) }];
  const deps: ReactionDeps = {
    ...{ service: { ...doublingBank, reactions }, log, codec: jsonCodec, policies: toyPolicies, sources },
    ...{ checkpoints: memoryReactionCheckpoints(), zone: 'UTC', reader: { waitFor }, now: () => NOW },
    submit: (request) => toy.bus.submit(request),
    pause: async () => {},
  };
  return { deps, balance, publish };
};

describe('a reaction that gathers', () => {
  it('looks when the tables that fold the source have folded the event, and reacts to what it found', async () => {
    const waits: unknown[] = [];
    const { deps, balance, publish } = await setUp(async (...asked) => void waits.push(asked.slice(0, 2)));
    const running = await startReactions(deps);
    await publish('customer', 'CustomerRegistered', 7);
    await vi.waitFor(async () => expect(await balance()).toBe(3));
    expect(waits).toEqual([['bank-party', { customer: 7 }]]);
    await running.stop();
  });

  it('waits for no table where none folds the source', async () => {
    const waitFor = vi.fn<ReactionDeps['reader']['waitFor']>(async () => {});
    const { deps, balance, publish } = await setUp(waitFor);
    const running = await startReactions(deps);
    await publish('shop', 'Sold', 1);
    await vi.waitFor(async () => expect(await balance()).toBe(3));
    expect(waitFor).not.toHaveBeenCalled();
    await running.stop();
  });

  it('comes again while the tables are behind: nobody is parked, and nothing is done on what is old', async () => {
    let behind = 3;
    const { deps, balance, publish } = await setUp(async () => {
      if (behind-- > 0) throw new TenureError('BEHIND', 'Not folded yet.', {}, { retriable: true });
    });
    const running = await startReactions(deps);
    await publish('customer', 'CustomerRegistered', 1);
    await vi.waitFor(async () => expect(await balance()).toBe(3), { timeout: 5_000 });
    expect(behind).toBe(-1);
    expect(running.parked()).toEqual([]);
    await running.stop();
  });

  it('parks the customer when gathering fails for good, and reacts on retry', async () => {
    let broken = true;
    const { deps, balance, publish } = await setUp(
      async () => {},
      async () => {
        if (broken) throw new RangeError('a bug');
        return { balance: 10 };
      },
    );
    const running = await startReactions(deps);
    await publish('shop', 'Sold', 1);
    await vi.waitFor(() => expect(running.parked()).toMatchObject([{ key: id('kim'), class: 'INTERNAL' }]));
    expect(await balance()).toBe(0);
    broken = false;
    expect(await running.retry(id('kim'))).toBe(true);
    expect(await balance()).toBe(13);
    await running.stop();
  });
});

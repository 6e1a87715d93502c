// Two services whose deadlines and reactions set each other off, over stores, relays and a log in memory.
import { addDays, dateAt, idOfStream, startOfDate, uuid5, type Aggregate } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import { memoryCheckpoints, memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { startRelay } from '@tenure/event-log/relay';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { describe, expect, it } from 'vitest';
import {
  createSettling,
  deadlinesProjection,
  defineService,
  fireTogether,
  memoryReactionCheckpoints,
  modelOf,
  runDeadlines,
  startReactions,
  type CommandRequest,
  type ContextSources,
  type Deadlines,
  type IssuedCommand,
  type Reaction,
  type ServiceDefinition,
} from '../src/index.ts';
import { foldingReader } from './folding-reader.ts';
import {
  account,
  accountSpec,
  id,
  jsonCodec,
  NOW,
  partyTable,
  refusal,
  service as caller,
  toyBus,
  toyPolicies,
  type AccountParts,
} from './toy.ts';

const MINUTE = 60_000;
const TODAY = dateAt(NOW, 'UTC');
const amountOf = ({ data }: DecodedEvent): number => (data as { amount: number }).amount;

const pay = (aggregate: string, customerId: string, amount: number): IssuedCommand => ({
  ...{ aggregate, id: uuid5(customerId, aggregate), customerId },
  ...{ command: 'PayIn', body: { amount } },
});

const payLater = (event: DecodedEvent, amount: number, when: { at: number } | { day: string }) => {
  const [aggregate = ''] = event.stream.split('-');
  return {
    set: `${idOfStream(event.stream)}/${amount}`,
    ...when,
    command: pay(aggregate, event.key, amount),
  };
};

/** Pays what `amounts` says into one service for what is paid into the other. */
const answering = (from: string, to: string, amounts: (amount: number) => number | null): Reaction => ({
  name: `${from}-to-${to}`,
  on: { [from]: ['MoneyPaidIn'] },
  react(event) {
    const amount = amounts(amountOf(event));
    return amount === null ? [] : [pay(to, event.key, amount)];
  },
});

const toyService = (name: string, deadlines: Deadlines, reaction: Reaction): ServiceDefinition => {
  const model: Aggregate<AccountParts> = { ...account, name };
  const spec = { ...accountSpec, model: modelOf(model), plural: `${name}s`, list: undefined };
  const { list: _, ...aggregate } = spec;
  return defineService({ name, aggregates: [aggregate], deadlines, reactions: [reaction] });
};

/** Ten and twenty minutes after the opening, and when its day closes, money comes in. */
const bank = toyService(
  'bank',
  {
    on: {
      AccountOpened: (event) => [
        payLater(event, 10, { at: event.occurredAt + 10 * MINUTE }),
        payLater(event, 20, { at: event.occurredAt + 20 * MINUTE }),
        payLater(event, 500, { day: TODAY }),
      ],
    },
  },
  answering('vault', 'bank', (amount) => (amount === 3 ? 100 : amount === 7 ? 900 : null)),
);

/** One more is put into the vault; five minutes after 11, and when the day of 501 closes, something follows. */
const vault = toyService(
  'vault',
  {
    on: {
      MoneyPaidIn: (event) => {
        const amount = amountOf(event);
        if (amount === 11) return [payLater(event, 3, { at: event.occurredAt + 5 * MINUTE })];
        return amount === 501 ? [payLater(event, 7, { day: TODAY })] : [];
      },
    },
  },
  answering('bank', 'vault', (amount) => amount + 1),
);

const SERVICES = [bank, vault];
const SLOW_TURNS = 50;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const nothing = (): never => {
  throw new TypeError('not asked here');
};
const sources: ContextSources = {
  ...{ policies: toyPolicies, lookups: partyTable(new Map()) },
  ...{ read: nothing, open: nothing, blindIndex: nothing },
};

const setUp = async () => {
  const stores: Readonly<Record<string, EventStore>> = {
    bank: memoryEventStore(),
    vault: memoryEventStore(),
  };
  const storeOf = (source: string): EventStore => stores[source] ?? nothing();
  const { bus, clock } = toyBus({ services: SERVICES, stores: storeOf });
  const said: string[] = [];
  const submit = async (request: CommandRequest) => {
    // Reactions take their time: whoever does not wait for them is ahead of them.
    if (request.caller.actor.kind === 'process') for (let i = 0; i < SLOW_TURNS; i++) await nextTurn();
    const result = await bus.submit(request);
    const { amount, occurredAt } = request.steps[0].body as { amount: number; occurredAt: string };
    said.push(`${request.service} ${amount} at ${(Date.parse(occurredAt) - NOW) / MINUTE}`);
    return result;
  };
  const log = memoryEventLog(memoryLogData(2));
  const relays = await Promise.all(
    Object.entries(stores).map(([source, store]) =>
      startRelay({ source, store, log, checkpoints: memoryCheckpoints() }),
    ),
  );
  const reactions = await Promise.all(
    SERVICES.map((service) =>
      startReactions({
        ...{ service, log, codec: jsonCodec, policies: toyPolicies, zone: 'UTC', sources, submit },
        ...{ reader: { waitFor: async () => {} }, checkpoints: memoryReactionCheckpoints(), now: () => NOW },
      }),
    ),
  );
  const head = async (source: string) => (await storeOf(source).head()).position;
  const deadlines = SERVICES.map((service) => {
    const definition = deadlinesProjection(service, { policies: toyPolicies, zone: 'UTC' });
    if (definition === null) throw new Error('both have deadlines');
    return runDeadlines({
      ...{ service, submit, zone: 'UTC', clock: { now: () => Number.NEGATIVE_INFINITY } },
      reader: foldingReader(definition, service.name, storeOf(service.name)),
      heads: async () => ({ [service.name]: await head(service.name) }),
      pause: (_, signal) => new Promise((done) => signal.addEventListener('abort', () => done())),
      advanceTo: (instant) => clock.set(Math.max(instant, clock.now())),
    });
  });
  const settled = createSettling({
    ...{ reactions, log },
    heads: async (topics) =>
      Object.fromEntries(await Promise.all(topics.map(async (topic) => [topic, await head(topic)] as const))),
  });
  for (const { name } of SERVICES)
    await bus.submit({
      ...{ service: name, aggregate: name, caller, ifMatch: null, backfill: false, reactions: false },
      steps: [
        {
          command: 'OpenAccount',
          body: { customerId: id('kim'), holder: 'Kim', accountId: uuid5(id('kim'), name) },
        },
      ],
      ...{ key: name, principal: 'shop', route: `/api/${name}s` },
    });
  const stop = async () => {
    await Promise.all([...deadlines, ...reactions, ...relays].map((one) => one.stop()));
    await log.close();
  };
  return { said, clock, stop, together: fireTogether(deadlines, settled), settled };
};

describe('the deadlines of several services', () => {
  it('fire in the order of their time, also those that others cause, and what follows is done when they answer', async () => {
    const { said, together, stop } = await setUp();
    expect(await together.fireUntil(NOW + 30 * MINUTE)).toBe(3);
    expect(said).toEqual([
      'bank 10 at 10',
      'vault 11 at 10',
      'vault 3 at 15',
      'bank 100 at 15',
      'vault 101 at 15',
      'bank 20 at 20',
      'vault 21 at 20',
    ]);
    expect(await together.fireUntil(NOW + 30 * MINUTE)).toBe(0);
    await stop();
  });

  it('of a day fire when it closes, also those that its closing causes, once', async () => {
    const { said, together, clock, stop } = await setUp();
    const end = startOfDate(addDays(TODAY, 1), 'UTC');
    await together.fireUntil(end - 1);
    said.length = 0;
    expect(await together.fireDay(TODAY)).toBe(2);
    const minute = (end - NOW) / MINUTE;
    expect(said).toEqual(
      ['bank 500', 'vault 501', 'vault 7', 'bank 900', 'vault 901'].map((one) => `${one} at ${minute}`),
    );
    expect(clock.now()).toBe(end);
    expect(await together.fireDay(TODAY)).toBe(0);
    expect(await together.fireDay(addDays(TODAY, 1))).toBe(2); // asked again: nothing has cleared them
    expect(said).toHaveLength(7);
    await stop();
  });
});

describe('settling', () => {
  const mark = (position: number) => ({ source: 'bank', position, heads: [position] });
  async function* marks(...positions: readonly number[]) {
    for (const position of positions) yield mark(position);
    await new Promise(() => {}); // nothing more comes
  }
  const reactions = [{ topics: ['bank'], reached: async () => {} }];

  it('ends when reactions have caught up, and looks no further while nothing is new', async () => {
    const asked: unknown[] = [];
    let looked = 0;
    const settled = createSettling({
      reactions: [{ topics: ['bank'], reached: async (places) => void asked.push(places) }],
      log: { watermark: () => (looked++, marks(1, 3, 5)) },
      heads: async () => ({ bank: 4 }),
    });
    await settled();
    await settled();
    expect(asked).toEqual([[{ source: 'bank', partition: 0, seq: 5 }]]);
    expect(looked).toBe(1);
  });

  it('gives up on reactions that hang and on a log that stands still: whoever waits is to come back', async () => {
    const log = { watermark: () => marks(9) };
    const hanging = createSettling({
      reactions: [
        {
          topics: ['bank'],
          reached: (_, signal) =>
            new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => reject(signal.reason as Error)),
            ),
        },
      ],
      ...{ log, heads: async () => ({ bank: 4 }), maxMs: 20 },
    });
    expect((await refusal(hanging())).code).toBe('BEHIND');
    const still = createSettling({ reactions, log, heads: async () => ({ bank: 10 }), maxMs: 20 });
    expect((await refusal(still())).code).toBe('BEHIND');
  });

  it('ends a circle of reactions', async () => {
    let head = 1;
    const log = { watermark: () => marks(1_000) };
    const settled = createSettling({ reactions, log, heads: async () => ({ bank: head++ }) });
    expect((await refusal(settled())).code).toBe('BEHIND');
    expect(head).toBeLessThan(100);
  });

  it('has nothing to wait for where nobody reacts', async () => {
    const settled = createSettling({
      reactions: [],
      log: { watermark: () => marks() },
      heads: async () => ({}),
    });
    await expect(settled()).resolves.toBeUndefined();
  });
});

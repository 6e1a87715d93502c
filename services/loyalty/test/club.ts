// The loyalty service at work over stores in memory: its real commands, reactions and codec; events of others are told to
// it one after the other. The process may die before or after any command that a reaction sends.
import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { settableClock, TenureError, uuid5 } from '@tenure/core';
import { createCodec, type DecodedEvent } from '@tenure/events';
import { memoryEventStore } from '../../../packages/event-store/src/index.ts';
import { memoryKeyStore } from '../../../packages/keys/src/index.ts';
import {
  createCommandBus,
  createContextSources,
  policyBook,
  type CommandBus,
  type CommandRequest,
  type Lookups,
} from '@tenure/service-kit';
import { listenersOf, reactTo } from '../../../packages/service-kit/src/reactions/react.ts';
import { idOf } from '@tenure/testing';
import { loyaltyService } from '../src/service.ts';
import { shipped } from './members.ts';
import { tables } from './tables.ts';

const shared = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../policies/${name}.v1.json`, import.meta.url), 'utf8'));
export const policies = policyBook([
  shipped('programme'),
  shipped('limits'),
  shipped('retention'),
  shared('deployment'),
  shared('agents'),
] as never);

/** The process is gone: what comes next finds what was durable. */
const dead = (): TenureError => new TenureError('DEAD', 'The process died.', {}, { retriable: true });

/** Dies at the n-th command of a reaction (from 1), before or after it is durable; 0: never. */
export type Death = { readonly at: number; readonly when: 'before' | 'after' };

export type Told = {
  readonly source: string;
  readonly type: string;
  readonly customer: string;
  readonly data: object;
  readonly at: number;
};

export const openClub = async (death: Death = { at: 0, when: 'before' }) => {
  const codec = createCodec();
  const store = memoryEventStore();
  const keys = memoryKeyStore((size) => new Uint8Array(size).fill(9), 0);
  const pepper = createSecretKey(Buffer.alloc(32, 1));
  const clock = settableClock(0);
  const told: { readonly source: string; readonly record: Parameters<typeof reactTo>[4] }[] = [];
  const events = async (): Promise<readonly DecodedEvent[]> =>
    (await store.readAll(0, 10_000)).map((stored) => codec.decode('loyalty', stored));
  const lookups: Lookups = tables(loyaltyService, async () => [
    ...told.map(({ source, record }) => codec.decode(source, record)),
    ...(await events()),
  ]);
  const parts = { policies, codec, keys, pepper, stores: () => store, lookups: () => lookups };
  // A process that was killed has forgotten what it remembered.
  const start = (): CommandBus =>
    createCommandBus({
      ...parts,
      services: [loyaltyService],
      clock,
      wallClock: clock,
      zone: 'UTC',
      secrets: { pepper, bodyKey: createSecretKey(Buffer.alloc(32, 2)) },
      sleep: () => new Promise(() => {}),
    });
  let bus = start();
  let sent = 0;
  let sentKeys = 0;
  const refused: string[] = [];

  const submit: CommandBus['submit'] = async (request) => {
    sent++;
    if (sent === death.at && death.when === 'before') throw dead();
    const result = await bus.submit(request);
    if (sent === death.at) throw dead();
    return result;
  };
  const react = async (source: string, record: Parameters<typeof reactTo>[4]): Promise<void> =>
    reactTo(
      {
        codec,
        policies,
        zone: 'UTC',
        sources: createContextSources({ ...parts, services: [loyaltyService] })('loyalty'),
        reader: { waitFor: async () => {} },
        submit,
        refused: ({ code }) => void refused.push(code),
      },
      loyaltyService,
      listenersOf(loyaltyService),
      source,
      record,
    );
  /** Everything there is, from the beginning: a consumer that comes back after a death has lost its place at worst. */
  const deliverAll = async (): Promise<void> => {
    for (const { source, record } of told) await react(source, record);
    for (let done = 0; ;) {
      const all = await store.readAll(0, 10_000);
      if (done === all.length) return;
      for (const stored of all.slice(done)) await react('loyalty', { ...stored, seq: stored.position });
      done = all.length;
    }
  };

  return {
    events,
    refused,
    commandsSent: () => sent,
    /** What happened, without what a repetition may change. */
    facts: async () =>
      (await events()).map(({ type, stream, data, occurredAt }) => ({ type, stream, data, occurredAt })),
    async send(aggregate: string, id: string | undefined, command: string, body: object, at: number) {
      clock.set(at);
      const key = uuid5(idOf('key'), `${sentKeys++}`);
      const request: CommandRequest = {
        service: 'loyalty',
        aggregate,
        steps: [{ command, body }],
        ...(id !== undefined && { id }),
        key,
        principal: 'admin',
        route: `/${aggregate}/${command}`,
        caller: { sub: 'admin', roles: ['admin'], teams: [], actor: { kind: 'user', id: idOf('admin') } },
        ifMatch: '*',
        backfill: false,
        reactions: false,
      };
      return bus.submit(request);
    },
    async tell({ source, type, customer, data, at }: Told): Promise<void> {
      const id = uuid5(idOf(source), `${type} ${told.length}`);
      const key = idOf(customer);
      const meta = { commandId: id, correlationId: id, actor: { kind: 'user', id: idOf('agent') } } as const;
      const dataKey = codec.hasPersonalFields(type) ? (await keys.ensure([key])).get(key) : undefined;
      const event = { id, type, source, occurredAt: at, recordedAt: at, meta, customerId: key, data };
      const position = told.length + 1;
      const body = codec.encode(event, dataKey).slice();
      told.push({
        source,
        record: { position, seq: position, stream: `${source}-${key}`, revision: position, key, body },
      });
    },
    /** Delivers what was told and what follows from it; after a death again from the beginning, and once more at the end. */
    async settle(at: number): Promise<void> {
      clock.set(at);
      for (let lives = 0; lives < 3; lives++)
        try {
          await deliverAll();
        } catch (error) {
          if (!(error instanceof TenureError) || error.code !== 'DEAD') throw error;
          bus = start();
        }
    },
    state: async (aggregate: string, id: string) =>
      (await createContextSources({ ...parts, services: [loyaltyService] })('loyalty').read(aggregate, id))
        .state,
  };
};

export type Club = Awaited<ReturnType<typeof openClub>>;

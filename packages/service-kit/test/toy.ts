// A bank account as the smallest service there is, a codec that writes JSON, and a bus over adapters in memory.
import { createSecretKey, randomBytes } from 'node:crypto';
import {
  NOTHING,
  ruleViolated,
  settableClock,
  uuidToBytes,
  uuid5,
  URL_NAMESPACE,
  type Aggregate,
  type SettableClock,
} from '@tenure/core';
import type { Codec, DecodedEvent, EventToEncode } from '@tenure/events';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { memoryKeyStore } from '@tenure/keys';
import { z } from 'zod';
import {
  createCommandBus,
  defineService,
  modelOf,
  partyLookup,
  policyBook,
  type AggregateSpec,
  type Caller,
  type CommandBus,
  type CommandBusDeps,
  type CommandRequest,
  type Lookups,
  type Party,
  type Policies,
  type ServiceDefinition,
} from '../src/index.ts';

type AccountState = {
  readonly status: string;
  readonly balance: number;
  readonly holder: unknown;
  readonly ownerId: string | null;
};
type AccountEvents = {
  readonly AccountOpened: { readonly holder: unknown; readonly ownerId?: string | null };
  readonly MoneyPaidIn: { readonly amount: number };
  readonly AccountClosed: object;
};
type AccountCommands = {
  readonly OpenAccount: { readonly holder: string; readonly ownerId?: string };
  readonly PayIn: { readonly amount: number };
  readonly Touch: object;
  readonly CloseAccount: object;
  readonly SeizeAccount: object;
};
export type AccountParts = {
  readonly state: AccountState;
  readonly events: AccountEvents;
  readonly facts: AccountEvents;
  readonly commands: AccountCommands;
  readonly context: object;
};

export const account: Aggregate<AccountParts> = {
  name: 'account',
  initial: { status: NOTHING, balance: 0, holder: null, ownerId: null },
  transitions: {
    OpenAccount: [NOTHING],
    PayIn: ['Open'],
    Touch: ['Open', 'Closed'],
    CloseAccount: ['Open'],
    SeizeAccount: ['Open'],
  },
  decide: {
    OpenAccount: (_, { holder, ownerId }) => [
      { type: 'AccountOpened', data: { holder, ...(ownerId !== undefined && { ownerId }) } },
    ],
    PayIn: (_, { amount }) => {
      if (amount > 1000) throw ruleViolated('TOO_MUCH', 'At most 1,000 at once.');
      return [{ type: 'MoneyPaidIn', data: { amount } }];
    },
    Touch: () => [],
    CloseAccount: () => [{ type: 'AccountClosed', data: {} }],
    SeizeAccount: () => [{ type: 'AccountClosed', data: {} }],
  },
  evolve: {
    AccountOpened: (state, { data }) => ({
      ...state,
      status: 'Open',
      holder: data.holder,
      ownerId: data.ownerId ?? null,
    }),
    MoneyPaidIn: (state, { data }) => ({ ...state, balance: state.balance + data.amount }),
    AccountClosed: (state) => ({ ...state, status: 'Closed' }),
  },
};

export const accountSpec: AggregateSpec = {
  model: modelOf(account),
  plural: 'accounts',
  idField: 'accountId',
  creates: 'OpenAccount',
  customer: 'body',
  internal: ['SeizeAccount'],
  naturalKey: (body) => ('number' in body && typeof body.number === 'string' ? [body.number] : null),
  ownerOf: (state) => (state as AccountState).ownerId,
  commands: {
    OpenAccount: {
      body: z.strictObject({
        holder: z.string().min(1),
        ownerId: z.string().optional(),
        number: z.string().optional(),
        tags: z.record(z.string(), z.int()).optional(),
      }),
    },
    PayIn: { body: z.strictObject({ amount: z.int().min(1) }), rules: ['TOO_MUCH'] },
    Touch: { body: z.strictObject({}) },
    CloseAccount: { body: z.strictObject({}), roles: ['supervisor', 'admin'] },
    SeizeAccount: { body: z.strictObject({}) },
  },
  view: {
    schema: z.object({ balance: z.int(), holder: z.unknown() }),
    of: (state) => ({ balance: (state as AccountState).balance, holder: (state as AccountState).holder }),
  },
  list: { name: 'accounts', version: 1, slices: {}, columns: [] },
};

export const bank: ServiceDefinition = defineService({
  name: 'bank',
  aggregates: [accountSpec],
  lookups: [partyLookup('bank')],
});

/** Bodies are the event id (as every store expects) and JSON. `holder` is "sealed": readers get a reference. */
export const jsonCodec: Codec = {
  encode: (event) => Buffer.concat([uuidToBytes(event.id), Buffer.from(JSON.stringify(event))]),
  decode(source, { position, stream, revision, key, body }): DecodedEvent {
    const event = JSON.parse(Buffer.from(body).subarray(16).toString()) as EventToEncode;
    const { id, type, occurredAt, recordedAt, meta, customerId } = event;
    const personal = 'holder' in event.data;
    const sealed = personal
      ? { eventId: id, customerId: customerId ?? '', schemaId: 1, kid: 'k', iv: body, ct: body }
      : null;
    const data = personal ? { ...event.data, holder: { $sealed: id, field: 'holder' } } : event.data;
    return {
      id,
      type,
      stream,
      revision,
      source,
      position,
      key,
      occurredAt,
      recordedAt,
      schemaId: 1,
      meta,
      data,
      sealed,
    };
  },
  peek(body) {
    const event = JSON.parse(Buffer.from(body).subarray(16).toString()) as EventToEncode;
    const { id, type, occurredAt, recordedAt, meta } = event;
    return { id, type, schemaId: 1, occurredAt, recordedAt, backfill: meta.backfill === true };
  },
  payload: (body) => body.subarray(16),
  readPayload() {
    throw new Error('the toy has no topics');
  },
  aboutCustomer: () => true,
  hasPersonalFields: (type) => type === 'AccountOpened',
  openFields: () => new Map(),
};

export const id = (name: string): string => uuid5(URL_NAMESPACE, name);
export const NOW = Date.parse('2026-11-20T12:00:00.000Z');

const agents = {
  policy: 'agents',
  version: 1,
  validFrom: '1970-01-01',
  agents: [{ id: id('ann'), name: 'Ann', team: 'north', queues: [], skills: [] }],
};
export const toyPolicies: Policies = policyBook([agents]);

/** Party lookups from a plain table. */
export const partyTable = (parties: ReadonlyMap<string, Party>): Lookups => ({
  async get(_, customerId) {
    const party = parties.get(customerId);
    if (party === undefined) return undefined;
    return {
      id: customerId,
      key: customerId,
      body: JSON.stringify({ slices: { customer: party }, summary: null }),
      vector: {},
      sealed: null,
      partition: 0,
      stale: false,
      redirect: null,
      wakeAt: null,
      change: 1,
      columns: [],
    };
  },
  search: async () => [],
  entries: async () => [],
  query: async () => [],
  count: async () => 0,
});

export type Toy = {
  readonly bus: CommandBus;
  readonly store: EventStore;
  readonly clock: SettableClock;
  readonly parties: Map<string, Party>;
};

export const toyBus = (options: Partial<CommandBusDeps> & { readonly store?: EventStore } = {}): Toy => {
  const { store = memoryEventStore(), ...deps } = options;
  const clock = settableClock(NOW);
  const parties = new Map<string, Party>();
  const bus = createCommandBus({
    services: [bank],
    stores: () => store,
    codec: jsonCodec,
    keys: memoryKeyStore((size) => randomBytes(size), NOW),
    policies: toyPolicies,
    lookups: () => partyTable(parties),
    clock,
    wallClock: { now: () => NOW },
    zone: 'UTC',
    secrets: {
      pepper: createSecretKey(Buffer.alloc(32, 1)),
      bodyKey: createSecretKey(Buffer.alloc(32, 2)),
    },
    sleep: () => new Promise(() => {}),
    ...deps,
  });
  return { bus, store, clock, parties };
};

export const service: Caller = {
  sub: 'shop',
  roles: ['service:bank'],
  teams: [],
  actor: { kind: 'process', id: 'shop' },
};
export const agent = (name: string, ...teams: readonly string[]): Caller => ({
  sub: name,
  roles: ['agent'],
  agent: id(name),
  teams,
  actor: { kind: 'user', id: id(name) },
});

const base = {
  service: 'bank',
  aggregate: 'account',
  caller: service,
  ifMatch: null,
  backfill: false,
  reactions: false,
} as const;

type More = Partial<CommandRequest>;

/** `POST /api/accounts` */
export const open = (key: string, body: object = {}, more: More = {}): CommandRequest => ({
  ...base,
  steps: [{ command: 'OpenAccount', body: { customerId: id('kim'), holder: 'Kim', ...body } }],
  key,
  principal: more.caller?.sub ?? base.caller.sub,
  route: '/api/accounts',
  ...more,
});

/** `POST /api/accounts/{id}/…` */
export const on = (
  target: string,
  command: string,
  key: string,
  body: object = {},
  more: More = {},
): CommandRequest => ({
  ...base,
  steps: [{ command, body }],
  id: target,
  key,
  principal: more.caller?.sub ?? base.caller.sub,
  route: `/api/accounts/{id}/${command}`,
  ...more,
});

/** The error of a refused promise. */
export const refusal = async (
  work: Promise<unknown>,
): Promise<{ code: string; data: Record<string, unknown> }> => {
  const error: unknown = await work.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof Error && 'code' in error && 'data' in error)
    return { code: String(error.code), data: error.data as Record<string, unknown> };
  throw error;
};

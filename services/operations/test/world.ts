// Operations behind their HTTP interface: real stores, codec, ledger, clock and audit in memory; the projection engine
// is a table of answers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { settableClock, TenureError } from '@tenure/core';
import { createCodec } from '@tenure/events';
import { partitionOf } from '@tenure/event-log';
import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { auditTrail, createApp, signToken } from '@tenure/http';
import type { ProjectionControl, ReplayStatus, VerifyStatus } from '@tenure/projections';
import type { GenerationInfo, ParkedRow } from '@tenure/read-models';
import { openOperations, operationsSources } from '../src/service.ts';

const SECRET = Buffer.alloc(32, 7);
export const NOW = Date.parse('2026-11-20T09:00:00Z');

const unused = (): never => {
  throw new Error('not used here');
};

export const generation = (n: number, state: GenerationInfo['state']): GenerationInfo => ({
  model: 'orders',
  generation: n,
  state,
  codeHash: 'c'.repeat(64),
  version: 1,
  partitions: 16,
  createdAt: NOW,
  changedAt: NOW + 1,
  verified: null,
  error: null,
});
export const replay: ReplayStatus = {
  id: 'orders.g2',
  projection: 'orders',
  activate: false,
  generation: 2,
  state: 'building',
  events: 100,
  done: 0,
  rate: 0,
  etaSeconds: null,
  digest: null,
  day: null,
  verified: null,
  error: null,
};
export const parked = (key: string, over: Partial<ParkedRow> = {}) => ({
  projection: 'orders',
  generation: 1,
  key,
  partition: 3,
  class: 'TypeError',
  message: 'a fold failed',
  source: 'order',
  codeHash: 'c',
  firstPosition: 7,
  lastPosition: 9,
  events: 2,
  attempts: 1,
  since: NOW,
  skipped: null,
  ...over,
});
const verification: VerifyStatus = {
  id: 'v1',
  projection: 'orders',
  state: 'done',
  checked: 3,
  differences: [{ key: 'k', paths: ['/slices'] }],
  digest: 'd',
  day: '2026-11-19',
  error: null,
};

/** Answers of the engine; a test replaces what it is about. Calls are written down. */
export const controlOf = (
  calls: string[],
): { -readonly [K in keyof ProjectionControl]: ProjectionControl[K] } => {
  const said = <T>(call: string, answer: T): Promise<T> => {
    calls.push(call);
    return Promise.resolve(answer);
  };
  return {
    status: () => Promise.resolve([]),
    startReplay: ({ projection, activate }) =>
      said(`replay ${projection} ${activate}`, { ...replay, activate }),
    replays: () => Promise.resolve([replay]),
    replay: (_id, waitMs = 0) => said(`wait ${waitMs}`, { ...replay, state: 'active' as const, digest: 'd' }),
    generations: () => Promise.resolve([generation(1, 'active')]),
    activate: (projection, n) => said(`activate ${projection} ${n}`, generation(n, 'active')),
    rollback: (projection, n) => said(`rollback ${projection} ${n}`, generation(n, 'active')),
    retire: (projection, n) => said(`retire ${projection} ${n}`, undefined),
    verify: () => Promise.resolve(verification),
    verification: () => Promise.resolve(verification),
    heal: (projection, keys) =>
      said(
        `heal ${projection}`,
        keys.map((key) => ({ key, changed: key === 'a' })),
      ),
    parked: () =>
      Promise.resolve([parked('a'), parked('b', { class: 'Other' }), parked('c', { skipped: 'known' })]),
    retry: (projection, which) => said(`retry ${projection} ${JSON.stringify(which)}`, ['a']),
    skip: (projection, key, reason) => said(`skip ${projection} ${key} ${reason}`, undefined),
    caughtUp: () => Promise.resolve(true),
  };
};

export type WorldOptions = { readonly settable?: boolean; readonly stores?: Map<string, EventStore> };

export const openWorld = async ({ settable = false, stores = new Map() }: WorldOptions = {}) => {
  const codec = createCodec();
  const log = memoryEventLog(memoryLogData(2));
  const clock = settableClock(settable ? Number.NEGATIVE_INFINITY : NOW);
  const calls: string[] = [];
  const control = controlOf(calls);
  const store = (source: string): EventStore => {
    const found = stores.get(source) ?? memoryEventStore();
    stores.set(source, found);
    return found;
  };
  const relayed = new Map<string, number>();
  /** What a relay does: everything of the stores into the log. */
  const relay = async (): Promise<void> => {
    for (const source of operationsSources) {
      const events = await store(source).readAll(relayed.get(source) ?? 0, 10_000);
      for (const event of events)
        for (const partition of source === 'clock' ? [0, 1] : [partitionOf(event.key, 2)]) {
          const lane = { source, partition };
          await log.publish(lane, [{ ...event, seq: (await log.head(lane)) + 1 }]);
        }
      relayed.set(source, events.at(-1)?.position ?? relayed.get(source) ?? 0);
    }
  };
  const heads = async () =>
    Object.fromEntries(
      await Promise.all(
        operationsSources.map(async (source) => {
          const head = relayed.get(source) ?? 0;
          const lanes = await Promise.all([0, 1].map((partition) => log.head({ source, partition })));
          return [source, { head, events: head, relayed: head, backlogEvents: 0, lanes }] as const;
        }),
      ),
    );
  const operations = await openOperations({
    version: '1.2.3',
    stores: store,
    codec,
    control,
    heads,
    eventCounts: async () => ({ OrderPlaced: 5 }),
    processes: async () => ({ 'reactions-order': { lagEvents: 0 } }),
    customers: async () => 3,
    readiness: async () => ({ ready: true, reasons: [], degraded: [{ projection: 'orders', parked: 1 }] }),
    wallClock: { now: () => NOW },
    deadlines: { fireUntil: async () => 0, dayClosed: async () => 0 },
    clock,
    zone: 'UTC',
    settable,
  });
  const stopping = new AbortController();
  const audit = auditTrail(operations.audit, unused);
  const { app } = createApp({
    services: [],
    bus: { submit: unused, expect: unused, read: unused },
    reader: {} as never,
    log,
    codec,
    keys: { load: async () => new Map() },
    ownership: { ownersOf: async () => new Map(), teamOf: () => null, membersOf: () => [] },
    audit,
    clock,
    wallClock: () => NOW,
    cursorSecret: Buffer.alloc(32, 1),
    routes: operations.routes,
    auth: { issuer: 'tenure:embedded', secret: SECRET, now: () => NOW },
    readiness: () => ({ ready: true, reasons: [], degraded: [] }),
    stopping: stopping.signal,
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: (fields) => console.error(fields) },
    version: '0.0.0',
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    control,
    clock,
    stores,
    closeDue: operations.closeDue,
    async call(
      method: 'GET' | 'POST',
      path: string,
      options: { roles?: readonly string[]; body?: unknown } = {},
    ) {
      const { roles = ['admin'], body } = options;
      const token = await signToken(SECRET, { sub: `sub of ${roles.join('+')}`, roles, ttl: 3600 }, NOW);
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      await relay();
      const isJson = (response.headers.get('content-type') ?? '').endsWith('json');
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: (isJson && text !== '' ? JSON.parse(text) : {}) as Record<string, any>,
      };
    },
    relay,
    async close(): Promise<void> {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await log.close();
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;

export const refused = (code: string): Promise<never> =>
  Promise.reject(new TenureError(code, 'The engine refuses.'));

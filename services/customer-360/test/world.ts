// customer-360 at work behind its HTTP interface: the real codec, projection engine, reader and edge, over a log and
// read models in memory. What stands between log and answer is what runs in production.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSecretKey } from 'node:crypto';
import { aggregate, startOfDate, uuid5 } from '@tenure/core';
import { createCodec, searchHash, searchHashes } from '@tenure/events';
import { partitionOf, type LogRecord } from '@tenure/event-log';
import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { auditTrail, createApp, signToken, type AuditEntry, type RouteSpec } from '@tenure/http';
import { memoryKeyStore } from '@tenure/keys';
import { createProjectionReader, startProjections } from '@tenure/projections';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import { defineService, type ServiceDefinition } from '@tenure/service-kit';
import { z } from 'zod';
import { customer360 } from '../src/customer-360.ts';
import { customer360Routes } from '../src/routes.ts';
import { idOf, shipped } from './stories.ts';

const SECRET = Buffer.alloc(32, 7);
const PARTITIONS = 4;
const NOW = Date.UTC(2026, 10, 20, 9);
const MAX_TURNS = 20_000; // a projection that has not caught up by then never will

/** A source of events about customers; nothing is ever sent to it here. */
const sourceOf = (name: string): ServiceDefinition =>
  defineService({
    name,
    aggregates: [
      {
        model: aggregate({
          name,
          initial: { status: '∅' },
          transitions: { Open: ['∅'] },
          decide: { Open: () => [] },
          evolve: {},
        }),
        plural: `${name}s`,
        idField: `${name}Id`,
        creates: 'Open',
        commands: { Open: { body: z.strictObject({}) } },
        customer: 'body',
        view: { schema: z.object({}), of: (state) => state },
      },
    ],
  });

export type Happened = {
  readonly source: 'customer' | 'order';
  readonly type: string;
  /** Name of the customer; his id is `idOf(name)`. */
  readonly customer: string;
  readonly on: string;
  readonly data: object;
  /** The aggregate of an order event: its id is `idOf(order)`. */
  readonly order?: string;
};

export type CallOptions = { readonly roles?: readonly string[] | null; readonly claims?: object };
export type Called = {
  readonly status: number;
  readonly headers: Headers;
  readonly json: any;
};

const unused = (): never => {
  throw new Error('not used here');
};

/** Events encoded by the real codec, published lane by lane. */
const openLog = () => {
  const log = memoryEventLog(memoryLogData(PARTITIONS));
  const codec = createCodec();
  const keys = memoryKeyStore((size) => new Uint8Array(size).fill(9), 0);
  const positions: Record<string, number> = {};
  const publish = async (
    source: string,
    partition: number,
    record: Omit<LogRecord, 'seq'>,
  ): Promise<void> => {
    const lane = { source, partition };
    await log.publish(lane, [{ ...record, seq: (await log.head(lane)) + 1 }]);
  };
  const bodyOf = async (
    source: string,
    type: string,
    customerId: string | null,
    at: number,
    data: object,
  ) => {
    const position = (positions[source] = (positions[source] ?? 0) + 1);
    const id = uuid5(idOf(source), String(position));
    const meta = { commandId: id, correlationId: id, actor: { kind: 'user', id: 'agent-1' } } as const;
    const key =
      customerId === null || !codec.hasPersonalFields(type)
        ? undefined
        : (await keys.ensure([customerId])).get(customerId);
    const event = { id, type, source, occurredAt: at, recordedAt: at, meta, customerId, data };
    return { position, body: codec.encode(event, key).slice() };
  };
  return {
    log,
    codec,
    keys,
    async tell(...events: readonly Happened[]): Promise<void> {
      for (const { source, type, customer, on, data, order } of events) {
        const key = idOf(customer);
        const encoded = await bodyOf(source, type, key, startOfDate(on, 'UTC'), data);
        const stream = `${source}-${order === undefined ? key : idOf(order)}`;
        await publish(source, partitionOf(key, PARTITIONS), {
          ...encoded,
          stream,
          revision: encoded.position,
          key,
        });
        await log.announce(source, encoded.position);
      }
    },
    async closeDay(businessDate: string): Promise<void> {
      const closedAt = startOfDate(businessDate, 'UTC');
      const data = { businessDate, timeZone: 'UTC', closedAt };
      const encoded = await bodyOf('clock', 'BusinessDayClosed', null, closedAt, data);
      for (let partition = 0; partition < PARTITIONS; partition++)
        await publish('clock', partition, {
          ...encoded,
          stream: 'businessday-deployment',
          revision: encoded.position,
          key: 'deployment',
        });
      await log.announce('clock', encoded.position);
    },
  };
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const openWorld = async () => {
  const source = openLog();
  const { log, codec, keys } = source;
  const definition = customer360('UTC', shipped);
  const pepper = createSecretKey(Buffer.alloc(32, 3));
  const hashOf = (kind: string, value: string) => searchHash(pepper, 'CN', kind, value);
  const hashesOf = (kind: string, value: string) => searchHashes(pepper, 'CN', kind, value);
  const projections = [{ definition, codeHash: 'code-1' }];
  const readModels = openMemoryReadModels();
  const reader = await createProjectionReader({
    readModels,
    projections,
    // Whoever is not there at once is told so at once: nothing comes while a test waits.
    timer: (_ms, done) => {
      const timeout = setImmediate(done);
      return () => clearImmediate(timeout);
    },
  });
  const engine = await startProjections({
    log,
    readModels,
    codec,
    keys,
    searchHashes: hashesOf,
    definitions: projections,
    clock: { now: () => NOW },
    onProgress: (progress) => void reader.advance(progress),
  });
  const audited: AuditEntry[] = [];
  const owners = new Map<string, string>();
  const stopping = new AbortController();
  const routes: readonly RouteSpec[] = customer360Routes({ definition, hashOf });
  const { app } = createApp({
    services: [sourceOf('customer'), sourceOf('order')],
    bus: { submit: unused, expect: unused, read: unused },
    reader,
    log,
    codec,
    keys,
    ownership: {
      ownersOf: async (ids) => new Map(ids.map((id) => [id, owners.get(id) ?? null])),
      teamOf: () => null,
      membersOf: () => [],
    },
    audit: auditTrail(async (entries) => void audited.push(...entries), unused),
    clock: { now: () => NOW },
    wallClock: () => NOW,
    cursorSecret: Buffer.alloc(32, 1),
    routes,
    auth: { issuer: 'tenure:embedded', secret: SECRET, now: () => NOW },
    readiness: () => ({ ready: true, reasons: [], degraded: [] }),
    stopping: stopping.signal,
    logger: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (fields) => console.error(fields),
    },
    version: '0.0.0',
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    keys,
    owners,
    audited,
    control: engine.control,
    /** Publishes events and waits until they can be read. */
    async tell(...events: readonly Happened[]): Promise<void> {
      await source.tell(...events);
      await this.settled();
    },
    async closeDay(date: string): Promise<void> {
      await source.closeDay(date);
      await this.settled();
    },
    async settled(): Promise<void> {
      for (let turn = 0; turn < MAX_TURNS; turn++) {
        if (await engine.control.caughtUp('customer-360')) return;
        await nextTurn();
      }
      throw new Error('customer-360 does not catch up');
    },
    async get(path: string, { roles = ['supervisor'], claims = {} }: CallOptions = {}): Promise<Called> {
      const token =
        roles === null
          ? null
          : await signToken(SECRET, { sub: `sub of ${roles.join('+')}`, roles, ttl: 3600, ...claims }, NOW);
      const response = await fetch(url + path, {
        redirect: 'manual',
        ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        json: text === '' ? {} : JSON.parse(text),
      };
    },
    async close(): Promise<void> {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.stop();
      await reader.close();
      await log.close();
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;

export const registered = (
  customer: string,
  displayName: string,
  on: string,
  more: object = {},
): Happened => ({
  source: 'customer',
  type: 'CustomerRegistered',
  customer,
  on,
  data: {
    kind: 'PERSON',
    displayName,
    source: 'IMPORT',
    originLeadId: null,
    locale: 'en-US',
    timeZone: 'UTC',
    homeCurrency: 'USD',
    ownerId: null,
    ...more,
  },
});
export const linked = (customer: string, system: string, externalId: string, on: string): Happened => ({
  source: 'customer',
  type: 'ExternalIdentityLinked',
  customer,
  on,
  data: { system, externalId, confidence: 100 },
});
export const reachable = (
  customer: string,
  channel: 'EMAIL' | 'PHONE',
  value: string,
  on: string,
): Happened => ({
  source: 'customer',
  type: 'ContactPointAdded',
  customer,
  on,
  data: { contactPointId: idOf(`${customer} ${value}`), channel, value, primary: true },
});

const lineOf = (minor: number): object => ({
  lineId: idOf('line'),
  productId: idOf('cd'),
  qty: 1,
  unitPrice: { minor, currency: 'USD' },
  discount: { minor: 0, currency: 'USD' },
  tax: { minor: 0, currency: 'USD' },
  total: { minor, currency: 'USD' },
});
/** An order placed and fulfilled on one day. */
export const bought = (customer: string, order: string, on: string, minor: number): readonly Happened[] => {
  const about = { source: 'order', customer, on, order } as const;
  const what = { orderId: idOf(order), lines: [lineOf(minor)], total: { minor, currency: 'USD' } };
  return [
    { ...about, type: 'OrderPlaced', data: { ...what, channel: 'WEB_SHOP', externalRef: order } },
    { ...about, type: 'OrderFulfilled', data: { ...what, onTime: true } },
  ];
};

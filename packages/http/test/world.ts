// A server on an ephemeral port over a bus, a reader and a log that live in memory: what the edge does is real, what lies
// behind it is a table.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aggregate, TenureError } from '@tenure/core';
import type { Codec, SealedBlock } from '@tenure/events';
import type { EventLog, LogRecord } from '@tenure/event-log';
import type { ProjectionReader } from '@tenure/projections';
import { column, projection } from '@tenure/projections';
import type { Filter, Query, Scalar, StoredDocument } from '@tenure/read-models';
import {
  defineService,
  type AggregateView,
  type CommandBus,
  type CommandRequest,
  type CommandResult,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { z } from 'zod';
import {
  auditTrail,
  createApp,
  signToken,
  type AppOptions,
  type AuditEntry,
  type RouteSpec,
} from '../src/index.ts';

export const SECRET = Buffer.alloc(32, 7);
export const NOW = Date.UTC(2026, 10, 20, 9);

type BoxParts = {
  state: { readonly status: '∅' | 'Open' | 'Closed' };
  events: Record<string, object>;
  facts: Record<string, object>;
  commands: { OpenBox: object; LabelBox: object; CloseBox: object; SweepBox: object; GrantConsent: object };
  context: object;
};

// The service of the tests: boxes of customers, sealed labels on them.
const model = aggregate<BoxParts>({
  name: 'box',
  initial: { status: '∅' },
  transitions: {
    OpenBox: ['∅'],
    LabelBox: ['Open'],
    CloseBox: ['Open'],
    SweepBox: ['Open'],
    GrantConsent: ['Open'],
  },
  decide: {
    OpenBox: () => [],
    LabelBox: () => [],
    CloseBox: () => [],
    SweepBox: () => [],
    GrantConsent: () => [],
  },
  evolve: {},
});

const cell = (name: string) => (document: { slices: Readonly<Record<string, unknown>> }) =>
  (document.slices['store'] as Record<string, Scalar>)[name] ?? null;
const about = { en: 'x', zh: 'x' };

export const boxes = projection({
  name: 'boxes',
  version: 1,
  slices: { store: { init: () => ({}), on: {} } },
  columns: [
    column('customer_id', 'text', cell('customerId'), about),
    column('status', 'text', cell('status'), about),
    column('revision', 'integer', cell('revision'), { ...about, indexed: false }),
    column('created_at', 'integer', cell('createdAt'), { ...about, unit: 'ms' }),
    column('updated_at', 'integer', cell('updatedAt'), { ...about, unit: 'ms' }),
    column('size', 'integer', cell('size'), about),
  ],
});

export const service: ServiceDefinition = defineService({
  name: 'store',
  aggregates: [
    {
      model,
      plural: 'boxes',
      idField: 'boxId',
      creates: 'OpenBox',
      commands: {
        OpenBox: {
          body: z.strictObject({ size: z.int().positive().max(100).optional() }),
          rules: ['BOX_TOO_HEAVY'],
        },
        LabelBox: { body: z.strictObject({ label: z.string().max(100) }) },
        CloseBox: { body: z.strictObject({}), roles: ['supervisor', 'admin'] },
        SweepBox: { body: z.strictObject({}) },
        GrantConsent: { body: z.strictObject({}) },
      },
      internal: ['SweepBox'],
      customer: 'body',
      view: { schema: z.object({ label: z.string().nullable() }), of: (state) => state },
      list: boxes,
      filters: { size: { column: 'size', op: 'eq' }, minSize: { column: 'size', op: 'gte' } },
    },
  ],
});

export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export type World = {
  readonly url: string;
  readonly server: Server;
  readonly sent: CommandRequest[];
  readonly audited: AuditEntry[];
  readonly rows: StoredDocument[];
  readonly records: Map<string, LogRecord[]>;
  readonly owners: Map<string, string>;
  readonly logged: string[];
  /** Replaces what the bus answers. */
  answer: (request: CommandRequest) => Promise<CommandResult>;
  view: (id: string) => AggregateView;
  readonly readiness: { ready: boolean };
  readonly token: (roles: readonly string[], more?: object) => Promise<string>;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Called>;
  readonly options: AppOptions;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
};

export type CallOptions = {
  readonly roles?: readonly string[] | null;
  readonly claims?: object;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Called = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, any>;
};

export const result = (request: CommandRequest, n = 1): CommandResult => ({
  id: request.id ?? uuid(n),
  customerId: uuid(900),
  revision: request.id === undefined ? 0 : 1,
  position: 40 + n,
  source: 'store',
  created: request.id === undefined,
  replay: false,
});

/** A sealed block whose "ciphertext" is the JSON of its fields: what opens it is not the subject of these tests. */
export const blockOf = (n: number, customerId: string, fields: object): SealedBlock => ({
  eventId: uuid(n),
  customerId,
  schemaId: 1,
  kid: `kid-${customerId}`,
  iv: Buffer.alloc(12),
  ct: Buffer.from(JSON.stringify(fields)),
});

export const row = (n: number, fields: Readonly<Record<string, Scalar>> = {}): StoredDocument => {
  const values: Record<string, Scalar> = {
    customerId: uuid(900),
    status: 'Open',
    revision: 0,
    createdAt: NOW + n,
    updatedAt: NOW + n,
    size: n,
    ...fields,
  };
  return {
    id: uuid(n),
    key: String(values['customerId']),
    body: '{"slices":{},"summary":null}',
    vector: { store: n },
    sealed: null,
    partition: 0,
    stale: false,
    redirect: null,
    wakeAt: null,
    change: n,
    columns: ['customerId', 'status', 'revision', 'createdAt', 'updatedAt', 'size'].map(
      (name) => values[name] ?? null,
    ),
  };
};

const matches = (filter: Filter, value: Scalar): boolean => {
  const against = filter.value;
  if (filter.op === 'in') return (against as readonly Scalar[]).includes(value);
  if (filter.op === 'eq') return value === against;
  if (value === null || against === null || typeof against === 'object') return false;
  return filter.op === 'gte' ? value >= against : filter.op === 'lt' ? value < against : false;
};

const at = (document: StoredDocument, name: string): Scalar =>
  document.columns[boxes.columns.findIndex((candidate) => candidate.name === name)] ?? null;

const queryRows = (rows: readonly StoredDocument[], query: Query): readonly StoredDocument[] => {
  const order = (a: readonly [Scalar, string], b: readonly [Scalar, string]): number => {
    const by =
      (a[0] ?? 0) < (b[0] ?? 0) ? -1 : (a[0] ?? 0) > (b[0] ?? 0) ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
    return query.sort.descending ? -by : by;
  };
  const key = (document: StoredDocument): readonly [Scalar, string] => [
    at(document, query.sort.column),
    document.id,
  ];
  return rows
    .filter((document) => query.filters.every((filter) => matches(filter, at(document, filter.column))))
    .filter((document) => !query.after || order(key(document), [query.after.value, query.after.id]) > 0)
    .toSorted((a, b) => order(key(a), key(b)))
    .slice(0, query.limit);
};

const fakeReader = (world: Pick<World, 'rows'>): ProjectionReader => ({
  load: (_, ids) =>
    Promise.resolve(
      new Map(world.rows.filter(({ id }) => ids.includes(id)).map((document) => [document.id, document])),
    ),
  byKey: (_, key) => Promise.resolve(world.rows.filter((document) => document.key === key)),
  query: (_, query) => Promise.resolve(queryRows(world.rows, query)),
  count: () => Promise.resolve(world.rows.length),
  search: () => Promise.resolve([]),
  generation: () => ({ generation: 1, stale: false }),
  folded: () => ({ store: 41 }),
  businessDay: () => '2026-11-19',
  waitFor: (_, positions) =>
    (positions['store'] ?? 0) > 41
      ? Promise.reject(
          new TenureError('BEHIND', 'Not there yet.', { asOf: { store: 41 } }, { retriable: true }),
        )
      : Promise.resolve(),
});

const unused = (): never => {
  throw new Error('not used here');
};

const fakeLog = (records: World['records']): EventLog =>
  ({
    partitions: 16,
    readKey: (source: string, key: string) => Promise.resolve(records.get(`${source} ${key}`) ?? []),
  }) as unknown as EventLog;

/** Bodies of the fake log are JSON. */
const fakeCodec: Codec = {
  encode: unused,
  payload: unused,
  readPayload: unused,
  hasPersonalFields: () => true,
  openFields: (block, key) =>
    key === undefined
      ? { redacted: 'erased' }
      : new Map(Object.entries(JSON.parse(Buffer.from(block.ct).toString()) as object)),
  aboutCustomer: () => true,
  peek: (body) => JSON.parse(Buffer.from(body).toString()) as ReturnType<Codec['peek']>,
  decode: (source, stored) => {
    const event = JSON.parse(Buffer.from(stored.body).toString()) as ReturnType<Codec['decode']>;
    const { sealed } = event;
    return {
      ...event,
      ...stored,
      source,
      sealed: sealed === null ? null : { ...sealed, ct: Buffer.from(sealed.ct as unknown as string) },
    };
  },
};

export const startWorld = async (
  more: Partial<AppOptions> & { readonly extra?: readonly RouteSpec[] } = {},
): Promise<World> => {
  const state = { answer: (request: CommandRequest) => Promise.resolve(result(request)) };
  const sent: CommandRequest[] = [];
  const audited: AuditEntry[] = [];
  const rows: StoredDocument[] = [];
  const records: World['records'] = new Map();
  const owners = new Map<string, string>();
  const logged: string[] = [];
  const stopping = new AbortController();
  const readiness = { ready: true };
  const views = {
    view: (id: string): AggregateView => ({
      id,
      customerId: uuid(900),
      status: 'Open',
      revision: 3,
      allowedCommands: ['LabelBox', 'CloseBox', 'GrantConsent'],
      state: { label: null },
      sealed: new Map(),
    }),
  };
  const bus: CommandBus = {
    submit: (request) => {
      sent.push(request);
      return world.answer(request);
    },
    read: async (_service, _aggregate, id) => world.view(id),
  };
  const log = (level: string) => (fields: object, message: string) =>
    void logged.push(JSON.stringify({ level, message, ...fields }));
  const { extra = [], ...overrides } = more;
  const options: AppOptions = {
    services: [service],
    bus,
    reader: fakeReader({ rows }),
    log: fakeLog(records),
    codec: fakeCodec,
    keys: {
      load: (ids) =>
        Promise.resolve(
          new Map(ids.filter((id) => id !== uuid(666)).map((id) => [id, { kid: `kid-${id}` } as never])),
        ),
    },
    ownership: {
      ownersOf: (ids) => Promise.resolve(new Map(ids.map((id) => [id, owners.get(id) ?? null]))),
      teamOf: (agent) => (agent === 'agent-2' ? 'T2' : agent === 'agent-3' ? 'T3' : null),
    },
    audit: auditTrail(async (entries) => void audited.push(...entries), unused),
    clock: { now: () => NOW },
    wallClock: () => NOW,
    cursorSecret: Buffer.alloc(32, 1),
    routes: extra,
    auth: { issuer: 'tenure:embedded', secret: SECRET, now: () => NOW },
    readiness: () => ({
      ready: readiness.ready,
      reasons: readiness.ready ? [] : ['the store is away'],
      degraded: [],
    }),
    stopping: stopping.signal,
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    version: '0.0.0',
    ...overrides,
  };
  const server = createServer(createApp(options).app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = (roles: readonly string[], claims: object = {}): Promise<string> =>
    signToken(SECRET, { sub: `sub of ${roles.join('+')}`, roles, ttl: 3600, ...claims }, NOW);
  const world: World = {
    url,
    server,
    sent,
    audited,
    rows,
    records,
    owners,
    logged,
    readiness,
    ...state,
    ...views,
    token,
    options,
    stop: () => stopping.abort(),
    call: async (method, path, { roles = ['admin'], claims, body, headers = {} } = {}) => {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(roles !== null && { authorization: `Bearer ${await token(roles, claims)}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? JSON.parse(text) : {},
      };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return world;
};

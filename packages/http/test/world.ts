// A server on an ephemeral port over a bus, a reader and a log that live in memory: what the edge does is real, what lies
// behind it is a table.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SealedBlock } from '@tenure/events';
import type { LogRecord } from '@tenure/event-log';
import type { Scalar, StoredDocument } from '@tenure/read-models';
import type { AggregateView, CommandBus, CommandRequest, CommandResult } from '@tenure/service-kit';
import {
  auditTrail,
  createApp,
  signToken,
  type AppOptions,
  type AuditEntry,
  type RouteSpec,
} from '../src/index.ts';
import { service } from './boxes.ts';
import { fakeCodec, fakeLog, fakeReader, unused } from './fake-ports.ts';

export { boxes } from './boxes.ts';

export const SECRET = Buffer.alloc(32, 7);
export const NOW = Date.UTC(2026, 10, 20, 9);

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
    expect: () => {},
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
      membersOf: (teams) => [
        ...(teams.includes('T2') ? ['agent-2'] : []),
        ...(teams.includes('T3') ? ['agent-3'] : []),
      ],
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

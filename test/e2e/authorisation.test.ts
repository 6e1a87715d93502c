// Every route of the whole application × every role: let in or refused as the table of HTTP §9 says.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, get } from './client.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

let server: Server;
let routes: readonly string[];
beforeAll(async () => {
  server = await startServer(join(temporaryFolder(), 'data'), { args: ['--settable-clock'] });
  const { json } = await get(server, '/openapi.json', { roles: [] });
  routes = Object.entries(json['paths'] as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
}, 60_000);
afterAll(() => server.stop());

const ROLES = [
  'none',
  'agent',
  'supervisor',
  'service:customer',
  'service:lead',
  'service:opportunity',
  'service:order',
  'service:service',
  'service:loyalty',
  'service:churn',
  'import',
  'ops',
  'ops-approver',
  'bi-reader',
  'bi-pii',
  'privacy-officer',
  'auditor',
  'admin',
  'unknown',
] as const;

const everybody = ROLES.filter((role) => role !== 'none');
const services = everybody.filter((role) => role.startsWith('service:'));
const readers = everybody.filter((role) => !['import', 'unknown'].includes(role));
const operators = ['ops', 'ops-approver', 'admin'];
const opsReaders = [...operators, 'auditor'];
const commandsOf = (service: string): readonly string[] => [
  'agent',
  'supervisor',
  `service:${service}`,
  'import',
  'admin',
];

/** What an agent may not do, though others of his trade do. */
const supervisorsOf = (service: string): readonly string[] =>
  commandsOf(service).filter((role) => role !== 'agent');

/** Paths under /api and the service that owns them. */
const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/^POST \/api\/(customers|match-candidates)\b/, 'customer'],
  [/^POST \/api\/leads\b/, 'lead'],
  [/^POST \/api\/opportunities\b/, 'opportunity'],
  [/^POST \/api\/(orders|returns)\b/, 'order'],
  [/^POST \/api\/(cases|complaints)\b/, 'service'],
  [/^POST \/api\/(loyalty-accounts|retention-cases)\b/, 'loyalty'],
];

/** Who gets past the door, by hand: the first pattern that fits. A new route has to find its line here. */
const MAY: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^GET \/(healthz|readyz|openapi\.json|docs.*)$/, ROLES],
  [/^(GET|POST) \/registry\//, everybody],
  [/^GET \/metrics$/, opsReaders],
  [/^GET \/api\//, readers],
  [/^POST \/api\/commands$/, [...services, 'import', 'admin']],
  [
    /^POST \/api\/customers\/\{id\}\/(grant|withdraw)-consent$/,
    [...commandsOf('customer'), 'privacy-officer'],
  ],
  [
    /^POST \/api\/customers\/\{id\}\/(place|release)-legal-hold$/,
    [...commandsOf('customer'), 'privacy-officer'],
  ],
  [
    /^POST \/api\/customers\/\{id\}\/(request|cancel)-erasure$/,
    ['agent', 'supervisor', 'privacy-officer', 'admin'],
  ],
  [/^POST \/api\/customers\/\{id\}\/(merge|unmerge)$/, supervisorsOf('customer')],
  [/^POST \/api\/match-candidates\/\{id\}\/(approve|reject)$/, supervisorsOf('customer')],
  [/^POST \/api\/cases\/\{id\}\/deny-entitlement$/, supervisorsOf('service')],
  [/^POST \/api\/loyalty-programs\b/, supervisorsOf('loyalty')],
  [/^POST \/api\/loyalty-accounts\/\{id\}\/(accrue-points|reverse-accrual)$/, supervisorsOf('loyalty')],
  ...OWNERS.map(([path, service]) => [path, commandsOf(service)] as const),
  [/^GET \/ops\/(head|log\/.*)$/, [...opsReaders, ...services]],
  [/^GET \/ops\/audit$/, ['privacy-officer', 'auditor', 'admin']],
  [/^GET \/ops\//, opsReaders],
  [/^POST \/ops\/clock$/, ['admin']],
  [/^POST \/ops\/imports$/, ['import']],
  [/^POST \/ops\/parked\/.*\/skip$/, ['ops-approver', 'admin']],
  [/^POST \/ops\/(replays|verify|heal|parked\/.*|generations\/.*)$/, operators],
];

const mayEnter = (route: string): readonly string[] => {
  const line = MAY.find(([pattern]) => pattern.test(route));
  if (line === undefined) throw new Error(`nobody has said who may do ${route}`);
  return line[1];
};

/** No request reaches far behind the door: ids name nothing, bodies are empty. */
const pathOf = (template: string): string =>
  template
    .replace('{source}/{lane}', 'order/0')
    // A live stream has no end; what it does not know is said behind the door.
    .replace(/^\/api\/stream$/, '/api/stream?unknown=1')
    .replace('{generation}', '999')
    .replace('{projection}', 'no-such-projection')
    .replace('schemas/ids/{id}', 'schemas/ids/1')
    .replace('{version}', 'latest')
    .replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');

describe('every role at every route', { timeout: 60_000 }, () => {
  it('is let in or refused as the interface says', async () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const route of routes) {
      const [method = '', template = ''] = route.split(' ');
      const may = mayEnter(route);
      for (const role of ROLES) {
        const { status, json } = await call(server, method, pathOf(template), {
          roles: role === 'none' ? [] : [role],
          claims: { agent: 'agent-1', teams: ['T1'], ...(role === 'bi-pii' && { purpose: 'a test' }) },
          ...(method === 'POST' && { body: template === '/api/commands' ? '' : {} }),
          ...(template === '/api/commands' && { headers: { 'content-type': 'application/x-ndjson' } }),
        });
        const door = status === 401 ? 'needs a token' : status === 403 ? 'refused' : 'in';
        const expected = may.includes(role) ? 'in' : role === 'none' ? 'needs a token' : 'refused';
        if (door !== expected) wrong.push(`${role} at ${route}: ${door} (${status}), not ${expected}`);
        if (status === 401 && json['code'] !== 'UNAUTHENTICATED')
          wrong.push(`${role} at ${route}: ${json['code']}`);
        if (status === 403 && !(Array.isArray(json['needs']) && json['needs'].length > 0))
          wrong.push(`${role} at ${route}: does not say what it needs`);
        cells++;
      }
    }
    expect(wrong).toEqual([]);
    expect(routes.length).toBeGreaterThan(50);
    expect(cells).toBe(routes.length * ROLES.length);
  });

  it('needs what the refusal names: with one of these roles the door opens', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      const [method = '', template = ''] = route.split(' ');
      if (mayEnter(route) === ROLES) continue;
      const headers =
        template === '/api/commands' ? { headers: { 'content-type': 'application/x-ndjson' } } : {};
      const body = method === 'POST' ? { body: template === '/api/commands' ? '' : {} } : {};
      const refused = await call(server, method, pathOf(template), {
        roles: ['unknown'],
        ...body,
        ...headers,
      });
      for (const needed of (refused.json['needs'] ?? []) as readonly string[]) {
        const roles = [needed.replace(':*', ':order')];
        const claims = { agent: 'agent-1', teams: ['T1'], ...(needed === 'bi-pii' && { purpose: 'a test' }) };
        const { status } = await call(server, method, pathOf(template), {
          roles,
          claims,
          ...body,
          ...headers,
        });
        if (status === 401 || status === 403) wrong.push(`${needed} at ${route}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('leaves every refusal in the audit', async () => {
    const { json } = await get(server, '/ops/audit?limit=500', { roles: ['auditor'] });
    const items = json['items'] as readonly object[];
    expect(items.length).toBe(500);
    expect(JSON.stringify(items)).toContain('e2e unknown');
  });
});

describe('tokens', { timeout: 60_000 }, () => {
  const withToken = (authorization: string) =>
    call(server, 'GET', '/ops/status', { roles: [], headers: { authorization } });

  it('that are malformed, unsigned or of another server open nothing', async () => {
    const unsigned = [
      { alg: 'none', typ: 'at+jwt' },
      { sub: 'x', roles: ['admin'], exp: 4e9, aud: 'tenure' },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    for (const authorization of [
      'Bearer',
      'Bearer x',
      'Bearer a.b.c',
      `Bearer ${unsigned}.`,
      'Basic eDp4',
      'admin',
    ]) {
      const { status, json, text } = await withToken(authorization);
      expect([authorization, status, json['code']]).toEqual([authorization, 401, 'UNAUTHENTICATED']);
      expect(text).not.toContain(unsigned);
    }
  });
});

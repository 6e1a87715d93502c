// The grid of the interface over HTTP: every role × every route of the application × whose customer it is × alone or in a
// stream. What a route answers is said here by hand, so a change of the table or of a route shows.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, type RouteSpec } from '../src/index.ts';
import { result, row, startWorld, uuid, type World } from './world.ts';

const MINE = uuid(901);
const TEAM = uuid(902);
const OTHER = uuid(903);
const NOBODYS = uuid(904);

let world: World;
beforeAll(async () => {
  world = await startWorld();
  world.owners.set(MINE, 'agent-1').set(TEAM, 'agent-2').set(OTHER, 'agent-3');
  [MINE, TEAM, OTHER, NOBODYS].forEach((customerId, n) => world.rows.push(row(n + 1, { customerId })));
});
afterAll(() => world.close());

const ROLES = [
  'none',
  'agent',
  'supervisor',
  'service:store',
  'service:other',
  'import',
  'ops',
  'ops-approver',
  'bi-reader',
  'bi-pii',
  'privacy-officer',
  'auditor',
  'admin',
  'unknown',
];

const everybody = ROLES.filter((role) => role !== 'none');
const readers = everybody.filter((role) => !['import', 'unknown'].includes(role));

/** Who gets past the door of each route; all others are refused there. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  'POST /api/boxes': ['agent', 'supervisor', 'service:store', 'import', 'admin'],
  'POST /api/boxes/{id}/label': ['agent', 'supervisor', 'service:store', 'import', 'admin'],
  'POST /api/boxes/{id}/close': ['supervisor', 'service:store', 'import', 'admin'],
  'POST /api/boxes/{id}/grant-consent': [
    'agent',
    'supervisor',
    'service:store',
    'import',
    'admin',
    'privacy-officer',
  ],
  'GET /api/boxes': readers,
  'GET /api/boxes/{id}': readers,
  'POST /api/commands': ['service:store', 'service:other', 'import', 'admin'],
  'GET /metrics': ['ops', 'ops-approver', 'auditor', 'admin'],
  'GET /registry/subjects': everybody,
  'GET /registry/schemas/types': everybody,
  'GET /registry/schemas/ids/{id}': everybody,
  'GET /registry/subjects/{subject}/versions': everybody,
  'GET /registry/subjects/{subject}/versions/{version}': everybody,
  'POST /registry/compatibility/subjects/{subject}/versions': everybody,
  'POST /registry/compatibility/subjects/{subject}/versions/{version}': everybody,
  'GET /healthz': ROLES,
  'GET /readyz': ROLES,
  'GET /openapi.json': ROLES,
  'GET /docs': ROLES,
  'GET /docs/problems': ROLES,
  'GET /docs/style.css': ROLES,
};

const pathOf = (spec: RouteSpec): string =>
  spec.path.replace('{id}', spec.path.includes('schemas') ? '1' : uuid(1)).replaceAll(/\{\w+\}/g, 'latest');

describe('every role at every route', () => {
  it('is let in or refused as the interface says', async () => {
    const { routes } = createApp(world.options);
    expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      Object.keys(MAY).toSorted(),
    );
    let cells = 0;
    for (const spec of routes)
      for (const role of ROLES) {
        const name = `${spec.method} ${spec.path}`;
        const answer = await world.call(spec.method, pathOf(spec), {
          roles: role === 'none' ? null : [role],
          claims: { agent: 'agent-1', teams: ['T2'] },
          ...(spec.reads !== undefined && { headers: { 'content-type': spec.reads }, body: '' }),
        });
        const door = answer.status === 401 ? 'needs a token' : answer.status === 403 ? 'refused' : 'in';
        const expected = MAY[name]?.includes(role) ? 'in' : role === 'none' ? 'needs a token' : 'refused';
        expect(`${role} at ${name}: ${door}`).toBe(`${role} at ${name}: ${expected}`);
        cells++;
      }
    expect(cells).toBe(Object.keys(MAY).length * ROLES.length);
  });
});

describe('whose customers a role sees in a list', () => {
  it.each([
    ['agent', [MINE, TEAM, NOBODYS]],
    ['supervisor', [MINE, TEAM, OTHER, NOBODYS]],
    ['service:store', [MINE, TEAM, OTHER, NOBODYS]],
    ['ops', [MINE, TEAM, OTHER, NOBODYS]],
    ['ops-approver', [MINE, TEAM, OTHER, NOBODYS]],
    ['bi-reader', [MINE, TEAM, OTHER, NOBODYS]],
    ['bi-pii', [MINE, TEAM, OTHER, NOBODYS]],
    ['privacy-officer', [MINE, TEAM, OTHER, NOBODYS]],
    ['auditor', [MINE, TEAM, OTHER, NOBODYS]],
    ['admin', [MINE, TEAM, OTHER, NOBODYS]],
  ])('%s', async (role, expected) => {
    const { json } = await world.call('GET', '/api/boxes', {
      roles: [role],
      claims: { agent: 'agent-1', teams: ['T2'] },
    });
    const seen = (json['items'] as { customerId: string }[]).map(({ customerId }) => customerId);
    expect(seen.toSorted()).toEqual(expected);
  });
});

describe('a command in a stream', () => {
  const stream = async (role: string, route: string): Promise<number> => {
    const authorization = `Bearer ${await world.token([role])}`;
    const text = await new Promise<string>((resolve, reject) => {
      const sent = httpRequest(
        `${world.url}/api/commands`,
        { method: 'POST', headers: { authorization, 'content-type': 'application/x-ndjson' } },
        (response) => {
          let got = '';
          response.on('data', (chunk) => (got += String(chunk)));
          response.on('end', () => resolve(got));
        },
      );
      sent.on('error', reject);
      sent.end(`${JSON.stringify({ route, key: 'k' })}\n`);
    });
    const first = JSON.parse(text.split('\n')[0] ?? '{}') as { status: number };
    return first.status;
  };

  it('needs the same rights as alone, and those to streams', async () => {
    world.answer = (command) => Promise.resolve(result(command));
    for (const [name, may] of Object.entries(MAY).filter(([route]) => route.startsWith('POST /api/boxes')))
      for (const role of everybody) {
        const status = await stream(role, name.replace('POST ', '').replace('{id}', uuid(1)));
        const allowed = may.includes(role) && MAY['POST /api/commands']?.includes(role);
        expect(`${role} ${name} ${status < 300 ? 'in' : status}`).toBe(
          `${role} ${name} ${allowed ? 'in' : 403}`,
        );
      }
  });
});

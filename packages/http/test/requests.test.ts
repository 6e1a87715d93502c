// What the edge refuses before any service hears of it, and what stands on every answer.
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { route } from '../src/index.ts';
import { createApp } from '../src/create-app.ts';
import { startWorld, uuid, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.sent.length = 0;
  world.audited.length = 0;
});

/** Sends bytes as they are and reads the first answer. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => (got += chunk.toString()));
    socket.on('close', () => resolve(got));
    socket.on('error', reject);
  });

const send = (body: string | undefined, headers: Record<string, string> = {}) =>
  world.call('POST', '/api/boxes', { body, headers });

describe('a body', () => {
  it.each([
    ['is no JSON', '{"size":canary-1'],
    ['has a key with $', '{"$where":"canary-1"}'],
    ['has a key with $ further down', '{"a":[{"b$":1}]}'],
    ['has __proto__', '{"__proto__":{"admin":true}}'],
    ['nests deeper than 32', '['.repeat(33) + ']'.repeat(33)],
    ['nests 30,000 deep', '['.repeat(30_000) + ']'.repeat(30_000)],
  ])('that %s is 400', async (_, body) => {
    const answer = await send(body);
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID' } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.text).not.toContain('canary-1');
    expect(world.sent).toEqual([]);
  });

  it('may nest 32 deep', async () =>
    expect(await send('{"a":' + '['.repeat(31) + ']'.repeat(31) + '}')).toMatchObject({ status: 201 }));

  it('of bytes that are no UTF-8 is 400', async () => {
    const response = await fetch(`${world.url}/api/boxes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await world.token(['admin'])}`,
        'content-type': 'application/json',
      },
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(response.status).toBe(400);
  });

  it('over 100 kB is 413, announced or not', async () => {
    expect(await send(JSON.stringify('x'.repeat(100_000)))).toMatchObject({
      status: 413,
      json: { code: 'TOO_LARGE' },
    });
    const response = await fetch(`${world.url}/api/boxes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await world.token(['admin'])}`,
        'content-type': 'application/json',
      },
      body: new ReadableStream({
        pull(controller) {
          controller.enqueue(Buffer.alloc(50_000, 32));
        },
      }),
      duplex: 'half',
    });
    expect(response.status).toBe(413);
  });

  it.each([
    ['text/plain', 415],
    ['application/json; charset=latin1', 415],
    ['application/json; charset=UTF-8', 201],
    ['Application/JSON', 201],
  ])('as %s is %i', async (type, expected) => {
    expect((await send('{}', { 'content-type': type })).status).toBe(expected);
  });

  it('that is compressed is 415', async () => {
    expect(await send('{}', { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
  });

  it('is not read before the caller may send it', async () => {
    expect(await world.call('POST', '/api/boxes', { roles: ['auditor'], body: '{' })).toMatchObject({
      status: 403,
    });
  });
});

describe('a request', () => {
  it('to nowhere is 404', async () => {
    expect(await world.call('GET', '/api/nothing')).toMatchObject({
      status: 404,
      json: { code: 'NOT_FOUND' },
    });
    expect(await world.call('GET', '/')).toMatchObject({ status: 404 });
  });

  it('with another method is 405 with Allow', async () => {
    const answer = await world.call('DELETE', '/api/boxes');
    expect(answer).toMatchObject({ status: 405, json: { code: 'METHOD_NOT_ALLOWED' } });
    expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  it('with two Host headers is 400', async () => {
    const answer = await raw('GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('400 Bad Request');
    expect(answer).toContain('"code":"INVALID"');
  });

  it('with a path that cannot be decoded is 400', async () => {
    expect(await world.call('GET', '/api/boxes/%E0%A4%A')).toMatchObject({
      status: 400,
      json: { code: 'INVALID' },
    });
  });

  it('with an unknown query parameter is 400 and names those it knows, not this one', async () => {
    const answer = await world.call('GET', '/api/boxes?canary2=1');
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID' } });
    expect(answer.text).toContain('minSize');
    expect(answer.text).not.toContain('canary2');
    expect(await world.call('GET', '/healthz?x=1')).toMatchObject({ status: 400 });
    expect(await world.call('GET', '/api/boxes?__proto__=1')).toMatchObject({ status: 400 });
    expect(await world.call('GET', '/api/boxes?status=Open&status=Closed')).toMatchObject({ status: 400 });
  });

  it('leaves its query string in no log', async () => {
    const failing = await startWorld({
      extra: [
        route({
          method: 'GET',
          path: '/api/failing',
          summary: 'Fails',
          access: { token: 'any' },
          query: z.object({ q: z.string() }),
          responses: {},
          handle: ({ query }) => {
            throw new Error(query.q);
          },
        }),
      ],
    });
    expect(await failing.call('GET', '/api/failing?q=canary3')).toMatchObject({ status: 500 });
    expect(failing.logged.join()).toContain('/api/failing');
    expect(failing.logged.join()).not.toContain('canary3');
    await failing.close();
  });

  it('gets headers that keep a browser to ourselves, and an id', async () => {
    const { headers } = await world.call('GET', '/healthz', { roles: null });
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of HEAD is GET without a body', async () => {
    expect(await world.call('HEAD', '/healthz', { roles: null })).toMatchObject({ status: 200, text: '' });
  });
});

describe('a person', () => {
  it('who asks too often waits; a service does not', async () => {
    const strict = await startWorld({ limits: { personRequests: 3 } });
    const statuses = async (roles: readonly string[]) => {
      const all = [];
      for (let i = 0; i < 4; i++) all.push((await strict.call('GET', '/api/boxes', { roles })).status);
      return all;
    };
    expect(await statuses(['supervisor'])).toEqual([200, 200, 200, 429]);
    expect(await statuses(['service:store'])).toEqual([200, 200, 200, 200]);
    expect(await statuses(['ops'])).toEqual([200, 200, 200, 429]);
    const answer = await strict.call('GET', '/api/boxes', { roles: ['supervisor'] });
    expect(answer).toMatchObject({ json: { code: 'TOO_MANY_REQUESTS', retryable: true } });
    expect(answer.headers.get('retry-after')).toBe('10');
    await strict.close();
  });
});

describe('health', () => {
  it('is public', async () => {
    expect(await world.call('GET', '/healthz', { roles: null })).toMatchObject({ status: 200 });
    expect(await world.call('GET', '/readyz', { roles: null })).toMatchObject({
      status: 200,
      json: { ready: true },
    });
  });

  it('says why it is not ready', async () => {
    world.readiness.ready = false;
    expect(await world.call('GET', '/readyz', { roles: null })).toMatchObject({
      status: 503,
      json: { ready: false, reasons: ['the store is away'] },
    });
    world.readiness.ready = true;
  });

  it('is measured, for those who may read it', async () => {
    expect(await world.call('GET', '/metrics', { roles: ['agent'] })).toMatchObject({ status: 403 });
    const { text, headers } = await world.call('GET', '/metrics', { roles: ['ops'] });
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toMatch(/tenure_http_requests_total\{method="POST",route="\/api\/boxes",status="201"\} \d+/);
    expect(text).toContain('tenure_http_request_duration');
    expect(text).not.toContain(uuid(5));
  });
});

describe('an application', () => {
  it('does not start with a route that says not who may use it', () => {
    const open = {
      method: 'GET' as const,
      path: '/api/open',
      summary: '',
      responses: {},
      handle: () => ({ status: 200 }),
    };
    expect(() => route(open as never)).toThrow('no access policy');
    expect(() => createApp({ ...world.options, routes: [open as never] })).toThrow(
      '/api/open has no access policy',
    );
    const wrong = { ...open, access: { rights: [] } };
    expect(() => createApp({ ...world.options, routes: [wrong as never] })).toThrow('no access policy');
  });

  it('does not start with two routes of one shape', () => {
    const twice = route({
      method: 'GET',
      path: '/api/boxes/{other}',
      summary: '',
      access: { token: 'any' },
      params: z.object({ other: z.string() }),
      responses: {},
      handle: () => ({ status: 200 }),
    });
    // A declared route replaces a generated one of its shape; two declared ones are a mistake.
    expect(() => createApp({ ...world.options, routes: [twice] })).not.toThrow();
    expect(() => createApp({ ...world.options, routes: [twice, twice] })).toThrow('declared twice');
  });
});

import { get, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_STREAMS, openNews, streamRoute, type News, type Timer } from '../src/index.ts';
import { NOW, startWorld, uuid, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const HOUR = 3_600_000;
const [MINE, TEAM, FOREIGN, NOBODYS] = [uuid(1), uuid(2), uuid(3), uuid(4)];

/** A server with the stream over news that the test tells; its timers run when the test says so. */
const open = async () => {
  const timers: { run: () => void; ms: number; on: boolean }[] = [];
  const timer: Timer = (run, ms) => {
    const entry = { run, ms, on: true };
    timers.push(entry);
    return () => {
      entry.on = false;
    };
  };
  const fire = (ms: number): void => {
    for (const entry of timers.filter((one) => one.on && one.ms === ms)) {
      entry.on = false;
      entry.run();
    }
  };
  const news: News = openNews({
    projection: 'customer-360',
    listen: async () => {},
    projections: async () => [{ name: 'customer-360', state: 'active', lag: 3 }],
    now: () => NOW,
    timer,
    newEpoch: () => 'e',
  });
  world = await startWorld({ extra: [streamRoute(news, timer)] });
  world.owners.set(MINE, 'agent-1').set(TEAM, 'agent-2').set(FOREIGN, 'agent-3');
  const tell = (...ids: string[]): void => {
    const changes = ids.map((id) => ({ id, sources: ['order'], position: { order: 7 } }));
    news.committed({ projection: 'customer-360', generation: 1, changes });
    fire(100);
  };
  return { tell, fire, timers, news };
};

const asked = async (
  path: string,
  roles: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly response: IncomingMessage;
  readonly text: () => string;
  readonly leave: () => void;
}> => {
  const claims = { agent: 'agent-1', teams: ['T2'] };
  const authorization = `Bearer ${await world.token(roles, claims)}`;
  let text = '';
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = get(`${world.url}${path}`, { headers: { authorization, ...headers } }, resolve);
  sent.on('error', reject);
  const response = await promise;
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => {});
  return { response, text: () => text, leave: () => void sent.destroy() };
};

/** A stream that has begun. */
const streamed = async (path: string, roles: readonly string[], headers = {}) => {
  const reader = await asked(path, roles, headers);
  await vi.waitFor(() => expect(reader.text()).toMatch(/^id: e\./));
  return reader;
};

const customersIn = (text: string): readonly string[] =>
  [...text.matchAll(/"customerId":"([^"]+)"/g)].map(([, id = '']) => id);

describe('GET /api/stream', () => {
  it('names changed customers and where their documents stand', async () => {
    const { tell } = await open();
    const { response, text } = await streamed('/api/stream', ['supervisor']);
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(response.headers['cache-control']).toBe('no-store');
    tell(MINE);
    await vi.waitFor(() =>
      expect(text()).toBe(
        `id: e.0\n\nid: e.1\nevent: customer\ndata: {"customerId":"${MINE}","sources":["order"],"position":{"order":7}}\n\n`,
      ),
    );
  });

  it.each([
    ['agent', [MINE, TEAM, NOBODYS]],
    ['supervisor', [MINE, TEAM, FOREIGN, NOBODYS]],
    ['ops', [MINE, TEAM, FOREIGN, NOBODYS]],
    ['service:churn', [MINE, TEAM, FOREIGN, NOBODYS]],
  ])('shows %s no customers but those that he may see', async (role, seen) => {
    const { tell } = await open();
    const { text } = await streamed('/api/stream', [role]);
    tell(MINE, TEAM, FOREIGN, NOBODYS);
    await vi.waitFor(() => expect(customersIn(text())).toEqual(seen));
  });

  it.each(['import', 'unknown'])('is not for %s', async (role) => {
    await open();
    const { response } = await asked('/api/stream', [role]);
    expect(response.statusCode).toBe(403);
  });

  it('is narrowed by what is named', async () => {
    const { tell } = await open();
    const { text } = await streamed(`/api/stream?customerId=${TEAM},${FOREIGN}`, ['admin']);
    tell(MINE, FOREIGN);
    await vi.waitFor(() => expect(customersIn(text())).toEqual([FOREIGN]));
    expect(text()).not.toContain('projection');
  });

  it('tells projections to those who may read /ops, and refuses them to others', async () => {
    await open();
    const { text } = await streamed('/api/stream?projection=customer-360', ['ops']);
    await vi.waitFor(() =>
      expect(text()).toContain(
        'event: projection\ndata: {"name":"customer-360","state":"active","lag":3}\n\n',
      ),
    );
    expect((await asked('/api/stream?projection=customer-360', ['agent'])).response.statusCode).toBe(403);
    const all = await streamed('/api/stream', ['agent']);
    expect(all.text()).toBe('id: e.0\n\n');
  });

  it('resumes by Last-Event-ID, and says reset to one that it does not know', async () => {
    const { tell } = await open();
    const first = await streamed('/api/stream', ['admin']);
    tell(MINE, TEAM);
    await vi.waitFor(() => expect(first.text()).toContain('id: e.2'));
    const again = await streamed('/api/stream', ['supervisor'], { 'last-event-id': 'e.1' });
    await vi.waitFor(() => expect(customersIn(again.text())).toEqual([TEAM]));
    const stranger = await streamed('/api/stream', ['supervisor'], { 'last-event-id': 'other.1' });
    expect(stranger.text()).toBe('id: e.2\nevent: reset\ndata: {}\n\n');
  });

  it('says every 15 s where the reader stands, so that a quiet stream keeps its place', async () => {
    const { tell, fire } = await open();
    const { text } = await streamed(`/api/stream?customerId=${MINE}`, ['supervisor']);
    tell(TEAM);
    fire(15_000);
    await vi.waitFor(() => expect(text()).toBe('id: e.0\n\n: \nid: e.1\n\n'));
  });

  it('ends with its token', async () => {
    const { timers, fire } = await open();
    const { response } = await streamed('/api/stream', ['supervisor']);
    const ended = new Promise((resolve) => void response.on('end', resolve));
    expect(timers.some(({ ms }) => ms === HOUR)).toBe(true);
    fire(HOUR);
    await ended;
  });

  it('is refused the 21st time; who leaves makes room, whether or not his stream had a body', async () => {
    await open();
    const readers = [];
    for (let i = 0; i < MAX_STREAMS; i++) readers.push(await streamed('/api/stream', ['supervisor']));
    const refused = await asked('/api/stream', ['supervisor']);
    expect(refused.response.statusCode).toBe(429);
    await vi.waitFor(() => expect(JSON.parse(refused.text())).toMatchObject({ code: 'TOO_MANY_REQUESTS' }));
    await streamed('/api/stream', ['admin']);
    readers[0]?.leave();
    await vi.waitFor(async () => {
      const next = await asked('/api/stream', ['supervisor']);
      expect(next.response.statusCode).toBe(200);
      next.leave();
    });
    const authorization = `Bearer ${await world.token(['supervisor'])}`;
    for (let i = 0; i < 3; i++)
      await vi.waitFor(async () => {
        const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
        httpRequest(`${world.url}/api/stream`, { method: 'HEAD', headers: { authorization } }, resolve).end();
        expect((await promise).statusCode).toBe(200);
      });
  });

  it('cuts a reader that is 1 MiB behind, and gives his place back', async () => {
    const { tell } = await open();
    const slow = await streamed('/api/stream', ['supervisor']);
    const cut = new Promise((resolve) => void slow.response.once('close', resolve));
    slow.response.pause();
    const everybody = Array.from({ length: 10_000 }, (_, i) => uuid(1_000 + i));
    // About 30 MB: more than the sockets of a machine hold for a reader who does not read.
    for (let n = 0; n < 20; n++) {
      tell(...everybody);
      for (let i = 0; i < 50; i++) await new Promise((resolve) => void setImmediate(resolve));
    }
    slow.response.resume();
    await cut;
    expect(slow.response.complete).toBe(false);
    for (let i = 0; i < MAX_STREAMS; i++) await streamed('/api/stream', ['supervisor']);
  }, 30_000);

  it('stands in the document, and takes no parameters but its own', async () => {
    await open();
    const document = (await world.call('GET', '/openapi.json')).json;
    const { parameters, responses } = document['paths']['/api/stream'].get;
    expect(Object.keys(responses[200].content)).toEqual(['text/event-stream']);
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['customerId', 'projection', 'Last-Event-ID']),
    );
    expect((await asked('/api/stream?since=1', ['admin'])).response.statusCode).toBe(400);
  });
});

/* oxlint-disable unicorn/no-thenable -- lines of the interface have a member of this name */
// Many commands in one stream: order, limits, malformed lines, clients that go away, a server that stops.
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { TenureError } from '@tenure/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { result, startWorld, uuid, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.sent.length = 0;
  world.answer = (request) => Promise.resolve(result(request));
});

type Stream = {
  readonly request: ClientRequest;
  readonly response: Promise<IncomingMessage>;
};

const open = async (
  search = '',
  roles: readonly string[] = ['import'],
  of: World = world,
): Promise<Stream> => {
  const request = httpRequest(`${of.url}/api/commands${search}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await of.token(roles)}`, 'content-type': 'application/x-ndjson' },
  });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  response.catch(() => undefined); // looked at by those who care
  return { request, response };
};

const linesOf = async (response: IncomingMessage): Promise<Record<string, any>[]> => {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

const send = async (lines: readonly (object | string)[], search = '', roles?: readonly string[]) => {
  const { request, response } = await open(search, roles);
  request.end(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  const answer = await response;
  return { status: answer.statusCode, type: answer.headers['content-type'], lines: await linesOf(answer) };
};

const line = (n: number, more: object = {}) => ({
  route: '/api/boxes',
  key: `row-${n}`,
  body: { customerId: uuid(n % 3), size: n + 1 },
  ...more,
});

describe('many commands', () => {
  it('answer each line and say how many they were', async () => {
    const { status, type, lines } = await send([line(1), line(2, { route: `/api/boxes/${uuid(5)}/label` })]);
    expect(status).toBe(200);
    expect(type).toBe('application/x-ndjson');
    expect(lines).toEqual([
      { line: 1, status: 201, id: uuid(1), revision: 0, position: 41, customerId: uuid(900) },
      { line: 2, status: 200, id: uuid(5), revision: 1, position: 41, customerId: uuid(900) },
      { done: 2 },
    ]);
    expect(world.sent).toMatchObject([
      { route: '/api/boxes', key: 'row-1', principal: 'sub of import', backfill: false, reactions: true },
      { route: '/api/boxes/{id}/label', id: uuid(5), key: 'row-2' },
    ]);
  });

  it('carry further commands of the same aggregate', async () => {
    const then = [{ command: 'label', body: { label: 'x' } }, { command: 'grant-consent' }];
    await send([line(1, { then, ifMatch: 3 })]);
    expect(world.sent).toMatchObject([
      {
        ifMatch: 3,
        steps: [
          { command: 'OpenBox', body: { size: 2 } },
          { command: 'LabelBox', body: { label: 'x' } },
          { command: 'GrantConsent', body: {} },
        ],
      },
    ]);
  });

  it('of history name their system and keep reactions away', async () => {
    await send([line(1)], '?backfill=true&system=cdnow');
    await send([line(1)], '?backfill=true&reactions=true');
    expect(world.sent).toMatchObject([
      { principal: 'cdnow', backfill: true, reactions: false },
      { principal: 'sub of import', backfill: true, reactions: true },
    ]);
  });

  it.each([
    ['?backfill=true', ['admin'], 403],
    ['?backfill=true', ['service:store'], 403],
    ['?system=cdnow', ['import'], 400],
    ['?backfill=yes', ['import'], 400],
    ['', ['supervisor'], 403],
    ['', ['agent'], 403],
  ])('%s by %j are refused: %i', async (search, roles, status) => {
    expect((await send([line(1)], search, roles)).status).toBe(status);
    expect(world.sent).toEqual([]);
  });

  it('repeat the first answer of a known key', async () => {
    world.answer = (request) => Promise.resolve({ ...result(request), replay: true });
    expect((await send([line(1)])).lines[0]).toMatchObject({ status: 201, replay: true });
  });

  it('are refused one by one, the others go on', async () => {
    world.answer = async (request) => {
      if (request.key === 'row-2')
        throw new TenureError('ALREADY_EXISTS', 'No.', { allowedCommands: ['SweepBox', 'LabelBox'] });
      return result(request);
    };
    const { lines } = await send([
      line(1),
      line(2),
      'canary-9',
      '',
      { route: '/api/nothing', key: 'k' },
      line(3, { canary: 1 }),
      line(4, { then: [{ command: 'sweep' }] }),
      line(5, { key: '' }),
      `"${'x'.repeat(100_001)}"`,
      line(6, { route: '/api/boxes/1/label' }),
      { route: 1, key: 'k' },
      '[]',
      line(7),
    ]);
    const status = Object.fromEntries(lines.slice(0, -1).map((answer) => [answer['line'], answer['status']]));
    expect(status).toEqual({
      1: 201,
      2: 409,
      3: 400,
      5: 404,
      6: 400,
      7: 404,
      8: 400,
      9: 413,
      10: 400,
      11: 400,
      12: 400,
      13: 201,
    });
    expect(lines.at(-1)).toEqual({ done: 12 });
    const refused = lines.find((answer) => answer['line'] === 2);
    expect(refused?.['problem']).toMatchObject({ code: 'ALREADY_EXISTS', allowedCommands: ['LabelBox'] });
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it('are refused line by line where the role may not send them', async () => {
    const { lines } = await send([line(1)], '', ['service:other']);
    expect(lines).toMatchObject([{ line: 1, status: 403, problem: { code: 'FORBIDDEN' } }, { done: 1 }]);
  });

  it('need no line at all', async () => expect((await send([])).lines).toEqual([{ done: 0 }]));

  it('need their content type', async () => {
    expect(await world.call('POST', '/api/commands', { roles: ['import'], body: {} })).toMatchObject({
      status: 415,
    });
  });
});

describe('order', () => {
  it('is kept within a customer, 64 customers run at once', async () => {
    const order = new Map<string, string[]>();
    const running = new Set<string>();
    let most = 0;
    world.answer = async (request) => {
      const { customerId } = request.steps[0].body as { customerId: string };
      expect(running.has(customerId)).toBe(false);
      running.add(customerId);
      most = Math.max(most, running.size);
      await new Promise(setImmediate);
      running.delete(customerId);
      order.set(customerId, [...(order.get(customerId) ?? []), request.key]);
      return result(request);
    };
    const sent = Array.from({ length: 600 }, (_, n) => line(n, { body: { customerId: uuid(n % 100) } }));
    expect((await send(sent)).lines.at(-1)).toEqual({ done: 600 });
    expect(most).toBe(64);
    for (const [customer, keys] of order)
      expect(keys).toEqual(sent.filter(({ body }) => body.customerId === customer).map(({ key }) => key));
  });

  it('goes by the customer on the line, else the aggregate, else nothing', async () => {
    let running = 0;
    let most = 0;
    world.answer = async (request) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return result(request);
    };
    const mostAtOnce = async (lines: readonly object[]) => {
      most = 0;
      await send(lines);
      return most;
    };
    const three = [1, 2, 3];
    expect(await mostAtOnce(three.map((n) => ({ ...line(n), customerId: uuid(1) })))).toBe(1);
    expect(await mostAtOnce(three.map((n) => ({ route: `/api/boxes/${uuid(1)}/label`, key: `k${n}` })))).toBe(
      1,
    );
    expect(
      await mostAtOnce(three.map((n) => ({ route: '/api/boxes', key: `k${n}`, body: { boxId: uuid(1) } }))),
    ).toBe(1);
    expect(await mostAtOnce(three.map((n) => ({ route: '/api/boxes', key: `k${n}`, body: {} })))).toBe(3);
  });
});

describe('pressure', () => {
  it('stops the reading while 1,024 results wait', async () => {
    const held: (() => void)[] = [];
    world.answer = (request) => new Promise((resolve) => held.push(() => resolve(result(request))));
    const { request, response } = await open();
    const total = 20_000;
    const text = Array.from(
      { length: total },
      (_, n) => `${JSON.stringify(line(n, { body: { pad: 'x'.repeat(1_500) } }))}\n`,
    );
    // 30 MB, more than all buffers on the way hold: what the server does not read stays here.
    request.end(text.join(''));
    await vi.waitFor(() => expect(held).toHaveLength(64));
    const writable = () => request.socket?.writableLength ?? 0;
    await vi.waitFor(() => expect(writable()).toBeGreaterThan(0));
    const before = writable();
    await new Promise(setImmediate);
    expect(writable()).toBe(before);
    world.answer = (command) => Promise.resolve(result(command));
    for (const release of held) release();
    const lines = await linesOf(await response);
    expect(lines.at(-1)).toEqual({ done: total });
  });

  it('ends with a client that goes away: nothing more is begun', async () => {
    const held: (() => void)[] = [];
    world.answer = (request) => new Promise((resolve) => held.push(() => resolve(result(request))));
    const { request } = await open();
    for (let n = 0; n < 200; n++)
      request.write(`${JSON.stringify(line(n, { body: { customerId: uuid(1) } }))}\n`);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const closed = new Promise((resolve) => world.server.once('connection', resolve));
    request.destroy();
    // Another request is only answered after the server has seen the end of the first one's connection.
    void closed;
    await world.call('GET', '/healthz', { roles: null });
    await vi.waitFor(async () => {
      const connections = await new Promise<number>((resolve) =>
        world.server.getConnections((_, n) => resolve(n)),
      );
      expect(connections).toBeLessThanOrEqual(2);
    });
    held[0]?.();
    await new Promise(setImmediate);
    await world.call('GET', '/healthz', { roles: null });
    expect(world.sent).toHaveLength(1);
  });

  it('ends when the server stops: what was read is answered, and no line says that it was all', async () => {
    const stopped = await startWorld();
    const held: (() => void)[] = [];
    stopped.answer = (request) => new Promise((resolve) => held.push(() => resolve(result(request))));
    const { request, response } = await open('', ['import'], stopped);
    request.write(`${JSON.stringify(line(1))}\n`);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    stopped.stop();
    request.write(`${JSON.stringify(line(2))}\n`);
    held[0]?.();
    const lines = await linesOf(await response);
    expect(lines).toMatchObject([{ line: 1, status: 201 }]);
    expect(stopped.sent).toHaveLength(1);
    await stopped.close();
  });
});

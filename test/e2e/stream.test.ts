// The live stream of a real server: from a command through the worker threads to somebody who listens.
import { get as httpGet, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, startTenure, tokenFor } from './client.ts';
import { orderOf, personOf } from './orders.ts';
import { startServer, temporaryFolder, until, type Server } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(join(temporaryFolder(), 'data'));
}, 60_000);
afterAll(() => server.stop());

type Told = { readonly id: string | undefined; readonly event: string; readonly data: Record<string, any> };

const follow = async (path: string, lastId?: string) => {
  const authorization = `Bearer ${await tokenFor(server.data, {})}`;
  const headers = { authorization, ...(lastId !== undefined && { 'last-event-id': lastId }) };
  let text = '';
  const { promise, resolve } = Promise.withResolvers<ClientRequest>();
  const sent = httpGet(`${server.url}${path}`, { headers }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('error', () => {});
    resolve(sent);
  });
  const request = await promise;
  request.on('error', () => {});
  const field = (block: string, name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const told = (): readonly Told[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.includes('event: '))
      .map((block) => ({
        id: field(block, 'id'),
        event: field(block, 'event') ?? '',
        data: JSON.parse(field(block, 'data') ?? 'null'),
      }));
  await until('the stream has begun', () => text.startsWith('id: '));
  return { told, leave: () => void request.destroy() };
};

describe('the live stream', () => {
  it('tells of a change when its document can be read, and goes on where a reader left', async () => {
    const { json: ann } = await post(server, '/api/customers', personOf('Ann'));
    const { json: bob } = await post(server, '/api/customers', personOf('Bob'));
    const stream = await follow(`/api/stream?customerId=${ann['id']}`);
    const placed = await post(server, '/api/orders', orderOf(ann['id']));
    await post(server, '/api/orders', orderOf(bob['id']));
    const seen = await until('the order is told', () =>
      stream.told().find(({ data }) => data['position'].order >= placed.json['position']),
    );
    expect(seen).toMatchObject({ event: 'customer', data: { customerId: ann['id'], sources: ['order'] } });
    const { json } = await get(server, `/api/customers/${ann['id']}/360`);
    expect(json['slices'].order.count + json['slices'].order.open.length).toBeGreaterThan(0);
    expect(stream.told().every(({ data }) => data['customerId'] === ann['id'])).toBe(true);
    stream.leave();

    const later = await post(server, '/api/orders', orderOf(ann['id']));
    const again = await follow(`/api/stream?customerId=${ann['id']}`, seen.id);
    await until('what was missed is told', () =>
      again.told().find(({ data }) => data['position']?.order >= later.json['position']),
    );
    expect(again.told().map(({ event }) => event)).not.toContain('reset');
    again.leave();
  });

  it('says reset when another generation is served, and to a place of an earlier start', async () => {
    const stream = await follow('/api/stream');
    await post(server, '/ops/replays', { projection: 'customer-360', activate: true });
    await until('reset is told', () => stream.told().some(({ event }) => event === 'reset'));
    stream.leave();
    const stranger = await follow('/api/stream', '00000000-0000-4000-8000-000000000000.0');
    expect(stranger.told()[0]).toMatchObject({ event: 'reset' });
    stranger.leave();
  });
});

describe('tenure events tail', () => {
  it('shows events as they come, goes on behind a restart of the server, and ends with Ctrl-C', async () => {
    const { child, text, closed } = startTenure(server.data, 'events', 'tail', '--type', 'OrderPlaced');
    const { json: ann } = await post(server, '/api/customers', personOf('Ann'));
    const placed = async (): Promise<string> => {
      const { json } = await post(server, '/api/orders', orderOf(ann['id']));
      return json['id'] as string;
    };
    // It may not listen yet when the first ones come.
    const early: string[] = [];
    await until('an order is shown', async () => {
      early.push(await placed());
      return early.some((order) => text.stdout.includes(order));
    });
    await server.stop();
    server = await startServer(server.data);
    const id = await placed();
    await until('the order behind the restart is shown', () => text.stdout.includes(id));
    child.kill('SIGINT');
    const { code, stdout } = await closed;
    expect(code).toBe(130);
    const shown = [...stdout.matchAll(/orderId=(\S+)/g)].map(([, order]) => order);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.at(-1)).toBe(id);
  }, 60_000);
});

import type { LogRecord } from '@tenure/event-log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { route, timelinePage, timelineParameters, TimelineParams } from '../src/index.ts';
import { blockOf, NOW, startWorld, uuid, type World } from './world.ts';

const timeline = route({
  method: 'GET',
  path: '/api/customers/{id}/timeline',
  summary: 'All events of a customer, newest first',
  access: { rights: ['open', 'masked'] },
  params: TimelineParams,
  query: z.object(timelineParameters),
  responses: {},
  handle: async ({ params, query, principal, requestId }, kit) => {
    const reading = { principal, requestId, route: 'GET /api/customers/{id}/timeline' };
    const body = await timelinePage(
      { keys: [params.id], sources: ['customer', 'order'], ...query },
      reading,
      kit,
    );
    return { status: 200, body };
  },
});

let world: World;
beforeAll(async () => {
  world = await startWorld({ extra: [timeline] });
});
afterAll(() => world.close());

/** A record whose body is its event as JSON (the codec of the tests). */
const record = (n: number, type: string, occurredAt: number, sealed = false): LogRecord => {
  const block = sealed ? blockOf(n, uuid(1), { name: 'Ada' }) : null;
  const event = {
    id: uuid(n),
    type,
    schemaId: 1,
    occurredAt,
    recordedAt: NOW,
    meta: { commandId: 'c', correlationId: 'c', actor: { kind: 'user', id: 'a' } },
    data: sealed ? { name: { $sealed: uuid(n), field: 'name' } } : { n },
    sealed: block === null ? null : { ...block, ct: Buffer.from(block.ct).toString() },
  };
  return {
    position: n,
    stream: `x-${uuid(1)}`,
    revision: n,
    key: uuid(1),
    seq: n,
    body: Buffer.from(JSON.stringify(event)),
  };
};

beforeEach(() => {
  world.owners.clear();
  world.records.set(`customer ${uuid(1)}`, [
    record(1, 'CustomerRegistered', NOW - 500, true),
    record(2, 'ConsentGranted', NOW - 300),
  ]);
  world.records.set(`order ${uuid(1)}`, [
    record(1, 'OrderPlaced', NOW - 400),
    record(3, 'OrderPlaced', NOW - 300),
    record(4, 'OrderConfirmed', NOW - 300),
  ]);
});

const read = (search = '', options: Parameters<World['call']>[2] = { roles: ['supervisor'] }) =>
  world.call('GET', `/api/customers/${uuid(1)}/timeline${search}`, options);

const places = (items: readonly { source: string; position: number }[]) =>
  items.map(({ source, position }) => `${source} ${position}`);

const ALL = ['order 4', 'order 3', 'customer 2', 'order 1', 'customer 1'];

describe('a timeline', () => {
  it('shows all sources, newest first, opened', async () => {
    const { json } = await read();
    expect(places(json['items'])).toEqual(ALL);
    expect(json['next']).toBeNull();
    expect(json['items'][4]).toEqual({
      eventId: uuid(1),
      type: 'CustomerRegistered',
      source: 'customer',
      stream: `x-${uuid(1)}`,
      revision: 1,
      position: 1,
      occurredAt: '2026-11-20T08:59:59.500Z',
      recordedAt: '2026-11-20T09:00:00.000Z',
      actor: { kind: 'user', id: 'a' },
      data: { name: 'Ada' },
      masked: {},
    });
  });

  it('pages through events of one instant without loss', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await read(`?limit=1${cursor}`);
      seen.push(...places(json['items']));
      cursor = json['next'] === null ? '' : `&cursor=${json['next']}`;
    } while (cursor !== '' && seen.length < 10);
    expect(seen).toEqual(ALL);
  });

  it('filters by source, type and time', async () => {
    expect(places((await read('?source=customer')).json['items'])).toEqual(['customer 2', 'customer 1']);
    expect(places((await read('?type=OrderPlaced,ConsentGranted')).json['items'])).toEqual([
      'order 3',
      'customer 2',
      'order 1',
    ]);
    const at = new Date(NOW - 400).toISOString();
    expect(places((await read(`?from=${at}&type=OrderPlaced`)).json['items'])).toEqual([
      'order 3',
      'order 1',
    ]);
    expect(places((await read(`?to=${at}`)).json['items'])).toEqual(['customer 1']);
  });

  it('masks, and belongs to its owner', async () => {
    const { json } = await read('?source=customer', { roles: ['auditor'] });
    expect(json['items'][1]).toMatchObject({ data: { name: null }, masked: { '/name': 'role' } });
    world.owners.set(uuid(1), 'agent-2');
    expect(await read('', { roles: ['agent'], claims: { agent: 'agent-1' } })).toMatchObject({ status: 403 });
  });

  it('refuses the cursor of other filters', async () => {
    const { json } = await read('?limit=1');
    expect(await read(`?limit=1&source=order&cursor=${json['next']}`)).toMatchObject({ status: 400 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from './stories.ts';
import { bought, linked, openWorld, reachable, registered, type World } from './world.ts';

let world: World;
const timeline = (query = '', name = 'ada') => `/api/customers/${idOf(name)}/timeline${query}`;
const types = (json: { items: { type: string }[] }) => json.items.map(({ type }) => type);

beforeAll(async () => {
  world = await openWorld();
  await world.tell(
    registered('ada', 'Ada Lovelace', '2026-11-02'),
    ...bought('ada', 'first', '2026-11-04', 2_990),
    reachable('ada', 'EMAIL', 'ada@example.org', '2026-11-03'),
    linked('ada', 'cdnow', '00004', '2026-11-05'),
    registered('bob', 'Bob', '2026-11-02'),
  );
});
afterAll(() => world.close());

describe('GET /api/customers/{id}/timeline', () => {
  it('shows every event of every source, newest first', async () => {
    const { status, headers, json } = await world.get(timeline());
    expect(status).toBe(200);
    expect(types(json)).toEqual([
      'ExternalIdentityLinked',
      'OrderFulfilled',
      'OrderPlaced',
      'ContactPointAdded',
      'CustomerRegistered',
    ]);
    expect(json).toMatchObject({ next: null, asOf: { customer: 4, order: 2 } });
    expect(headers.get('x-position')).toContain('order:2');
    expect(json.items[4]).toMatchObject({
      source: 'customer',
      stream: `customer-${idOf('ada')}`,
      occurredAt: '2026-11-02T00:00:00.000Z',
      actor: { kind: 'user', id: 'agent-1' },
      data: { displayName: 'Ada Lovelace', homeCurrency: 'USD' },
    });
  });

  it('is filtered by source, type and time', async () => {
    expect(types((await world.get(timeline('?source=order'))).json)).toEqual([
      'OrderFulfilled',
      'OrderPlaced',
    ]);
    expect(types((await world.get(timeline('?type=OrderPlaced,ContactPointAdded'))).json)).toEqual([
      'OrderPlaced',
      'ContactPointAdded',
    ]);
    const time = '?from=2026-11-03T00:00:00Z&to=2026-11-04T00:00:00Z';
    expect(types((await world.get(timeline(time))).json)).toEqual(['ContactPointAdded']);
  });

  it('comes in pages that hold every event once, whatever comes meanwhile', async () => {
    await world.tell(...bought('cem', 'a', '2026-11-04', 1), ...bought('cem', 'b', '2026-11-06', 1));
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages++) {
      const query: string = cursor === '' ? '?limit=1' : `?limit=1&cursor=${cursor}`;
      const { json } = await world.get(timeline(query, 'cem'));
      seen.push(...json.items.map(({ eventId }: { eventId: string }) => eventId));
      cursor = json.next;
      if (pages === 1) await world.tell(...bought('cem', 'c', '2026-11-07', 1));
    }
    expect(new Set(seen).size).toBe(4);
    expect(seen).toHaveLength(4);
  });

  it('keeps a cursor to the question it belongs to', async () => {
    const { json } = await world.get(timeline('?limit=1'));
    const other = await world.get(timeline(`?limit=1&source=order&cursor=${json.next}`));
    expect(other.json).toMatchObject({ status: 400, code: 'INVALID', errors: [{ path: '/cursor' }] });
  });

  it('masks personal values, and is closed to those who may not see the customer', async () => {
    const { json } = await world.get(timeline('?type=CustomerRegistered'), { roles: ['auditor'] });
    expect(json.items[0]).toMatchObject({ data: { displayName: null }, masked: { '/displayName': 'role' } });
    world.owners.set(idOf('ada'), 'agent-2');
    const foreign = await world.get(timeline(), { roles: ['agent'], claims: { agent: 'agent-1' } });
    expect(foreign.status).toBe(403);
    world.owners.clear();
  });

  it('knows nobody under another id, and waits for what was written', async () => {
    expect((await world.get(timeline('', 'nobody'))).status).toBe(404);
    expect((await world.get(timeline('?minPosition=order:2'))).status).toBe(200);
  });
});

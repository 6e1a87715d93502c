import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from './stories.ts';
import { bought, linked, openWorld, reachable, registered, type World } from './world.ts';

let world: World;
const of = (name: string, tail = '360') => `/api/customers/${idOf(name)}/${tail}`;

beforeAll(async () => {
  world = await openWorld();
  await world.closeDay('2026-11-01');
  await world.tell(
    registered('ada', 'Ada Lovelace', '2026-11-02'),
    linked('ada', 'cdnow', '00004', '2026-11-02'),
    reachable('ada', 'EMAIL', 'ada@example.org', '2026-11-03'),
    ...bought('ada', 'first', '2026-11-04', 2_990),
    registered('bob', 'Bob', '2026-11-02'),
  );
  await world.closeDay('2026-11-05');
});
afterAll(() => world.close());

describe('GET /api/customers/{id}/360', () => {
  it('shows everything about one customer', async () => {
    const { status, headers, json } = await world.get(of('ada'));
    expect(status).toBe(200);
    expect(headers.get('etag')).toMatch(/^"1\.\d+"$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toMatchObject({
      customerId: idOf('ada'),
      businessDay: '2026-11-05',
      asOf: { customer: 4, order: 2 },
      generation: 1,
      stale: false,
      slices: {
        customer: {
          status: 'Registered',
          displayName: 'Ada Lovelace',
          externalIds: [{ system: 'cdnow', id: '00004' }],
          contactPoints: [{ channel: 'EMAIL', value: 'ada@example.org', primary: true }],
          createdAt: '2026-11-02T00:00:00.000Z',
          updatedAt: '2026-11-03T00:00:00.000Z',
        },
        order: {
          count: 1,
          net: [{ minor: 2_990, currency: 'USD' }],
          firstOn: '2026-11-04',
          lastOn: '2026-11-04',
          recent: [{ orderId: idOf('first'), status: 'Fulfilled', placedAt: '2026-11-04T00:00:00.000Z' }],
        },
      },
      summary: {
        lifecycle: { status: 'ACTUAL', stage: 'EXPLORATION' },
        rfm: { r: 5, f: 1, m: 2 },
        rules: { version: 1 },
      },
      masked: {},
    });
    expect(headers.get('x-position')?.split(',').toSorted()).toEqual(
      Object.entries(json.asOf)
        .map(([source, position]) => `${source}:${String(position)}`)
        .toSorted(),
    );
  });

  it('changes its tag when the customer changes, and only then', async () => {
    const tag = async (name: string) => (await world.get(of(name))).headers.get('etag');
    const [ada, bob] = [await tag('ada'), await tag('bob')];
    expect(await tag('ada')).toBe(ada);
    await world.tell(reachable('bob', 'PHONE', '+8613800138000', '2026-11-06'));
    expect(await tag('ada')).toBe(ada);
    expect(await tag('bob')).not.toBe(bob);
  });

  it('masks personal values for roles that may not see them', async () => {
    const { status, json } = await world.get(of('ada'), { roles: ['auditor'] });
    expect(status).toBe(200);
    expect(json.slices.customer).toMatchObject({ displayName: null, contactPoints: [{ value: null }] });
    expect(json.masked).toEqual({
      '/slices/customer/displayName': 'role',
      '/slices/customer/contactPoints/0/value': 'role',
    });
    expect(JSON.stringify(json)).not.toContain('Ada');
  });

  it('is for an agent only where the customer is his or nobody’s', async () => {
    const agent = { roles: ['agent'], claims: { agent: 'agent-1' } };
    expect((await world.get(of('ada'), agent)).status).toBe(200);
    world.owners.set(idOf('ada'), 'agent-2');
    expect((await world.get(of('ada'), agent)).status).toBe(403);
    world.owners.clear();
  });

  it('waits for what the caller has written, and says when it is behind', async () => {
    const { status } = await world.get(`${of('ada')}?minPosition=customer:4,order:2,marketing:99`);
    expect(status).toBe(200);
    const behind = await world.get(`${of('ada')}?minPosition=order:99`);
    expect(behind.status).toBe(503);
    expect(behind.json).toMatchObject({ code: 'BEHIND', asOf: { order: 2 }, retryable: true });
  });

  it('knows nobody under another id', async () => {
    expect((await world.get(of('nobody'))).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await world.get('/api/customers/not-an-id/360')).status).toBe(400);
    expect((await world.get(`${of('ada')}?asof=1`)).status).toBe(400);
    expect((await world.get(of('ada'), { roles: null })).status).toBe(401);
    expect((await world.get(of('ada'), { roles: ['import'] })).status).toBe(403);
  });

  it('is gone once the customer is erased, and redacted once his keys are', async () => {
    await world.tell(registered('eve', 'Eve', '2026-11-06'));
    await world.keys.destroy(idOf('eve'));
    const { json } = await world.get(of('eve'));
    expect(json.slices.customer.displayName).toBeNull();
    expect(json.masked).toEqual({ '/slices/customer/displayName': 'erased' });
    await world.tell({
      source: 'customer',
      type: 'CustomerErased',
      customer: 'eve',
      on: '2026-11-06',
      data: { requestId: idOf('request'), certificateSha256: 'a'.repeat(64) },
    });
    for (const tail of ['360', 'timeline'])
      expect((await world.get(of('eve', tail))).json).toMatchObject({ status: 410, code: 'CUSTOMER_ERASED' });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listPage, route } from '../src/index.ts';
import { boxes, row, startWorld, uuid, type World } from './world.ts';

/** A list whose aggregates have owners of their own: here the status names him. */
const owned = route({
  method: 'GET',
  path: '/api/owned',
  summary: 'Boxes with an owner of their own',
  access: { rights: ['open', 'masked'] },
  responses: {},
  handle: async ({ principal }, kit) => {
    const sort = { column: 'size', descending: false };
    const question = { route: '/api/owned', projection: boxes, filters: [], sort, ownerColumn: 'status' };
    const page = await listPage(question, { limit: 10, cursor: undefined, principal }, kit);
    return { status: 200, body: page.rows.map(({ document: { id }, sight }) => ({ id, sight })) };
  },
});

let world: World;
beforeAll(async () => {
  world = await startWorld({ extra: [owned] });
});
afterAll(() => world.close());
beforeEach(() => {
  world.rows.length = 0;
  world.owners.clear();
});

const agent = (id: string, teams: readonly string[] = []) => ({
  roles: ['agent'],
  claims: { agent: id, teams },
});

const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
const list = async (search: string, options: Parameters<World['call']>[2] = { roles: ['supervisor'] }) =>
  world.call('GET', `/api/boxes${search}`, options);

describe('a list', () => {
  it('shows the newest first, with when each was made', async () => {
    world.rows.push(row(1), row(2), row(3));
    const answer = await list('');
    expect(answer.json['items'][0]).toEqual({
      id: uuid(3),
      customerId: uuid(900),
      status: 'Open',
      revision: 0,
      createdAt: '2026-11-20T09:00:00.003Z',
      updatedAt: '2026-11-20T09:00:00.003Z',
      size: 3,
    });
    expect(answer.json).toMatchObject({ next: null, asOf: { store: 41 } });
    expect(answer.headers.get('x-position')).toBe('store:41');
  });

  it('filters', async () => {
    world.rows.push(row(1), row(2, { status: 'Closed' }), row(3, { customerId: uuid(901) }), row(4));
    expect(ids((await list('?status=Closed,Gone')).json['items'])).toEqual([uuid(2)]);
    expect(ids((await list(`?customerId=${uuid(901)}`)).json['items'])).toEqual([uuid(3)]);
    expect(ids((await list('?size=4')).json['items'])).toEqual([uuid(4)]);
    expect(ids((await list('?minSize=3&sort=size')).json['items'])).toEqual([uuid(3), uuid(4)]);
    const from = encodeURIComponent('2026-11-20T09:00:00.002Z');
    const to = encodeURIComponent('2026-11-20T10:00:00.003+01:00');
    expect(ids((await list(`?createdFrom=${from}&createdTo=${to}`)).json['items'])).toEqual([uuid(2)]);
  });

  it('shows a customer with everybody merged into him, also by way of others', async () => {
    const party = (id: string, state: object) =>
      world.rows.push({ ...row(1), id, columns: [], body: JSON.stringify({ slices: { customer: state } }) });
    world.rows.push(
      row(1, { customerId: uuid(901) }),
      row(2, { customerId: uuid(902) }),
      row(3, { customerId: uuid(903) }),
      row(4, { customerId: uuid(904) }),
      row(5, { customerId: uuid(905) }),
    );
    party(uuid(901), { standing: 'present', survivorId: null, absorbed: [uuid(902), uuid(904)] });
    party(uuid(902), { standing: 'absorbed', survivorId: uuid(901), absorbed: [uuid(903)] });
    party(uuid(904), { standing: 'absorbed', survivorId: uuid(905) }); // another one was quicker
    const of = async (n: number) => ids((await list(`?customerId=${uuid(n)}`)).json['items']);
    expect(await of(901)).toEqual([uuid(3), uuid(2), uuid(1)]);
    expect(await of(902)).toEqual([uuid(3), uuid(2)]);
    expect(await of(903)).toEqual([uuid(3)]);
    const { json } = await list(`?customerId=${uuid(901)}&limit=2`);
    party(uuid(903), { standing: 'absorbed', survivorId: uuid(902), absorbed: [uuid(906)] });
    const next = await list(`?customerId=${uuid(901)}&limit=2&cursor=${json['next']}`);
    expect(ids(next.json['items'])).toEqual([uuid(1)]);
  });

  it('pages without a gap or a repetition, whatever is added meanwhile', async () => {
    for (let n = 1; n <= 7; n++) world.rows.push(row(n, { size: n % 3 }));
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await list(`?sort=-size&limit=2${cursor}`);
      seen.push(...ids(json['items']));
      cursor = json['next'] === null ? '' : `&cursor=${json['next']}`;
      world.rows.push(row(100 + seen.length, { size: 2 }));
    } while (cursor !== '' && seen.length < 50);
    expect(new Set(seen).size).toBe(seen.length);
    for (let n = 1; n <= 7; n++) expect(seen).toContain(uuid(n));
  });

  it('refuses the cursor of another question, another caller, or a made-up one', async () => {
    world.rows.push(row(1), row(2), row(3));
    const { json } = await list('?limit=1');
    const next = `&cursor=${json['next']}`;
    expect((await list(`?limit=2${next}`)).status).toBe(200);
    expect((await list(`?limit=1&sort=createdAt${next}`)).status).toBe(400);
    expect((await list(`?limit=1&size=1${next}`)).status).toBe(400);
    expect((await list(`?limit=1${next}`, { roles: ['admin'] })).status).toBe(400);
    expect((await list('?cursor=e30')).status).toBe(400);
    expect((await list(`?cursor=${'A'.repeat(60)}`)).status).toBe(400);
  });

  it.each([
    '?limit=0',
    '?limit=501',
    '?limit=x',
    '?sort=revision',
    '?sort=secret',
    '?size=big',
    '?createdFrom=today',
  ])('refuses %s', async (search) => expect((await list(search)).status).toBe(400));

  it('waits for a position, and says when it is too far behind', async () => {
    expect((await list('?minPosition=store:41,other:99')).status).toBe(200);
    const answer = await list('?minPosition=store:42');
    expect(answer).toMatchObject({
      status: 503,
      json: { code: 'BEHIND', retryable: true, asOf: { store: 41 } },
    });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await list('?minPosition=store')).status).toBe(400);
  });

  it('shows an agent only rows of customers he may see, in full pages', async () => {
    world.owners.set(uuid(901), 'agent-2');
    for (let n = 1; n <= 12; n++) world.rows.push(row(n, { customerId: uuid(n % 3 === 0 ? 900 : 901) }));
    const mine = agent('agent-1');
    const first = await list('?limit=3', mine);
    expect(ids(first.json['items'])).toEqual([uuid(12), uuid(9), uuid(6)]);
    const second = await list(`?limit=3&cursor=${first.json['next']}`, mine);
    expect(ids(second.json['items'])).toEqual([uuid(3)]);
    expect(second.json['next']).toBeNull();
    expect(ids((await list('', { roles: ['auditor'] })).json['items'])).toHaveLength(12);
  });

  it('of aggregates with an owner goes by him before the customer’s', async () => {
    world.owners.set(uuid(901), 'agent-2').set(uuid(902), 'agent-1');
    world.rows.push(
      row(1, { customerId: uuid(901), status: 'agent-1' }),
      row(2, { customerId: uuid(902), status: 'agent-2' }),
      row(3, { customerId: uuid(902), status: null }),
    );
    const seen = async (roles: readonly string[]) =>
      (await world.call('GET', '/api/owned', { roles, claims: { agent: 'agent-1' } })).json;
    expect(await seen(['agent'])).toEqual([
      { id: uuid(1), sight: 'open' },
      { id: uuid(3), sight: 'open' },
    ]);
    expect(await seen(['agent', 'auditor'])).toEqual([
      { id: uuid(1), sight: 'open' },
      { id: uuid(2), sight: 'masked' },
      { id: uuid(3), sight: 'open' },
    ]);
    expect(await seen(['supervisor'])).toHaveLength(3);
  });
});

import { encodeBlocks } from '@tenure/events';
import { TenureError } from '@tenure/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listPage, openDocument, route } from '../src/index.ts';
import { blockOf, boxes, NOW, row, startWorld, uuid, type World } from './world.ts';

const document = route({
  method: 'GET',
  path: '/api/customers/{id}/document',
  summary: 'The stored document of a customer',
  access: { rights: ['open', 'masked'] },
  params: z.object({ id: z.string() }),
  responses: {},
  handle: async ({ params, principal, requestId }, kit) => {
    const [stored] = await kit.reader.byKey('boxes', params.id);
    if (stored === undefined) throw new TenureError('NOT_FOUND', 'None.');
    const reading = { principal, requestId, route: 'GET /api/customers/{id}/document' };
    return { status: 200, body: await openDocument(stored, reading, kit) };
  },
});

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
  world = await startWorld({ extra: [document, owned] });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.options.audit.flush();
  world.audited.length = 0;
  world.rows.length = 0;
  world.owners.clear();
});

const audited = async () => {
  await world.options.audit.flush();
  return world.audited;
};

const agent = (id: string, teams: readonly string[] = []) => ({
  roles: ['agent'],
  claims: { agent: id, teams },
});

describe('one aggregate', () => {
  const ref = { $sealed: uuid(70), field: 'label' };
  beforeEach(() => {
    const plain = world.view('x');
    world.view = (id) => ({
      ...plain,
      id,
      customerId: uuid(900),
      state: { label: ref },
      sealed: new Map([[uuid(70), blockOf(70, uuid(900), { label: 'Ada' })]]),
    });
  });

  it('is shown with its revision and what the caller may do', async () => {
    const answer = await world.call('GET', `/api/boxes/${uuid(5)}`, { roles: ['supervisor'] });
    expect(answer.headers.get('etag')).toBe('"3"');
    expect(answer.json).toEqual({
      id: uuid(5),
      customerId: uuid(900),
      status: 'Open',
      revision: 3,
      allowedCommands: ['LabelBox', 'CloseBox', 'GrantConsent'],
      state: { label: 'Ada' },
      masked: {},
    });
    const { json } = await world.call('GET', `/api/boxes/${uuid(5)}`, { roles: ['agent'] });
    expect(json['allowedCommands']).toEqual(['LabelBox', 'GrantConsent']);
  });

  it('hides personal data from roles that may not see it', async () => {
    const answer = await world.call('GET', `/api/boxes/${uuid(5)}`, { roles: ['auditor'] });
    expect(answer.json).toMatchObject({
      state: { label: null },
      masked: { '/label': 'role' },
      allowedCommands: [],
    });
    expect(await audited()).toEqual([]);
  });

  it('writes down who saw what', async () => {
    await world.call('GET', `/api/boxes/${uuid(5)}`, { roles: ['supervisor'] });
    expect(await audited()).toMatchObject([
      {
        kind: 'opened',
        at: NOW,
        sub: 'sub of supervisor',
        route: 'GET /api/boxes/{id}',
        opened: [{ customerId: uuid(900), fields: ['/label'] }],
      },
    ]);
  });

  it('may not be read by an import', async () => {
    const { status } = await world.call('GET', `/api/boxes/${uuid(5)}`, { roles: ['import'] });
    expect(status).toBe(403);
  });

  it('of an absorbed customer leads to the survivor', async () => {
    world.view = () => {
      throw new TenureError('CUSTOMER_ABSORBED', 'Gone.', { survivorId: uuid(7) });
    };
    const answer = await world.call('GET', `/api/boxes/${uuid(5)}`);
    expect(answer.status).toBe(308);
    expect(answer.headers.get('location')).toBe(`/api/boxes/${uuid(7)}`);
  });
});

const ref = (n: number, field: string, entry?: string) => ({
  $sealed: uuid(n),
  field,
  ...(entry && { entry }),
});

const store = (customerId: string) => {
  const body = {
    slices: {
      customer: {
        name: ref(70, 'name'),
        kinds: ['A'],
        'a/b': ref(70, 'changes', 'mail'),
        none: ref(70, 'absent'),
      },
    },
    summary: { n: 1 },
  };
  world.rows.push({
    ...row(1, { customerId }),
    body: JSON.stringify(body),
    sealed: encodeBlocks(
      new Map([[uuid(70), blockOf(70, customerId, { name: 'Ada', changes: { mail: 'a@b.c' } })]]),
    ),
  });
  return `/api/customers/${customerId}/document`;
};

describe('a stored document', () => {
  it('is opened for who may see it', async () => {
    const path = store(uuid(900));
    expect((await world.call('GET', path, { roles: ['supervisor'] })).json).toEqual({
      slices: { customer: { name: 'Ada', kinds: ['A'], 'a/b': 'a@b.c', none: null } },
      summary: { n: 1 },
      masked: {},
    });
    expect((await audited())[0]?.opened).toEqual([
      {
        customerId: uuid(900),
        fields: ['/slices/customer/name', '/slices/customer/a~1b', '/slices/customer/none'],
      },
    ]);
  });

  it('says which values are masked and why', async () => {
    const path = store(uuid(900));
    const { json } = await world.call('GET', path, { roles: ['ops'] });
    expect(json).toMatchObject({
      slices: { customer: { name: null, 'a/b': null } },
      masked: { '/slices/customer/name': 'role', '/slices/customer/a~1b': 'role' },
    });
    const erased = await world.call('GET', store(uuid(666)), { roles: ['supervisor'] });
    expect(erased.json).toMatchObject({
      slices: { customer: { name: null } },
      masked: { '/slices/customer/name': 'erased' },
    });
  });

  it('belongs to its owner, the owner’s team, or everybody while it has no owner', async () => {
    const path = store(uuid(900));
    const status = async (who: ReturnType<typeof agent>) => (await world.call('GET', path, who)).status;
    expect(await status(agent('agent-1'))).toBe(200);
    world.owners.set(uuid(900), 'agent-2');
    expect(await status(agent('agent-1'))).toBe(403);
    expect(await status(agent('agent-2'))).toBe(200);
    expect(await status(agent('agent-1', ['T2']))).toBe(200);
    expect(await status(agent('agent-1', ['T3']))).toBe(403);
    const both = { roles: ['agent', 'bi-reader'], claims: { agent: 'agent-1' } };
    expect((await world.call('GET', path, both)).json).toMatchObject({
      masked: { '/slices/customer/name': 'role' },
    });
  });

  it('is opened for analysis with a purpose in a short token, and the purpose is audited', async () => {
    const path = store(uuid(900));
    const name = async (claims: object) =>
      (await world.call('GET', path, { roles: ['bi-pii'], claims })).json['slices'].customer.name as unknown;
    expect(await name({})).toBeNull();
    expect(await name({ purpose: 'study', ttl: 9 * 3600 })).toBeNull();
    expect(await name({ purpose: 'study' })).toBe('Ada');
    expect((await audited())[0]?.purpose).toBe('study');
  });
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

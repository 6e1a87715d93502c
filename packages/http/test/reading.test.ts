import { encodeBlocks } from '@tenure/events';
import { TenureError } from '@tenure/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDocument, route } from '../src/index.ts';
import { blockOf, NOW, row, startWorld, uuid, type World } from './world.ts';

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

let world: World;
beforeAll(async () => {
  world = await startWorld({ extra: [document] });
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

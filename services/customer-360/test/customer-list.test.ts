import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from './stories.ts';
import { bought, linked, openWorld, reachable, registered, type World } from './world.ts';

let world: World;
const found = async (query: string, options = {}) => {
  const { status, json } = await world.get(`/api/customers${query}`, options);
  expect(json.code).toBeUndefined();
  expect(status).toBe(200);
  return (json.items as { id: string }[]).map(({ id }) =>
    ['ada', 'bob', 'cem', 'dan'].find((name) => idOf(name) === id),
  );
};

beforeAll(async () => {
  world = await openWorld();
  await world.tell(
    registered('ada', 'Ada Lovelace', '2026-11-02', { ownerId: idOf('agent') }),
    linked('ada', 'cdnow', '00004', '2026-11-02'),
    reachable('ada', 'EMAIL', 'ada@example.org', '2026-11-02'),
    registered('bob', 'Bob', '2026-11-03'),
    linked('bob', 'ERP', '4711', '2026-11-03'),
    linked('bob', 'cdnow', '00005', '2026-11-03'),
    reachable('bob', 'PHONE', '+8613800138000', '2026-11-03'),
    registered('cem', 'Lovelace, Ada', '2026-11-01'),
    linked('cem', 'erp', '00004', '2026-11-01'),
    ...bought('ada', 'first', '2026-11-04', 2_990),
    ...bought('dan', 'second', '2026-11-02', 10),
  );
  await world.closeDay('2026-11-05');
});
afterAll(() => world.close());

describe('GET /api/customers', () => {
  it('lists who changed last first, with what several services know', async () => {
    expect(await found('')).toEqual(['ada', 'bob', 'dan', 'cem']);
    const { json, headers } = await world.get('/api/customers?limit=1');
    expect(json.items).toEqual([
      {
        id: idOf('ada'),
        customerId: idOf('ada'),
        status: 'Registered',
        name: 'Ada Lovelace',
        externalIds: [{ system: 'cdnow', id: '00004' }],
        ownerId: idOf('agent'),
        lifecycle: 'ACTUAL',
        stage: 'EXPLORATION',
        level: 'LOW',
        createdAt: '2026-11-02T00:00:00.000Z',
        updatedAt: '2026-11-04T00:00:00.000Z',
      },
    ]);
    expect(json.asOf).toMatchObject({ order: 4 });
    expect(headers.get('x-position')).toContain('order:4');
  });

  it('finds an external id with its system, however that is written', async () => {
    expect(await found('?externalId=cdnow:00004')).toEqual(['ada']);
    expect(await found('?externalId=CDNOW:00004')).toEqual(['ada']);
    expect(await found('?externalId=erp:4711')).toEqual(['bob']);
    expect(await found('?externalId=cdnow:99')).toEqual([]);
  });

  it('finds a bare one where only one system has it', async () => {
    expect(await found('?externalId=4711')).toEqual(['bob']);
    const { status, json } = await world.get('/api/customers?externalId=00004');
    expect(status).toBe(422);
    expect(json).toMatchObject({ code: 'AMBIGUOUS_EXTERNAL_ID', systems: ['cdnow', 'erp'] });
  });

  it('finds an e-mail address, a phone number or a name that is exactly this', async () => {
    expect(await found('?q=ADA%40example.org')).toEqual(['ada']);
    expect(await found('?q=138%200013%208000')).toEqual(['bob']);
    expect(await found('?q=lovelace%20ada')).toEqual(['ada', 'cem']);
    expect(await found('?q=ada')).toEqual([]);
  });

  it('narrows down by all that is asked', async () => {
    expect(await found('?q=ada%20lovelace&externalId=cdnow:00004')).toEqual(['ada']);
    expect(await found(`?customerId=${idOf('bob')},${idOf('cem')}&q=ada%20lovelace`)).toEqual(['cem']);
    expect(await found('?lifecycle=ACTUAL')).toEqual(['ada', 'dan']);
    expect(await found('?lifecycle=ACTUAL&status=Registered')).toEqual(['ada']);
    expect(await found('?status=Bare,Erased')).toEqual(['dan']);
    expect(await found('?stage=EXPLORATION')).toEqual(['ada', 'bob', 'dan', 'cem']);
    expect(await found(`?owner=${idOf('agent')}`)).toEqual(['ada']);
    expect(await found('?createdFrom=2026-11-02T00:00:00Z&createdTo=2026-11-03T00:00:00Z')).toEqual([
      'ada',
      'dan',
    ]);
  });

  it('sorts by what it can be filtered by', async () => {
    expect(await found('?sort=createdAt')).toEqual([
      'cem',
      ...(idOf('ada') < idOf('dan') ? ['ada', 'dan'] : ['dan', 'ada']),
      'bob',
    ]);
    expect(await found('?sort=-owner&limit=1')).toEqual(['ada']);
    for (const sort of ['name', '__proto__', ''])
      expect((await world.get(`/api/customers?sort=${sort}`)).json).toMatchObject({
        status: 400,
        code: 'INVALID',
      });
  });

  it('comes in pages, found or filtered', async () => {
    for (const query of [
      '?sort=-updatedAt',
      `?customerId=${['ada', 'bob', 'cem', 'dan'].map(idOf).join(',')}`,
    ]) {
      const names: unknown[] = [];
      let next: string | null = '';
      while (next !== null) {
        const page: string = next === '' ? `${query}&limit=3` : `${query}&limit=3&cursor=${next}`;
        names.push(...(await found(page)));
        next = (await world.get(`/api/customers${page}`)).json.next as string | null;
      }
      expect(names).toEqual(['ada', 'bob', 'dan', 'cem']);
    }
  });

  it('shows no names to those who may not see them, and no rows of others to an agent', async () => {
    const { json } = await world.get('/api/customers', { roles: ['ops'] });
    expect(json.items.map(({ name }: { name: unknown }) => name)).toEqual([null, null, null, null]);
    world.owners.set(idOf('ada'), 'agent-2');
    expect(await found('', { roles: ['agent'], claims: { agent: 'agent-1' } })).toEqual([
      'bob',
      'dan',
      'cem',
    ]);
    expect(await found('?q=ada%40example.org', { roles: ['agent'], claims: { agent: 'agent-1' } })).toEqual(
      [],
    );
    world.owners.clear();
  });

  it('waits for what the caller has written', async () => {
    expect(await found('?minPosition=order:4&limit=1')).toEqual(['ada']);
    expect((await world.get('/api/customers?minPosition=order:99')).json).toMatchObject({ code: 'BEHIND' });
  });

  it('refuses what it does not know', async () => {
    for (const query of ['?grade=A', '?limit=0', '?limit=501', '?cursor=abc', '?minPosition=now'])
      expect((await world.get(`/api/customers${query}`)).status).toBe(400);
  });
});

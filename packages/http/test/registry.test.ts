import { createRegistry } from '@tenure/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './world.ts';

const registry = createRegistry();
const [subject = ''] = registry.subjects();
const first = registry.version(subject, 1);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const TYPE = 'application/vnd.schemaregistry.v1+json';
const path = `/registry/subjects/${encodeURIComponent(subject)}/versions`;

describe('the registry', () => {
  it('gives what clients of Confluent’s ask for', async () => {
    const all = await world.call('GET', '/registry/subjects', { roles: ['bi-reader'] });
    expect(all.headers.get('content-type')).toBe(TYPE);
    expect(all.json).toEqual(registry.subjects());
    expect((await world.call('GET', `${path}?deleted=false`)).json).toEqual(registry.versions(subject));
    const version = await world.call('GET', `${path}/latest`);
    expect(version.json).toMatchObject({ subject, version: registry.versions(subject).at(-1) });
    const byId = await world.call('GET', `/registry/schemas/ids/${first?.id}?fetchMaxId=false&subject=x`);
    expect(JSON.parse(byId.json['schema'] as string)).toEqual(first?.schema);
  });

  it('takes a token as the password of basic authentication, here only', async () => {
    const token = await world.token(['bi-reader']);
    const headers = { authorization: `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}` };
    expect(await world.call('GET', '/registry/subjects', { roles: null, headers })).toMatchObject({
      status: 200,
    });
    expect(await world.call('GET', '/api/boxes', { roles: null, headers })).toMatchObject({ status: 401 });
    const none = await world.call('GET', '/registry/subjects', { roles: null });
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toContain('Basic');
  });

  it.each([
    ['/registry/schemas/ids/999999', 40_403],
    ['/registry/subjects/nothing/versions', 40_401],
    ['/registry/subjects/nothing/versions/1', 40_401],
    [`${path}/999`, 40_402],
  ])('says that there is no %s as a problem and in its own words', async (where, code) => {
    const answer = await world.call('GET', where);
    expect(answer).toMatchObject({ status: 404, json: { code: 'NOT_FOUND', error_code: code } });
    expect(answer.json['message']).toBeTypeOf('string');
  });

  it('tells whether a schema could come next', async () => {
    const ask = (schema: unknown, version = '/latest') =>
      world.call(
        'POST',
        `/registry/compatibility/subjects/${encodeURIComponent(subject)}/versions${version}`,
        {
          headers: { 'content-type': TYPE },
          body: { schema: typeof schema === 'string' ? schema : JSON.stringify(schema) },
        },
      );
    const same = first?.schema as unknown as { fields: object[] };
    expect((await ask(same)).json).toEqual({ is_compatible: true, messages: [] });
    const more = {
      ...same,
      fields: [...same.fields, { name: 'newField', type: 'string', doc: 'x', pii: false }],
    };
    const refused = await ask(more, '');
    expect(refused.json['is_compatible']).toBe(false);
    expect(refused.json['messages']).not.toEqual([]);
    expect(await ask('{')).toMatchObject({
      status: 422,
      json: { code: 'SCHEMA_INVALID', error_code: 42_201 },
    });
    expect(await ask(same, '/77')).toMatchObject({ status: 404 });
  });
});

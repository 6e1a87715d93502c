import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;
let document: Record<string, any>;
beforeAll(async () => {
  world = await startWorld();
  document = (await world.call('GET', '/openapi.json', { roles: null })).json;
});
afterAll(() => world.close());

describe('the OpenAPI document', () => {
  it('lists every route with its access, parameters, bodies and refusals', () => {
    expect(document['openapi']).toBe('3.1.0');
    expect(Object.keys(document['paths']).toSorted()).toEqual([
      '/api/boxes',
      '/api/boxes/{id}',
      '/api/boxes/{id}/close',
      '/api/boxes/{id}/grant-consent',
      '/api/boxes/{id}/label',
      '/api/commands',
      '/docs',
      '/docs/problems',
      '/docs/style.css',
      '/healthz',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/registry/compatibility/subjects/{subject}/versions',
      '/registry/compatibility/subjects/{subject}/versions/{version}',
      '/registry/schemas/ids/{id}',
      '/registry/schemas/types',
      '/registry/subjects',
      '/registry/subjects/{subject}/versions',
      '/registry/subjects/{subject}/versions/{version}',
    ]);
    const open = document['paths']['/api/boxes'].post;
    expect(open).toMatchObject({
      operationId: 'postApiBoxes',
      summary: 'OpenBox',
      'x-access': { command: 'OpenBox', service: 'store' },
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              additionalProperties: false,
              properties: { size: { type: 'integer' } },
            },
          },
        },
      },
      responses: { 201: {}, 200: {}, default: { content: { 'application/problem+json': {} } } },
    });
    expect(open.responses.default.description).toContain('BOX_TOO_HEAVY');
    expect(document['paths']['/api/boxes/{id}/close'].post['x-access'].people).toEqual([
      'supervisor',
      'admin',
    ]);
    expect(document['paths']['/healthz'].get.security).toEqual([]);
    const parameters = document['paths']['/api/boxes'].get.parameters as {
      name: string;
      in: string;
      schema: object;
    }[];
    expect(parameters.map(({ name }) => name)).toContain('minPosition');
    expect(parameters.find(({ name }) => name === 'limit')?.schema).toMatchObject({
      type: 'integer',
      maximum: 500,
    });
  });

  it('names no operation twice', () => {
    const ids = Object.values(
      document['paths'] as Record<string, Record<string, { operationId: string }>>,
    ).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the pages', () => {
  it('can be read without a script, a style in the page, or another origin', async () => {
    for (const path of ['/docs', '/docs/problems']) {
      const { status, text, headers } = await world.call('GET', path, { roles: null });
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(text).not.toMatch(/<script|<style|style=|https?:\/\//);
    }
    const style = await world.call('GET', '/docs/style.css', { roles: null });
    expect(style.headers.get('content-type')).toContain('text/css');
  });

  it('show every route, and an entry for every refusal', async () => {
    const { text } = await world.call('GET', '/docs', { roles: null });
    expect(text).toContain('/api/boxes/{id}/label');
    expect(text).toContain('<a href="/docs/problems#BOX_TOO_HEAVY">');
    const problems = (await world.call('GET', '/docs/problems', { roles: null })).text;
    for (const code of ['ILLEGAL_STATE', 'STALE_REVISION', 'BOX_TOO_HEAVY', 'DISK_FULL'])
      expect(problems).toContain(`<tr id="${code}">`);
  });
});

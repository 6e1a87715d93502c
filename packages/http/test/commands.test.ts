import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ruleViolated, TenureError } from '@tenure/core';
import { NOW, result, startWorld, uuid, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.sent.length = 0;
  world.audited.length = 0;
  world.answer = (request) => Promise.resolve(result(request));
});

describe('a command', () => {
  it('creates: 201 with Location, ETag, X-Position', async () => {
    const answer = await world.call('POST', '/api/boxes', {
      body: { size: 3 },
      headers: { 'idempotency-key': 'shop-1' },
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({ id: uuid(1), revision: 0, position: 41, customerId: uuid(900) });
    expect(answer.headers.get('location')).toBe(`/api/boxes/${uuid(1)}`);
    expect(answer.headers.get('etag')).toBe('"0"');
    expect(answer.headers.get('x-position')).toBe('store:41');
    expect(answer.headers.get('idempotent-replay')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(world.sent).toMatchObject([
      {
        service: 'store',
        aggregate: 'box',
        steps: [{ command: 'OpenBox', body: { size: 3 } }],
        key: 'shop-1',
        principal: 'sub of admin',
        route: '/api/boxes',
        ifMatch: null,
        scope: 'all',
        backfill: false,
      },
    ]);
    expect(world.sent[0]?.id).toBeUndefined();
  });

  it('changes: 200, with the id of the path and the revision of If-Match', async () => {
    const answer = await world.call('POST', `/api/boxes/${uuid(5)}/label`, {
      body: { label: 'x' },
      headers: { 'if-match': 'W/"3"' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toBeNull();
    expect(world.sent).toMatchObject([{ id: uuid(5), ifMatch: 3, route: '/api/boxes/{id}/label' }]);
  });

  it('says that it repeats the first answer', async () => {
    world.answer = (request) => Promise.resolve({ ...result(request), replay: true });
    const answer = await world.call('POST', '/api/boxes', { body: {} });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotent-replay')).toBe('true');
  });

  it('that changes nothing has no position', async () => {
    world.answer = (request) => Promise.resolve({ ...result(request), created: false, position: null });
    const answer = await world.call('POST', `/api/boxes/${uuid(5)}/label`, { body: {} });
    expect(answer.status).toBe(200);
    expect(answer.json['position']).toBeNull();
    expect(answer.headers.get('x-position')).toBeNull();
  });

  it('takes an empty body for {}', async () => {
    await world.call('POST', '/api/boxes');
    expect(world.sent).toMatchObject([{ steps: [{ command: 'OpenBox', body: {} }] }]);
  });

  it('gets a fresh key when there is none', async () => {
    await world.call('POST', '/api/boxes');
    await world.call('POST', '/api/boxes');
    expect(world.sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(world.sent[0]?.key).not.toBe(world.sent[1]?.key);
  });

  it.each([
    ['If-Match', '3'],
    ['If-Match', '"x"'],
    ['Idempotency-Key', 'x'.repeat(201)],
  ])('with a wrong %s is 400', async (name, value) => {
    const answer = await world.call('POST', `/api/boxes/${uuid(5)}/label`, { headers: { [name]: value } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID' } });
    expect(world.sent).toEqual([]);
  });

  it('of a process alone has no route', async () => {
    expect(await world.call('POST', `/api/boxes/${uuid(5)}/sweep`)).toMatchObject({ status: 404 });
  });

  it('for an id that is none is 400', async () => {
    expect(await world.call('POST', '/api/boxes/first/label')).toMatchObject({
      status: 400,
      json: { errors: [{ path: '/id' }] },
    });
  });

  it('carries the trace on', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await world.call('POST', '/api/boxes', { headers: { traceparent } });
    expect(world.sent[0]?.traceparent).toBe(traceparent);
  });
});

describe('rights to commands', () => {
  it.each([
    ['agent', 'own'],
    ['supervisor', 'all'],
    ['service:store', 'all'],
    ['import', 'all'],
  ])('%s reaches %s', async (role, scope) => {
    expect(await world.call('POST', '/api/boxes', { roles: [role] })).toMatchObject({ status: 201 });
    expect(world.sent).toMatchObject([{ scope }]);
  });

  it.each(['service:other', 'ops', 'auditor', 'bi-reader', 'privacy-officer'])(
    '%s gets 403 with who may, and it is audited before the answer',
    async (role) => {
      const answer = await world.call('POST', '/api/boxes', { roles: [role] });
      expect(answer).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
      expect(answer.json['needs']).toContain('supervisor');
      expect(world.sent).toEqual([]);
      expect(world.audited).toMatchObject([
        { kind: 'refused', code: 'FORBIDDEN', roles: [role], route: 'POST /api/boxes', at: NOW },
      ]);
    },
  );

  it('keeps a command for supervisors from agents', async () => {
    const path = `/api/boxes/${uuid(5)}/close`;
    expect(await world.call('POST', path, { roles: ['agent'] })).toMatchObject({
      status: 403,
      json: { needs: ['supervisor', 'service:store', 'import', 'admin'] },
    });
    expect(await world.call('POST', path, { roles: ['supervisor'] })).toMatchObject({ status: 200 });
  });

  it('lets a privacy officer grant consents and nothing else', async () => {
    const roles = ['privacy-officer'];
    expect(await world.call('POST', `/api/boxes/${uuid(5)}/grant-consent`, { roles })).toMatchObject({
      status: 200,
    });
    expect(await world.call('POST', `/api/boxes/${uuid(5)}/label`, { roles })).toMatchObject({ status: 403 });
  });
});

const refused = async (error: Error, roles = ['admin']) => {
  world.answer = async () => {
    throw error;
  };
  return world.call('POST', `/api/boxes/${uuid(5)}/label`, { roles, body: { label: 'canary-7' } });
};

describe('a refusal', () => {
  it('is problem+json with what the caller may do now', async () => {
    const current = { id: uuid(5), status: 'Closed', revision: 5 };
    const data = { current, allowedCommands: ['LabelBox', 'CloseBox', 'SweepBox', 'GrantConsent'] };
    const answer = await refused(new TenureError('ILLEGAL_STATE', 'No.', data), ['agent']);
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toEqual({
      type: '/docs/problems#ILLEGAL_STATE',
      title: 'Not allowed in this state',
      status: 409,
      code: 'ILLEGAL_STATE',
      detail: 'No.',
      requestId: answer.headers.get('x-request-id'),
      current,
      allowedCommands: ['LabelBox', 'GrantConsent'],
    });
  });

  it.each([
    ['STALE_REVISION', 412],
    ['WRONG_EXPECTED_REVISION', 412],
    ['IF_MATCH_REQUIRED', 428],
    ['CUSTOMER_ERASED', 410],
    ['KEYS_DESTROYED', 410],
    ['ALREADY_EXISTS', 409],
    ['NOT_FOUND', 404],
  ])('%s is %i', async (code, status) => {
    expect((await refused(new TenureError(code, 'No.'))).status).toBe(status);
  });

  it('by a rule of the domain is 422 under its own code', async () => {
    const answer = await refused(ruleViolated('BOX_TOO_HEAVY', 'Take less.', { limit: 3 }));
    expect(answer).toMatchObject({ status: 422, json: { code: 'BOX_TOO_HEAVY', limit: 3 } });
    expect(answer.json['rule']).toBeUndefined();
  });

  it.each([
    ['OVERLOADED', 503, '1'],
    ['UNAVAILABLE', 503, '2'],
    ['DISK_FULL', 507, '10'],
  ])('%s can be tried again: %i, Retry-After %s', async (code, status, after) => {
    const answer = await refused(new TenureError(code, 'No.', {}, { retriable: true }));
    expect(answer).toMatchObject({ status, json: { retryable: true } });
    expect(answer.headers.get('retry-after')).toBe(after);
  });

  it('that nobody foresaw is 500, without its text here or in the log', async () => {
    const answer = await refused(new TypeError('cannot read canary-7 of undefined'));
    expect(answer).toMatchObject({ status: 500, json: { code: 'INTERNAL' } });
    expect(answer.text).not.toContain('canary-7');
    expect(world.logged.join()).toContain('a request failed');
    expect(world.logged.join()).not.toContain('canary-7');
  });
});

// Customers and match candidates over HTTP, on a running platform: a route per command, refusals that say what to do, and
// what a merge shows to the world.
import { uuid5 } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, get, type Asked, type Json } from '../../../test/e2e/client.ts';
import { sendingTo } from '../../../test/e2e/sending.ts';
import { startServer, temporaryFolder, until, type Server } from '../../../test/e2e/server.ts';
import { matchIdOf } from '../src/match.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(temporaryFolder());
}, 90_000);
afterAll(() => server.stop());

const agent: Asked = { roles: ['agent'], claims: { agent: idOf('agent-1'), teams: [] } };
const supervisor: Asked = { roles: ['supervisor'] };

const { send, done, refusedWith } = sendingTo(() => server, supervisor);

const register = async (name: string, more: object = {}): Promise<string> => {
  const customerId = idOf(name);
  await done('/customers', { customerId, kind: 'PERSON', displayName: name, source: 'MANUAL', ...more });
  return customerId;
};

const shown = async (id: string): Promise<Json> => (await get(server, `/api/customers/${id}`)).json;

describe('the commands of a customer', { timeout: 60_000 }, () => {
  it('have a route each, and show what they did', async () => {
    const id = await register('Ada Lovelace');
    const point = idOf('mail of Ada');
    const contact = idOf('contact of Ada');
    const on = (command: string, body: object = {}) => done(`/customers/${id}/${command}`, body, agent);
    await on('change-profile', { changes: { jobTitle: 'Countess' }, source: 'FORM' });
    await on('add-contact-point', {
      contactPointId: point,
      channel: 'EMAIL',
      value: 'Ada@Example.org',
      primary: true,
    });
    await on('verify-contact-point', { contactPointId: point, method: 'link' });
    await on('add-related-contact', { contactId: contact, name: 'Charles', role: 'USER' });
    await on('retire-related-contact', { contactId: contact, reason: 'left' });
    await on('link-external-identity', { system: 'erp', externalId: 'A-1' });
    await on('assign-account-owner', { ownerId: idOf('agent-1') });
    await on('set-custom-attributes', { attributes: { industry: 'TECHNOLOGY', employees: 7 } });
    await on('set-custom-attributes', { attributes: { employees: 8 }, clear: ['industry'] });
    await on('grant-consent', {
      purpose: 'marketing',
      channel: 'EMAIL',
      legalBasis: 'CONSENT',
      policyVersion: '1',
      evidenceRef: 'f',
    });
    await on('withdraw-consent', { purpose: 'marketing', channel: 'EMAIL' });
    await on('place-legal-hold', { holdId: idOf('hold'), basis: 'case 7' });
    await on('place-legal-hold', { holdId: idOf('short'), basis: 'case 8' });
    await on('release-legal-hold', { holdId: idOf('short') });
    await on('retire-contact-point', { contactPointId: point, reason: 'BOUNCED' });
    const { status, state, allowedCommands } = await shown(id);
    expect(status).toBe('Registered');
    expect(state).toMatchObject({
      attributes: { employees: 8 },
      legalHolds: [{ holdId: idOf('hold'), basis: 'case 7' }],
      ...{ merges: [], erasure: null, ownerId: idOf('agent-1') },
    });
    expect(allowedCommands).toEqual(
      expect.arrayContaining(['MergeCustomers', 'UnmergeCustomer', 'RequestErasure']),
    );
    expect(allowedCommands).not.toContain('AbsorbCustomer');
  });

  it('have none where a process decides', async () => {
    const id = await register('Nobody');
    for (const command of ['absorb', 'restore', 'destroy-subject-keys', 'erase', 'export-subject-data'])
      expect((await send(`/customers/${id}/${command}`)).status).toBe(404);
  });

  it('check attributes against their schema without repeating them', async () => {
    const id = await register('Grace');
    const problem = await refusedWith(422, 'ATTRIBUTES_INVALID', `/customers/${id}/set-custom-attributes`, {
      attributes: { employees: 'very many', secret: 'x' },
    });
    expect(JSON.stringify(problem)).not.toMatch(/very many|secret/);
    await refusedWith(422, 'UNKNOWN_SCHEMA', `/customers/${id}/set-custom-attributes`, {
      schemaId: 'none',
      attributes: { a: 1 },
    });
    await refusedWith(400, 'INVALID', `/customers/${id}/set-custom-attributes`, {});
  });

  it('ask for an erasure, and take it back', async () => {
    const id = await register('Karl');
    await done(`/customers/${id}/request-erasure`, {}, agent);
    expect(await shown(id)).toMatchObject({
      status: 'ErasurePending',
      state: { erasure: { keysDestroyed: false } },
    });
    await refusedWith(409, 'ILLEGAL_STATE', `/customers/${id}/change-profile`, {
      changes: { a: 'b' },
      source: 'x',
    });
    await refusedWith(422, 'UNKNOWN_HOLD', `/customers/${id}/release-legal-hold`, { holdId: idOf('none') });
    await done(`/customers/${id}/cancel-erasure`, { reason: 'by mistake' });
    expect((await shown(id))['status']).toBe('Registered');
  });
});

describe('a merge', { timeout: 60_000 }, () => {
  it('is a supervisor’s, redirects the absorbed, and can be undone', async () => {
    const [survivor, absorbed] = [await register('Lin'), await register('Lin again')];
    const mergeId = idOf('merge');
    const body = { mergeId, absorbedIds: [absorbed] };
    const forbidden = await refusedWith(403, 'FORBIDDEN', `/customers/${survivor}/merge`, body, agent);
    expect(forbidden['needs']).toEqual(expect.arrayContaining(['supervisor', 'admin']));
    await refusedWith(422, 'MERGE_WITH_ITSELF', `/customers/${survivor}/merge`, { absorbedIds: [survivor] });
    await done(`/customers/${survivor}/merge`, body);
    const redirected = await until('the absorbed redirects', async () => {
      const answer = await get(server, `/api/customers/${absorbed}`);
      return answer.status === 308 && answer;
    });
    expect(redirected.headers.get('location')).toBe(`/api/customers/${survivor}`);
    const gone = await refusedWith(409, 'CUSTOMER_ABSORBED', `/customers/${absorbed}/assign-account-owner`, {
      ownerId: idOf('a'),
    });
    expect(gone['survivorId']).toBe(survivor);
    expect((await shown(survivor))['state']).toMatchObject({
      merges: [{ mergeId, absorbedIds: [absorbed] }],
    });
    await refusedWith(422, 'PARTY_ABSORBED', `/customers/${await register('Third')}/merge`, {
      absorbedIds: [absorbed],
    });
    await refusedWith(422, 'UNKNOWN_MERGE', `/customers/${survivor}/unmerge`, {
      mergeId: idOf('none'),
      reason: 'x',
    });
    await refusedWith(403, 'FORBIDDEN', `/customers/${survivor}/unmerge`, { mergeId, reason: 'x' }, agent);
    await done(`/customers/${survivor}/unmerge`, { mergeId, reason: 'two people' });
    await until(
      'the absorbed is back',
      async () => (await get(server, `/api/customers/${absorbed}`)).status === 200,
    );
    expect(await shown(absorbed)).toMatchObject({
      status: 'Registered',
      state: { displayName: 'Lin again' },
    });
  });
});

describe('match candidates', { timeout: 60_000 }, () => {
  const PHONE = '+1 202 555 0143';
  const lead = (name: string, person: object) =>
    done('/leads', { leadId: idOf(name), source: 'EVENT', person, interests: [] }, agent);
  const party = (name: string): string => uuid5(idOf(name), 'customer');

  it('are proposed by the rules, listed, approved into a merge', async () => {
    const known = await register('Lin Xiaomei');
    await done(`/customers/${known}/add-contact-point`, { channel: 'PHONE', value: PHONE, primary: true });
    await lead('lead-2', { name: 'Xiaomei Lin', email: 'xm.lin@example.org', phone: '+1-202-555-0143' });
    const id = matchIdOf(known, party('lead-2'));
    const proposed = await until('the match is proposed', async () => {
      const answer = await get(server, `/api/match-candidates/${id}`);
      return answer.status === 200 && answer.json;
    });
    expect(proposed).toMatchObject({ status: 'Proposed', state: { score: 85, ruleId: 'identity' } });
    expect(proposed['state'].evidence.map(({ kind, score }: Json) => [kind, score])).toEqual([
      ['PHONE', 65],
      ['NAME', 20],
    ]);
    const listed = async (query: string): Promise<readonly string[]> =>
      (await get(server, `/api/match-candidates?${query}`)).json['items'].map((item: Json) => item['id']);
    await until('it is listed', async () => (await listed('minScore=85')).includes(id));
    expect(await listed('minScore=86')).toEqual([]);
    expect(await listed('status=Approved')).toEqual([]);
    for (const either of [known, party('lead-2')]) expect(await listed(`customerId=${either}`)).toEqual([id]);
    expect(await listed(`customerId=${idOf('nobody')}`)).toEqual([]);
    await refusedWith(403, 'FORBIDDEN', `/match-candidates/${id}/approve`, {}, agent);
    await refusedWith(403, 'FORBIDDEN', `/match-candidates/${id}/reject`, { reason: 'x' }, agent);
    await refusedWith(422, 'SURVIVOR_NOT_REGISTERED', `/match-candidates/${id}/approve`, {
      survivorId: party('lead-2'),
    });
    await done(`/match-candidates/${id}/approve`, { survivorId: known });
    await until(
      'the party is absorbed',
      async () => (await get(server, `/api/customers/${party('lead-2')}`)).status === 308,
    );
    await refusedWith(409, 'ILLEGAL_STATE', `/match-candidates/${id}/reject`, { reason: 'too late' });
  });

  it('may be proposed by a person where the rules agree, and rejected', async () => {
    const [a, b] = [await register('Ann'), await register('Ann again')];
    await refusedWith(422, 'NOT_ALIKE', '/match-candidates', { leftId: a, rightId: b });
    await refusedWith(422, 'SAME_PARTY', '/match-candidates', { leftId: a, rightId: a });
    for (const id of [a, b])
      await done(`/customers/${id}/add-contact-point`, { channel: 'EMAIL', value: 'ann@example.org' });
    const id = matchIdOf(a, b);
    await until(
      'the match is proposed',
      async () => (await get(server, `/api/match-candidates/${id}`)).status === 200,
    );
    await done(`/match-candidates/${id}/reject`, { reason: 'two people' });
    await refusedWith(422, 'ALREADY_REJECTED', '/match-candidates', { leftId: b, rightId: a });
  });
});

describe('the lookup of everything a person is recognised by', { timeout: 60_000 }, () => {
  it('is what the log says', async () => {
    const asked = await call(server, 'POST', '/ops/verify', {
      body: { projection: 'customer-matching', full: true },
    });
    expect(asked.status).toBe(202);
    const verified = await until('it is verified', async () => {
      const { json } = await get(server, asked.headers.get('location') ?? '');
      return json['checked'] > 0 && json;
    });
    expect(verified['differences']).toEqual([]);
  });
});

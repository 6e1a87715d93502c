// Leads over HTTP: every command, what refuses it, and the list that shows them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuid5 } from '../../packages/core/src/index.ts';
import { call, get, post, settled, type Json } from './client.ts';
import { agent, AGENT, bant, boss, leadsOn } from './lead-client.ts';
import { startServer, temporaryFolder, until, type Server } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(temporaryFolder());
}, 60_000);
afterAll(() => server.stop());

const { capture, tell, done, shown } = leadsOn(() => server);

const person = {
  name: 'Lin Xiaomei',
  email: 'lin@example.com',
  phone: '+1 202 555 0143',
  jobTitle: 'Purchasing Manager',
};
const visitor = { name: 'Max Muster', email: 'max@example.com' };

describe('a lead', { timeout: 60_000 }, () => {
  it('mints its party, and is captured once by source and reference', async () => {
    const first = await capture({ sourceRef: 'form-1', person: visitor });
    expect(first['customerId']).toBe(uuid5(first['id'] as string, 'customer'));
    const again = await post(
      server,
      '/api/leads',
      {
        source: 'WEB_FORM',
        sourceRef: 'form-1',
        person: visitor,
        company: 'Hengli Workshop',
        interests: ['instruments', 'consumables'],
      },
      agent,
    );
    expect([again.status, again.json['id']]).toEqual([201, first['id']]);
    expect(again.headers.get('idempotent-replay')).toBe('true');
    const other = await post(
      server,
      '/api/leads',
      { source: 'WEB_FORM', sourceRef: 'form-1', person: visitor },
      agent,
    );
    expect([other.status, other.json['code']]).toEqual([409, 'ALREADY_EXISTS']);
    const named = await post(
      server,
      '/api/leads',
      { source: 'EVENT', person: visitor, customerId: randomUUID() },
      agent,
    );
    expect([named.status, named.json['code']]).toEqual([422, 'CUSTOMER_MISMATCH']);
  });

  it('goes from the first touch to a deal', async () => {
    const { id } = await capture({ person });
    await done(id, ['enrich', { fields: { employees: '300', jobTitle: 'Director' }, provider: 'registry' }]);
    await done(id, ['score']);
    // Everybody the state knows of: 15 + 5 + 10 + 20 + 5 + 10 + 10 + 5.
    expect((await shown(id))['state']).toMatchObject({
      score: 80,
      grade: 'A',
      modelVersion: 'lead-scoring@1',
    });
    await done(
      id,
      ['assign', { ownerId: AGENT }],
      ['log-contact-attempt', { channel: 'PHONE', outcome: 'REACHED' }],
    );
    const view = await shown(id);
    expect(view).toMatchObject({
      status: 'Working',
      state: { person, company: 'Hengli Workshop', fields: { employees: '300', jobTitle: 'Director' } },
    });
    expect(view['allowedCommands']).toEqual([
      'EnrichLead',
      'ScoreLead',
      'AssignLead',
      'LogContactAttempt',
      'NurtureLead',
      'QualifyLead',
      'DisqualifyLead',
      'MarkLeadDuplicate',
    ]);
    const half = await tell(id, 'qualify', { level: 'SQL', need: 'two meters' });
    expect([half.status, half.json['code'], half.json['missing']]).toEqual([
      422,
      'BANT_REQUIRED',
      ['budget', 'authority', 'timeline'],
    ]);
    await done(id, ['qualify', bant]);
    expect((await shown(id))['state']).toMatchObject({
      level: 'SQL',
      authority: 'she decides',
      budget: bant.budget,
    });
  });

  it('waits for nobody who is not there', async () => {
    const { id } = await capture();
    const refused = await tell(id, 'assign');
    expect([refused.status, refused.json['code']]).toEqual([409, 'NO_OWNER_AVAILABLE']);
    expect((await shown(id))['revision']).toBe(0);
  });

  it('is nurtured, disqualified, recycled and marked as a duplicate', async () => {
    const [{ id }, { id: original }] = [await capture(), await capture()];
    await done(id, ['nurture', { programId: randomUUID() }]);
    expect(await shown(id)).toMatchObject({ status: 'Nurturing' });
    const unknown = await tell(id, 'disqualify', { reasonCode: 'BORED' });
    expect([unknown.status, unknown.json['code']]).toEqual([422, 'UNKNOWN_REASON']);
    await done(id, ['disqualify', { reasonCode: 'NO_NEED', note: 'has one' }], ['recycle']);
    expect(await shown(id)).toMatchObject({ status: 'Nurturing', state: { reasonCode: null } });
    const nobody = await tell(id, 'mark-duplicate', { duplicateOfLeadId: randomUUID() });
    expect([nobody.status, nobody.json['code']]).toEqual([422, 'UNKNOWN_LEAD']);
    await done(id, ['mark-duplicate', { duplicateOfLeadId: original }]);
    expect(await shown(id)).toMatchObject({
      status: 'Disqualified',
      allowedCommands: ['RecycleLead'],
      state: { duplicateOfLeadId: original },
    });
    const illegal = await tell(id, 'qualify', bant);
    expect(illegal.json).toMatchObject({
      status: 409,
      code: 'ILLEGAL_STATE',
      current: { status: 'Disqualified' },
      allowedCommands: ['RecycleLead'],
    });
  });

  it('that comes twice under one name and address is marked by the process itself', async () => {
    const same = { person: { name: 'Ada Zhou', email: 'ada.zhou@example.com' } };
    const { id: first } = await capture({ ...same, source: 'EVENT' });
    const { id: second } = await capture({ ...same, source: 'CALL' });
    const marked = await until('the later lead is marked', async () => {
      const lead = await shown(second);
      return lead['status'] === 'Disqualified' && lead;
    });
    expect(marked['state']).toMatchObject({ duplicateOfLeadId: first });
    expect((await shown(first))['status']).toBe('New');
  });

  it('is captured, scored and qualified in one line of a batch: what is sealed there is read there', async () => {
    const line = {
      route: '/api/leads',
      key: 'batch-1',
      body: { source: 'CALL', person: { ...visitor, name: 'Bo Li', jobTitle: 'CEO' } },
      then: [
        {
          command: 'enrich',
          body: { fields: { company: 'Bo Works', employees: '50' }, provider: 'registry' },
        },
        { command: 'score', body: {} },
        { command: 'assign', body: { ownerId: AGENT } },
        { command: 'qualify', body: { level: 'MQL' } },
        {
          command: 'request-conversion',
          body: { customerMode: 'NEW', customerKind: 'ORGANISATION', opportunityMode: 'NONE' },
        },
      ],
    };
    const { text } = await call(server, 'POST', '/api/commands', {
      roles: ['import'],
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${JSON.stringify(line)}\n`,
    });
    const [answer] = text
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one) as Json);
    expect(answer).toMatchObject({ line: 1, status: 201, revision: 5 });
    const id = answer?.['id'] as string;
    // 15 + 5 + 20 + 5 + 6 + 5.
    expect((await get(server, `/api/leads/${id}`, boss)).json['state']).toMatchObject({
      score: 56,
      grade: 'B',
    });
    const customer = await until('the company is registered', async () => {
      const { status, json } = await get(server, `/api/customers/${uuid5(id, 'customer')}`, boss);
      return status === 200 && json;
    });
    expect(customer['state']).toMatchObject({ kind: 'ORGANISATION', displayName: 'Bo Works' });
  });

  it('keeps what belongs to processes from people', async () => {
    const { id } = await capture();
    for (const command of ['flag-response-overdue', 'complete-conversion', 'fail-conversion'])
      expect((await tell(id, command)).status).toBe(404);
  });

  it('is found by owner, source, grade, level and delay', async () => {
    const owner = randomUUID();
    const { id } = await capture({ source: 'PARTNER' });
    await done(id, ['score'], ['assign', { ownerId: owner }]);
    // Now it is another's: an agent is no longer let near it.
    expect((await tell(id, 'qualify', { level: 'MQL' })).status).toBe(403);
    expect((await tell(id, 'qualify', { level: 'MQL' }, boss)).status).toBe(200);
    await settled(server);
    const list = async (query: string): Promise<Json[]> =>
      (await get(server, `/api/leads?${query}`)).json['items'] as Json[];
    const mine = await list(`owner=${owner}&source=PARTNER,EVENT&grade=A,B&level=MQL&overdue=false`);
    expect(mine).toMatchObject([
      { id, status: 'Qualified', owner, source: 'PARTNER', level: 'MQL', overdue: 0, revision: 3 },
    ]);
    for (const query of ['source=EVENT', 'grade=D', 'level=SQL', 'overdue=true', 'status=New'])
      expect(await list(`owner=${owner}&${query}`)).toEqual([]);
  });
});

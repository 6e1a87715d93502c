// Leads become customers and deals over HTTP.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuid5 } from '../../packages/core/src/index.ts';
import { get, post, type Json } from './client.ts';
import { agent, AGENT, bant, boss, leadsOn } from './lead-client.ts';
import { startServer, temporaryFolder, until, type Server } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(temporaryFolder());
}, 60_000);
afterAll(() => server.stop());

const { capture, tell, done, shown } = leadsOn(() => server);

describe('a lead', { timeout: 60_000 }, () => {
  it('becomes a customer with a deal', async () => {
    const { id, customerId } = await capture({ person: { name: 'Yi Chen' } });
    await done(id, ['assign', { ownerId: AGENT }], ['qualify', bant]);
    const opportunity = {
      name: 'First order',
      kind: 'NEW_BUSINESS',
      pipelineId: 'sales',
      pipelineVersion: 1,
      stageId: 'discovery',
      amount: { minor: 120_000, currency: 'CNY' },
      expectedCloseOn: '2099-01-16',
      ownerId: AGENT,
    };
    const asked = { customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'NEW', opportunity };
    await done(id, ['request-conversion', asked]);
    const converted = await until('the lead is converted', async () => {
      const lead = await shown(id);
      return lead['status'] === 'Converted' && lead;
    });
    const { conversionId, opportunityId } = (converted['state'] as Json)['conversion'] as Json;
    expect(opportunityId).toBe(uuid5(conversionId as string, 'opportunity'));
    const deal = (await get(server, `/api/opportunities/${opportunityId as string}`, agent)).json;
    expect(deal).toMatchObject({
      customerId,
      status: 'Open',
      state: { originLeadId: id, name: 'First order' },
    });
    const customer = (await get(server, `/api/customers/${customerId as string}`, agent)).json;
    expect(customer).toMatchObject({
      status: 'Registered',
      state: { displayName: 'Yi Chen', originLeadId: id },
    });
    const again = await tell(id, 'request-conversion', asked);
    expect([again.status, again.json['allowedCommands']]).toEqual([409, []]);
  });

  it('is merged into a customer who is there, and joins his deal', async () => {
    const known = { kind: 'PERSON', displayName: 'Known One', source: 'MANUAL' };
    const { id: existingCustomerId } = (await post(server, '/api/customers', known, boss)).json;
    const deal = {
      customerId: existingCustomerId,
      name: 'His deal',
      kind: 'UP_SELL',
      pipelineId: 'sales',
      stageId: 'discovery',
      amount: { minor: 1, currency: 'CNY' },
      expectedCloseOn: '2099-01-16',
      ownerId: AGENT,
    };
    const { id: opportunityId } = (await post(server, '/api/opportunities', deal, boss)).json;
    const { id, customerId } = await capture();
    await done(id, ['assign', { ownerId: AGENT }], ['qualify', { level: 'MQL' }]);
    const asked = { customerMode: 'EXISTING', existingCustomerId, customerKind: 'PERSON' };
    await done(id, ['request-conversion', { ...asked, opportunityMode: 'EXISTING', opportunityId }]);
    await until('the lead is converted', async () => (await shown(id, boss))['status'] === 'Converted');
    const { state } = (await get(server, `/api/opportunities/${opportunityId as string}`, boss)).json;
    expect((state as Json)['contacts']).toEqual([{ contactId: null, leadId: id, role: 'LEAD' }]);
    const gone = await get(server, `/api/customers/${customerId as string}`, boss);
    expect([gone.status, gone.headers.get('location')]).toEqual([
      308,
      `/api/customers/${existingCustomerId as string}`,
    ]);
  });

  it('is asked for a conversion that makes sense', async () => {
    const { id } = await capture();
    await done(id, ['assign', { ownerId: AGENT }], ['qualify', { level: 'MQL' }]);
    const shapes = [
      { customerMode: 'EXISTING', customerKind: 'PERSON', opportunityMode: 'NONE' },
      { customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'NEW' },
      { customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'EXISTING' },
      { customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'NONE', opportunityId: randomUUID() },
    ];
    for (const body of shapes) expect((await tell(id, 'request-conversion', body)).status).toBe(400);
    expect((await shown(id))['status']).toBe('Qualified');
  });
});

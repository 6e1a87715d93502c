import { uuid5 } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { ContextSources } from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { draft, policies } from '../test/deals.ts';
import { commands } from './commands.ts';
import { leadConversion, wonToOrder } from './reactions.ts';

const party = idOf('party');
const [leadId, conversionId] = [idOf('lead'), idOf('conversion')];
const dealId = uuid5(conversionId, 'opportunity');

const requested = (more: object): DecodedEvent =>
  ({
    type: 'LeadConversionRequested',
    key: party,
    data: {
      leadId,
      conversionId,
      customerMode: 'NEW',
      existingCustomerId: null,
      opportunityMode: 'NEW',
      opportunityId: dealId,
      opportunity: { ...draft, originLeadId: undefined, pipelineVersion: 1 },
      ...more,
    },
  }) as unknown as DecodedEvent;

/** What comes of an event when deals belong to whom `keys` says. */
const reactTo = async (event: DecodedEvent, keys: Readonly<Record<string, string>> = {}) => {
  const sources = {
    read: async (_: string, id: string) => ({
      state: {},
      revision: 0,
      key: keys[id] ?? null,
      open: () => null,
    }),
  } as unknown as ContextSources;
  const gathered = (await leadConversion.gather?.(sources, event)) ?? {};
  return leadConversion.react(event, { policies, zone: 'UTC', gathered });
};

describe('LeadConversion', () => {
  it('opens the deal of the conversion for the party of the lead', async () => {
    const [issued, ...more] = await reactTo(requested({}));
    expect(more).toEqual([]);
    expect(issued).toMatchObject({
      aggregate: 'opportunity',
      id: dealId,
      customerId: party,
      command: 'OpenOpportunity',
      body: { name: 'First order', originLeadId: leadId, pipelineVersion: 1 },
    });
    expect(commands['OpenOpportunity']?.body.safeParse(issued?.body).success).toBe(true);
  });

  it('opens it for the customer into whom the lead is merged', async () => {
    const existing = { customerMode: 'EXISTING', existingCustomerId: idOf('existing') };
    expect(await reactTo(requested(existing))).toMatchObject([{ id: dealId, customerId: idOf('existing') }]);
  });

  it('lets the lead join a deal that is there, whoever it belongs to', async () => {
    const joining = requested({
      opportunityMode: 'EXISTING',
      opportunityId: idOf('deal'),
      opportunity: null,
    });
    const [issued] = await reactTo(joining, { [idOf('deal')]: idOf('somebody') });
    expect(issued).toEqual({
      aggregate: 'opportunity',
      id: idOf('deal'),
      customerId: idOf('somebody'),
      command: 'AttachContact',
      body: { leadId, role: 'LEAD' },
    });
    expect(commands['AttachContact']?.body.safeParse(issued?.body).success).toBe(true);
    expect(await reactTo(joining)).toEqual([]);
  });

  it('does nothing where no deal is asked for', async () => {
    const none = { opportunityMode: 'NONE', opportunityId: null, opportunity: null };
    expect(await reactTo(requested(none))).toEqual([]);
  });
});

describe('WonToOrder', () => {
  const ended = (type: string, opportunityId: string | null): DecodedEvent =>
    ({
      type,
      key: party,
      data: { orderId: idOf('order'), opportunityId, reasonCode: 'STOCK' },
    }) as unknown as DecodedEvent;
  const context = { policies, zone: 'UTC', gathered: {} };

  it.each(['OrderRejected', 'OrderCancelled'])('takes the win back on %s', (type) => {
    expect(wonToOrder.on['order']).toContain(type);
    const [issued, ...more] = wonToOrder.react(ended(type, idOf('deal')), context);
    expect(more).toEqual([]);
    expect(issued).toEqual({
      aggregate: 'opportunity',
      id: idOf('deal'),
      customerId: party,
      command: 'RevertWin',
      body: { orderId: idOf('order'), reasonCode: 'STOCK' },
    });
    expect(commands['RevertWin']?.body.safeParse(issued?.body).success).toBe(true);
  });

  it('knows orders that come from no deal', () => {
    expect(wonToOrder.react(ended('OrderCancelled', null), context)).toEqual([]);
  });
});

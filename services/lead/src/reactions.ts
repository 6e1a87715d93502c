// The lead's part of LeadConversion: it is complete when everything that was asked for has happened, whatever came last.
import { idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import { reaction, type ContextSources, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import { convertingOf, type Converting } from './conversion.ts';
import type { Conversion } from './lead-state.ts';

/** A party is that of one lead; merged documents may bring a few more rows. */
const MAX_LEADS_OF_PARTY = 50;

type Gathered = { readonly leads: readonly Converting[] };

export const leadConversion: Reaction = reaction<Gathered>({
  name: 'LeadConversion',
  on: {
    lead: ['LeadConversionRequested'],
    // The absorption, not the merge before it: it is about the party of the lead, and the last step of the merge.
    customer: ['CustomerRegistered', 'CustomerAbsorbed'],
    opportunity: ['OpportunityOpened', 'OpportunityContactAttached'],
  },
  async gather(sources: ContextSources, event: DecodedEvent) {
    const ids = await leadsOf(sources, event);
    const leads = await Promise.all(ids.map((leadId) => convertingOf(sources, leadId)));
    return { leads: leads.filter((lead) => lead !== null) };
  },
  react: (_, { gathered: { leads } }) => leads.flatMap(commandsFor),
});

/** The leads an event may be about. */
const leadsOf = async ({ lookups }: ContextSources, event: DecodedEvent): Promise<readonly string[]> => {
  switch (event.type) {
    case 'LeadConversionRequested':
      return [idOfStream(event.stream)];
    case 'CustomerRegistered':
      return present((event.data as CustomerEvents['CustomerRegistered']).originLeadId);
    case 'OpportunityOpened':
      return present((event.data as OpportunityEvents['OpportunityOpened']).originLeadId);
    case 'OpportunityContactAttached':
      return present((event.data as OpportunityEvents['OpportunityContactAttached']).leadId);
    default: {
      const rows = await lookups.query('leads', {
        filters: [{ column: 'customer_id', op: 'eq', value: event.key }],
        limit: MAX_LEADS_OF_PARTY,
      });
      return rows.map(({ id }) => id);
    }
  }
};

const present = (id: string | null): readonly string[] => (id === null ? [] : [id]);

/** Completes what is complete; what succeeds after its time is asked for again first, so nothing stays half-converted. */
const commandsFor = (lead: Converting): readonly IssuedCommand[] => {
  const { status, conversion, progress } = lead;
  if (conversion === null || !progress.customer || !progress.opportunity) return [];
  const issue = (command: string, body: object): IssuedCommand => ({
    aggregate: 'lead',
    id: lead.leadId,
    customerId: lead.customerId,
    command,
    body,
  });
  // Whichever event comes last brings it: it is the same command all the same.
  const complete = { ...issue('CompleteConversion', {}), once: conversion.conversionId };
  if (status === 'Converting') return [complete];
  if (status !== 'Qualified' || conversion.failedAt === null) return [];
  return [issue('RequestConversion', askedAgain(conversion)), complete];
};

const askedAgain = ({ failedAt: _failed, opportunityId, ...asked }: Conversion): object => ({
  ...asked,
  // The id of a deal to be opened derives from the conversion; nobody names it.
  ...(asked.opportunityMode === 'EXISTING' && { opportunityId }),
});

// The opportunity's part of LeadConversion (a deal is opened, or the lead joins one) and of WonToOrder (an order that is
// refused or cancelled takes the win back).
import { uuid5 } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { LeadEvents } from '@tenure/events/generated/lead';
import type { OrderEvents } from '@tenure/events/generated/order';
import { reaction, type ContextSources, type IssuedCommand, type Reaction } from '@tenure/service-kit';

/** The deal a conversion opens: the same one for every retry. */
export const dealOfConversion = (conversionId: string): string => uuid5(conversionId, 'opportunity');

/** The part that a lead plays in a deal it joins. */
const JOINED_AS = 'LEAD';

type Requested = LeadEvents['LeadConversionRequested'];
/** Whose the deal is that the lead is to join; null: nobody's, or none is asked for. */
type Joined = { readonly customerId: string | null };

export const leadConversion: Reaction = reaction<Joined>({
  name: 'LeadConversion',
  on: { lead: ['LeadConversionRequested'] },
  async gather({ read }: ContextSources, { data }: DecodedEvent) {
    const { opportunityMode, opportunityId } = data as Requested;
    if (opportunityMode !== 'EXISTING' || opportunityId === null) return { customerId: null };
    return { customerId: (await read('opportunity', opportunityId)).key };
  },
  react(event, { gathered }) {
    const requested = event.data as Requested;
    const { leadId, opportunityMode, opportunityId } = requested;
    if (opportunityMode === 'NEW') return opening(event, requested);
    if (opportunityMode !== 'EXISTING' || opportunityId === null || gathered.customerId === null) return [];
    return [
      {
        aggregate: 'opportunity',
        id: opportunityId,
        customerId: gathered.customerId,
        command: 'AttachContact',
        body: { leadId, role: JOINED_AS },
      },
    ];
  },
});

/** A deal belongs to whom the lead becomes: its own party, or the customer it is merged into. */
const opening = (event: DecodedEvent, requested: Requested): readonly IssuedCommand[] => {
  const { leadId, conversionId, customerMode, existingCustomerId, opportunity } = requested;
  if (opportunity === null) return [];
  return [
    {
      aggregate: 'opportunity',
      id: dealOfConversion(conversionId),
      customerId: customerMode === 'EXISTING' ? (existingCustomerId ?? event.key) : event.key,
      command: 'OpenOpportunity',
      body: { ...opportunity, originLeadId: leadId },
    },
  ];
};

export const wonToOrder: Reaction = {
  name: 'WonToOrder',
  on: { order: ['OrderRejected', 'OrderCancelled'] },
  react(event) {
    const { orderId, opportunityId, reasonCode } = event.data as OrderEvents[
      | 'OrderRejected'
      | 'OrderCancelled'];
    if (opportunityId === null) return [];
    return [
      {
        aggregate: 'opportunity',
        id: opportunityId,
        customerId: event.key,
        command: 'RevertWin',
        body: { orderId, reasonCode },
      },
    ];
  },
};

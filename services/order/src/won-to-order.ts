// WonToOrder, the order's part: a won deal becomes an order. Each win has an order of its own.
import { idOfStream, uuid5 } from '@tenure/core';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import type { Reaction } from '@tenure/service-kit';

export const wonToOrder: Reaction = {
  name: 'WonToOrder',
  on: { opportunity: ['OpportunityWon'] },
  react({ key, stream, revision, data }) {
    const { quoteId, amount, lines } = data as OpportunityEvents['OpportunityWon'];
    const opportunityId = idOfStream(stream);
    return [
      {
        aggregate: 'order',
        id: uuid5(opportunityId, String(revision)),
        customerId: key,
        command: 'PlaceOrder',
        body: { channel: 'DIRECT', opportunityId, quoteId, lines, total: amount },
      },
    ];
  },
};

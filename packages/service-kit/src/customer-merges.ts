// How customers are merged: what projections of whole customers (`merges`) take for granted of the customer service.
import type { CustomerEvents } from '@tenure/events/generated/customer';
import { merges } from '@tenure/projections';

/** Merges as the survivor's own stream tells them. */
export const customerMerges = merges<CustomerEvents>({
  source: 'customer',
  on: {
    CustomersMerged: ({ data }) => ({ absorbs: data.absorbedIds }),
    CustomersUnmerged: ({ data }) => ({ restores: data.restoredIds }),
  },
});

// How customers are merged: what projections of whole customers (`merges`) take for granted of the customer service.
import type { CustomerEvents } from '@tenure/events/generated/customer';
import { merges } from '@tenure/projections';

/** They take effect with the survivor's event; the absorbed's own decides where two have claimed him at once. */
export const customerMerges = merges<CustomerEvents>({
  source: 'customer',
  on: {
    CustomersMerged: ({ data }) => ({ absorbs: data.absorbedIds }),
    CustomersUnmerged: ({ data }) => ({ restores: data.restoredIds }),
  },
  own: { CustomerAbsorbed: ({ data }) => data.survivorId, CustomerRestored: () => null },
});

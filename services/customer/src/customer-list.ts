// The customer service's own table of its aggregates (what several services know is answered by customer-360).
import type { CustomerEvents } from '@tenure/events/generated/customer';
import { listModel } from '@tenure/service-kit';

export const customers = listModel<CustomerEvents>({
  name: 'customers',
  source: 'customer',
  aggregate: 'customer',
  status: {
    CustomerRegistered: 'Registered',
    CustomerProfileChanged: null,
    ContactPointAdded: null,
    ContactPointVerified: null,
    ContactPointRetired: null,
    RelatedContactAdded: null,
    RelatedContactRetired: null,
    ExternalIdentityLinked: null,
    AccountOwnerAssigned: null,
    CustomAttributesSet: null,
    ConsentGranted: null,
    ConsentWithdrawn: null,
    CustomersMerged: null,
    CustomerAbsorbed: 'Absorbed',
    CustomersUnmerged: null,
    CustomerRestored: 'Registered',
    LegalHoldPlaced: null,
    LegalHoldReleased: null,
    ErasureRequested: 'ErasurePending',
    ErasureCancelled: 'Registered',
    SubjectKeysDestroyed: null,
    CustomerErased: 'Erased',
    SubjectDataExported: null,
  },
  fields: {
    kind: { column: 'kind', type: 'text', en: 'Kind of party', zh: '客户类型' },
    owner: { column: 'owner_id', type: 'text', en: 'Account owner', zh: '客户负责人' },
  },
  changes: {
    CustomerRegistered: ({ kind, ownerId }) => ({ kind, owner: ownerId }),
    AccountOwnerAssigned: ({ ownerId }) => ({ owner: ownerId }),
  },
});

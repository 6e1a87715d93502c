// What loyalty knows of a customer from others: who he is, whether he is gone, his newest order.
import type { ChurnEvents } from '@tenure/events/generated/churn';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import type { OrderEvents } from '@tenure/events/generated/order';
import { projection, slice, type ProjectionDefinition } from '@tenure/projections';
import { lookupName, type Lookups } from '@tenure/service-kit';

/** The name of the table in `Lookups`. */
export const CUSTOMER_TABLE = 'customers';

type Identity = { readonly kind: string | null; readonly registered: boolean };
type Placed = { readonly eventId: string; readonly at: number };

const identity = slice<Identity, CustomerEvents>({
  init: () => ({ kind: null, registered: false }),
  on: {
    CustomerRegistered: (_, { data: { kind } }) => ({ kind, registered: true }),
    ErasureRequested: (known) => ({ ...known, registered: false }),
    ErasureCancelled: (known) => ({ ...known, registered: known.kind !== null }),
    CustomerErased: () => ({ kind: null, registered: false }),
  },
});

const churn = slice<{ readonly lost: boolean }, ChurnEvents>({
  init: () => ({ lost: false }),
  on: { CustomerChurned: () => ({ lost: true }), CustomerReactivated: () => ({ lost: false }) },
});

const orders = slice<{ readonly newest: Placed | null }, OrderEvents>({
  init: () => ({ newest: null }),
  on: {
    OrderPlaced: (known, { id, occurredAt, meta }) =>
      meta.backfill === true || occurredAt <= (known.newest?.at ?? 0)
        ? known
        : { newest: { eventId: id, at: occurredAt } },
  },
});

export const customerLookup: ProjectionDefinition = projection({
  name: lookupName('loyalty', CUSTOMER_TABLE),
  version: 1,
  slices: { customer: identity, churn, order: orders },
  columns: [],
});

export type KnownCustomer = Identity & { readonly lost: boolean; readonly newestOrder: Placed | null };

const NOBODY: KnownCustomer = { kind: null, registered: false, lost: false, newestOrder: null };

/** A customer of whom nothing was heard is not registered and not lost. */
export const readCustomer = async (
  lookups: Pick<Lookups, 'get'>,
  customerId: string,
): Promise<KnownCustomer> => {
  const document = await lookups.get(CUSTOMER_TABLE, customerId);
  if (document === undefined || document.redirect !== null) return NOBODY;
  const { slices } = JSON.parse(document.body) as {
    readonly slices: {
      readonly customer: Identity;
      readonly churn: { readonly lost: boolean };
      readonly order: { readonly newest: Placed | null };
    };
  };
  return { ...slices.customer, lost: slices.churn.lost, newestOrder: slices.order.newest };
};

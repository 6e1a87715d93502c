// What churn asks of the customer himself: who he is, whether he can still be reached, and who speaks for him.
import { dateAt } from '@tenure/core';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import { slice, type Slice } from '@tenure/projections';
import { withFact, type Fact } from './facts.ts';

export type Withdrawal = Fact & { readonly purpose: string; readonly channel: string };

export type CustomerSlice = {
  readonly erased: boolean;
  readonly kind: string | null;
  readonly homeCurrency: string | null;
  readonly ownerId: string | null;
  /** Contact points that are not retired. */
  readonly reachable: readonly string[];
  readonly retiredContactPoints: readonly Fact[];
  /** Consents that were withdrawn and not given again. */
  readonly withdrawals: readonly Withdrawal[];
  /** Buyers and champions who have left, and those who came. */
  readonly left: readonly Fact[];
  readonly came: readonly Fact[];
};

const REACHABLE = 100; // twice the limit of the customer: a merged one has those of two
const WITHDRAWALS = 200;
const SPEAKERS: readonly string[] = ['BUYER', 'CHAMPION'];

export const noCustomer: CustomerSlice = {
  came: [],
  erased: false,
  homeCurrency: null,
  kind: null,
  left: [],
  ownerId: null,
  reachable: [],
  retiredContactPoints: [],
  withdrawals: [],
};

const others = (
  withdrawals: readonly Withdrawal[],
  { purpose, channel }: { readonly purpose: string; readonly channel: string },
): readonly Withdrawal[] =>
  withdrawals.filter((other) => other.purpose !== purpose || other.channel !== channel);

type Handlers = Parameters<typeof slice<CustomerSlice, CustomerEvents>>[0]['on'];

// Where customers are merged, `self` is the survivor: what the absorbed one was called or owned by does not count.
const profile: Handlers = {
  CustomerRegistered: (state, { key, data: { kind, homeCurrency, ownerId } }, self) =>
    key === self ? { ...state, homeCurrency, kind, ownerId } : state,
  AccountOwnerAssigned: (state, { key, data: { ownerId } }, self) =>
    key === self ? { ...state, ownerId } : state,
  CustomerErased: (state, { key }, self) => (key === self ? { ...state, erased: true } : state),
  CustomerRestored: (state) => state, // a party that was never registered has a document again
};

const contacts = (zone: string): Handlers => ({
  ContactPointAdded: (state, { data: { contactPointId } }) => ({
    ...state,
    reachable: [...state.reachable.filter((id) => id !== contactPointId), contactPointId].slice(-REACHABLE),
  }),
  ContactPointRetired: (state, { id: eventId, occurredAt, data: { contactPointId } }) => ({
    ...state,
    reachable: state.reachable.filter((id) => id !== contactPointId),
    retiredContactPoints: withFact(state.retiredContactPoints, { eventId, on: dateAt(occurredAt, zone) }),
  }),
  RelatedContactAdded: (state, { id: eventId, occurredAt, data: { role } }) =>
    SPEAKERS.includes(role)
      ? { ...state, came: withFact(state.came, { eventId, on: dateAt(occurredAt, zone) }) }
      : state,
  RelatedContactRetired: (state, { id: eventId, occurredAt, data: { role } }) =>
    SPEAKERS.includes(role)
      ? { ...state, left: withFact(state.left, { eventId, on: dateAt(occurredAt, zone) }) }
      : state,
});

const consents = (zone: string): Handlers => ({
  ConsentGranted: (state, { data }) => ({ ...state, withdrawals: others(state.withdrawals, data) }),
  ConsentWithdrawn: (state, { id: eventId, occurredAt, data }) => ({
    ...state,
    withdrawals: [
      ...others(state.withdrawals, data),
      { channel: data.channel, eventId, on: dateAt(occurredAt, zone), purpose: data.purpose },
    ].slice(-WITHDRAWALS),
  }),
});

/** The slice of source `customer`. */
export const customerSlice = (zone: string): Slice<CustomerSlice> =>
  slice<CustomerSlice, CustomerEvents>({
    init: () => noCustomer,
    on: { ...profile, ...contacts(zone), ...consents(zone) },
  });

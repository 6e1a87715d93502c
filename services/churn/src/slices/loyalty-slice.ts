// What churn asks of memberships: points that lie idle, rewards that were taken, tiers that were lost.
import { dateAt } from '@tenure/core';
import type { LoyaltyEvents } from '@tenure/events/generated/loyalty';
import { slice, type Slice } from '@tenure/projections';
import { newerFact, withFact, type Fact } from './facts.ts';

export type ExpiredPoints = Fact & { readonly points: number };

export type Membership = {
  readonly accountId: string;
  readonly closed: boolean;
  /** Points that are there, pending ones too; what is owed makes it smaller. */
  readonly balance: number;
  /** Newest of enrolment, accrual and redemption. */
  readonly active: Fact;
  readonly redeemed: Fact | null;
  readonly expired: readonly ExpiredPoints[];
  /** The newest change of tier, where it led down. */
  readonly tierDown: Fact | null;
  /** Points of the newest redemptions: what taking one back gives. */
  readonly redemptions: readonly { readonly redemptionId: string; readonly points: number }[];
};

export type LoyaltySlice = { readonly memberships: readonly Membership[] };

const MEMBERSHIPS = 50; // a customer has one per programme
const REDEMPTIONS = 50;

export const noMemberships: LoyaltySlice = { memberships: [] };

const changed = (
  { memberships }: LoyaltySlice,
  accountId: string,
  change: (membership: Membership) => Partial<Membership>,
): LoyaltySlice => ({
  memberships: memberships.map((one) => (one.accountId === accountId ? { ...one, ...change(one) } : one)),
});

const added = (state: LoyaltySlice, accountId: string, points: number): LoyaltySlice =>
  changed(state, accountId, ({ balance }) => ({ balance: balance + points }));

const takenBack = (state: LoyaltySlice, accountId: string, redemptionId: string): LoyaltySlice =>
  changed(state, accountId, ({ balance, redemptions }) => ({
    balance: balance + (redemptions.find((one) => one.redemptionId === redemptionId)?.points ?? 0),
    redemptions: redemptions.filter((one) => one.redemptionId !== redemptionId),
  }));

type Handlers = Parameters<typeof slice<LoyaltySlice, LoyaltyEvents>>[0]['on'];
type Happened = { readonly id: string; readonly occurredAt: number };

const memberHandlers = (factOf: (event: Happened) => Fact): Handlers => ({
  MemberEnrolled(state, event) {
    const { accountId } = event.data;
    const member: Membership = {
      accountId,
      active: factOf(event),
      balance: 0,
      closed: false,
      expired: [],
      redeemed: null,
      redemptions: [],
      tierDown: null,
    };
    return { memberships: [...state.memberships, member].slice(-MEMBERSHIPS) };
  },
  MembershipClosed: (state, { data }) =>
    changed(state, data.accountId, () => ({ balance: 0, closed: true, tierDown: null })),
  TierChanged: (state, event) =>
    changed(state, event.data.accountId, () => ({
      tierDown: event.data.direction === 'DOWN' ? factOf(event) : null,
    })),
});

const pointHandlers = (factOf: (event: Happened) => Fact): Handlers => ({
  PointsAccrued: (state, event) =>
    changed(state, event.data.accountId, ({ active, balance }) => ({
      active: newerFact(active, factOf(event)),
      balance: balance + event.data.points,
    })),
  PointsRedeemed(state, event) {
    const { accountId, redemptionId, points } = event.data;
    return changed(state, accountId, ({ active, balance, redeemed, redemptions }) => ({
      active: newerFact(active, factOf(event)),
      balance: balance - points,
      redeemed: newerFact(redeemed, factOf(event)),
      redemptions: [...redemptions, { points, redemptionId }].slice(-REDEMPTIONS),
    }));
  },
  RedemptionReversed: (state, { data }) => takenBack(state, data.accountId, data.redemptionId),
  PointsExpired: (state, event) =>
    changed(state, event.data.accountId, ({ balance, expired }) => ({
      balance: balance - event.data.points,
      expired: withFact(expired, { ...factOf(event), points: event.data.points }),
    })),
  PointsReversed: (state, { data: { accountId, points } }) => added(state, accountId, -points),
  PointsAdjusted: (state, { data: { accountId, points } }) => added(state, accountId, points),
  PointsTransferredOut: (state, { data: { accountId, points } }) => added(state, accountId, -points),
  PointsTransferredIn: (state, { data: { accountId, lots } }) =>
    added(
      state,
      accountId,
      lots.reduce((sum, { points }) => sum + points, 0),
    ),
});

/** The slice of source `loyalty`. */
export const loyaltySlice = (zone: string): Slice<LoyaltySlice> => {
  const factOf = ({ id, occurredAt }: Happened): Fact => ({ eventId: id, on: dateAt(occurredAt, zone) });
  return slice<LoyaltySlice, LoyaltyEvents>({
    init: () => noMemberships,
    on: { ...memberHandlers(factOf), ...pointHandlers(factOf) },
  });
};

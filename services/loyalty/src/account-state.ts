// What an account remembers, and how its events make it up.
import { NOTHING, type Aggregate, type EventOf } from '@tenure/core';
import type { LoyaltyEvents, LoyaltyFacts, PointsAllocation } from '@tenure/events/generated/loyalty';
import { moved, openLot, withLot, type Lot } from './lots.ts';
import { withEarned, type Earned } from './tiers.ts';

export type AccountStatus = typeof NOTHING | 'Active' | 'Suspended' | 'Closed';

type Held = { readonly tierId: string; readonly threshold: number };

export type Redemption = {
  readonly redemptionId: string;
  readonly rewardId: string;
  readonly points: number;
  readonly allocations: readonly PointsAllocation[];
  readonly reversed: boolean;
};

export type Transfer = {
  readonly transferId: string;
  readonly toAccountId: string;
  readonly points: number;
  readonly allocations: readonly PointsAllocation[];
  /** ms */
  readonly at: number;
  /** True when the other account did not take them. */
  readonly returned: boolean;
};

/** From when to when a membership rested (ms). `until` null: it still does. */
export type Rest = { readonly from: number; readonly until: number | null };

export type AccountState = {
  readonly status: AccountStatus;
  readonly customerId: string;
  readonly programId: string;
  /** ms */
  readonly enrolledAt: number;
  /** The tier members begin in. */
  readonly baseTierId: string;
  readonly tier: Held;
  /** When the tier changed last (ms). */
  readonly tierSince: number;
  /** The rises that led here, with what was held before each. */
  readonly rises: readonly (Held & { readonly at: number })[];
  /** Points by the time they count for. */
  readonly earned: Earned;
  /** All lots ever, in the order in which they came. */
  readonly lots: readonly Lot[];
  /** Points that were taken back after they had been spent: the next lot pays. */
  readonly debt: number;
  readonly redemptions: readonly Redemption[];
  readonly transfers: readonly Transfer[];
  /** Transfers that arrived. */
  readonly received: readonly string[];
  readonly rests: readonly Rest[];
};

export const noAccount: AccountState = {
  status: NOTHING,
  customerId: '',
  programId: '',
  enrolledAt: 0,
  baseTierId: '',
  tier: { tierId: '', threshold: 0 },
  tierSince: 0,
  rises: [],
  earned: {},
  lots: [],
  debt: 0,
  redemptions: [],
  transfers: [],
  received: [],
  rests: [],
};

type AccountEvent =
  | 'MemberEnrolled'
  | 'PointsAccrued'
  | 'PointsUnlocked'
  | 'PointsRedeemed'
  | 'RedemptionReversed'
  | 'PointsReversed'
  | 'PointsExpired'
  | 'PointsTransferredOut'
  | 'PointsTransferredIn'
  | 'PointsAdjusted'
  | 'TierChanged'
  | 'MembershipSuspended'
  | 'MembershipReinstated'
  | 'MembershipClosed';

export type AccountEvents = Pick<LoyaltyEvents, AccountEvent>;
export type AccountFacts = Pick<LoyaltyFacts, AccountEvent>;

/** Adds a lot; a debt is paid first. */
const opened = (state: AccountState, lot: Parameters<typeof openLot>[0]): AccountState => {
  const paid = Math.min(state.debt, lot.points);
  return { ...state, debt: state.debt - paid, lots: [...state.lots, openLot(lot, paid)] };
};

/** A lot that may be spent from its first moment. */
const granted = (
  state: AccountState,
  { lotId, points, expiresOn }: { lotId: string; points: number; expiresOn: string | null },
  availableAt: number,
): AccountState => opened(state, { lotId, points, locked: false, availableAt, expiresOn, source: null });

const counted = (state: AccountState, lot: Lot | undefined, at: number, points: number): AccountState =>
  lot?.source?.type === 'ORDER' ? { ...state, earned: withEarned(state.earned, at, points) } : state;

const accrued = (
  state: AccountState,
  { occurredAt, data }: Extract<EventOf<AccountEvents>, { type: 'PointsAccrued' }>,
): AccountState => {
  const { lotId, points, availableAt, expiresOn, sourceType, sourceId, sourceLineId } = data;
  const { base, qty, ruleId, ruleVersion } = data;
  const source = { type: sourceType, id: sourceId, lineId: sourceLineId, base, qty, ruleId, ruleVersion };
  const locked = availableAt > occurredAt;
  const next = opened(state, { lotId, points, locked, availableAt, expiresOn, source });
  return counted(next, next.lots.at(-1), occurredAt, points);
};

const tierChanged = (
  state: AccountState,
  { occurredAt, data }: Extract<EventOf<AccountEvents>, { type: 'TierChanged' }>,
): AccountState => ({
  ...state,
  tier: { tierId: data.toTierId, threshold: data.threshold ?? 0 },
  tierSince: occurredAt,
  rises:
    data.direction === 'UP'
      ? [...state.rises, { ...state.tier, at: occurredAt }]
      : state.rises.filter(({ threshold }) => threshold < (data.threshold ?? 0)),
});

const back = <T>(all: readonly T[], is: (one: T) => boolean, change: (one: T) => T): readonly T[] =>
  all.map((one) => (is(one) ? change(one) : one));

type Evolve = Aggregate<{
  readonly state: AccountState;
  readonly events: AccountEvents;
  readonly facts: AccountFacts;
  readonly commands: Readonly<Record<string, object>>;
  readonly context: object;
}>['evolve'];

export const evolveAccount: Evolve = {
  MemberEnrolled: (state, { key, occurredAt, data: { programId, tierId } }) => ({
    ...state,
    status: 'Active',
    customerId: key,
    programId,
    enrolledAt: occurredAt,
    baseTierId: tierId,
    tier: { tierId, threshold: 0 },
    tierSince: occurredAt,
  }),
  PointsAccrued: accrued,
  PointsUnlocked: (state, { data }) => ({
    ...state,
    lots: withLot(state.lots, data.lotId, (lot) => ({ ...lot, locked: false })),
  }),
  PointsRedeemed: (state, { data: { redemptionId, rewardId, points, allocations } }) => ({
    ...state,
    lots: moved(state.lots, allocations, -1),
    redemptions: [...state.redemptions, { redemptionId, rewardId, points, allocations, reversed: false }],
  }),
  RedemptionReversed(state, { data: { redemptionId } }) {
    const is = (one: Redemption): boolean => one.redemptionId === redemptionId;
    const allocations = state.redemptions.find(is)?.allocations ?? [];
    return {
      ...state,
      lots: moved(state.lots, allocations, 1),
      redemptions: back(state.redemptions, is, (one) => ({ ...one, reversed: true })),
    };
  },
  PointsReversed(state, { occurredAt, data: { lotId, points, shortfall, qty, causeId } }) {
    const lots = withLot(state.lots, lotId, (lot) => ({
      ...lot,
      left: lot.left - (points - shortfall),
      reversed: lot.reversed + points,
      returned: qty === null ? (lot.source?.qty ?? lot.returned) : lot.returned + qty,
      causes: [...lot.causes, causeId],
    }));
    const lot = lots.find((one) => one.lotId === lotId);
    return counted({ ...state, lots, debt: state.debt + shortfall }, lot, occurredAt, -points);
  },
  PointsExpired: (state, { data: { lotId, points } }) => ({
    ...state,
    lots: moved(state.lots, [{ lotId, points }], -1),
  }),
  PointsTransferredOut: (state, { occurredAt, data: { transferId, toAccountId, points, allocations } }) => ({
    ...state,
    lots: moved(state.lots, allocations, -1),
    transfers: [
      ...state.transfers,
      { transferId, toAccountId, points, allocations, at: occurredAt, returned: false },
    ],
  }),
  PointsTransferredIn: (state, { occurredAt, data: { transferId, lots } }) =>
    lots.reduce<AccountState>((next, lot) => granted(next, lot, occurredAt), {
      ...state,
      received: [...state.received, transferId],
    }),
  PointsAdjusted(state, { occurredAt, data: { points, lot, allocations, transferId } }) {
    if (lot !== null) return granted(state, lot, occurredAt);
    return {
      ...state,
      lots: moved(state.lots, allocations, points > 0 ? 1 : -1),
      transfers: back(
        state.transfers,
        (one) => one.transferId === transferId,
        (one) => ({ ...one, returned: true }),
      ),
    };
  },
  TierChanged: tierChanged,
  MembershipSuspended: (state, { occurredAt }) => ({
    ...state,
    status: 'Suspended',
    rests: [...state.rests, { from: occurredAt, until: null }],
  }),
  MembershipReinstated: (state, { occurredAt }) => ({
    ...state,
    status: 'Active',
    rests: back(
      state.rests,
      ({ until }) => until === null,
      (rest) => ({ ...rest, until: occurredAt }),
    ),
  }),
  MembershipClosed: (state) => ({
    ...state,
    status: 'Closed',
    lots: state.lots.map((lot) => ({ ...lot, left: 0 })),
  }),
};

/** Points that may be spent, and those that wait. */
export const pointsOfAccount = ({
  lots,
}: AccountState): { readonly available: number; readonly pending: number } => {
  let [available, pending] = [0, 0];
  for (const { left, locked } of lots) {
    if (locked) pending += left;
    else available += left;
  }
  return { available, pending };
};

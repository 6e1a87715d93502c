// The loyalty part of the document: accounts with their points, and the cases of the retention desk.
import { dateAt } from '@tenure/core';
import type { LoyaltyEvents } from '@tenure/events/generated/loyalty';
import { slice, type Slice } from '@tenure/projections';
import { withLot, withLots, withTaken, withUnlocked, type LoyaltyAccount } from './points.ts';
import { noRetention, retentionChanged, type Retention } from './retention.ts';
import { withTimes, type Times } from './times.ts';

export type LoyaltySlice = Times & {
  readonly accounts: readonly LoyaltyAccount[];
  /** Points that were spent or given away, by their lots: what may still come back to them. The newest only. */
  readonly redemptions: readonly Redemption[];
  readonly retention: Retention;
};

type Redemption = {
  readonly allocations: readonly {
    readonly expiresOn: string | null;
    readonly lotId: string;
    readonly points: number;
  }[];
  /** Of the redemption, or of the transfer. */
  readonly redemptionId: string;
};

const ACCOUNTS = 20; // one per programme
const REDEMPTIONS = 50; // a reversal comes within weeks

export const noLoyalty: LoyaltySlice = {
  accounts: [],
  createdAt: null,
  redemptions: [],
  retention: noRetention,
  updatedAt: null,
};

type AccountFact = { readonly id: string; readonly data: { readonly accountId: string } };

const changed = (
  state: LoyaltySlice,
  { id: eventId, data: { accountId } }: AccountFact,
  change: (account: LoyaltyAccount) => LoyaltyAccount,
): LoyaltySlice => ({
  ...state,
  accounts: state.accounts.map((account) =>
    account.accountId === accountId ? { ...change(account), eventId } : account,
  ),
});

type Handlers = Parameters<typeof slice<LoyaltySlice, LoyaltyEvents>>[0]['on'];

const onPoints = (zone: string): Handlers => ({
  PointsAccrued(state, event) {
    const { availableAt, expiresOn, lotId, points } = event.data;
    const locked = availableAt > event.occurredAt;
    return changed(state, event, (account) => ({
      ...withLot(account, { expiresOn, locked, lotId, points }),
      lastAccruedOn: later(account.lastAccruedOn, dateAt(event.occurredAt, zone)),
    }));
  },
  PointsUnlocked: (state, event) =>
    changed(state, event, (account) => withUnlocked(account, event.data.lotId)),
  PointsRedeemed(state, event) {
    const { allocations, redemptionId } = event.data;
    return changed(remembered(state, event.data, redemptionId), event, (account) => ({
      ...withTaken(account, allocations),
      lastRedeemedOn: later(account.lastRedeemedOn, dateAt(event.occurredAt, zone)),
    }));
  },
  RedemptionReversed: (state, event) => givenBack(state, event, event.data.redemptionId),
});

const onCorrections: Handlers = {
  PointsReversed(state, event) {
    const { lotId, points, shortfall } = event.data;
    return changed(state, event, (account) => {
      const { debt } = account;
      return { ...withTaken(account, [{ lotId, points: points - shortfall }]), debt: debt + shortfall };
    });
  },
  PointsExpired(state, event) {
    const { lotId, points } = event.data;
    return changed(state, event, (account) => withTaken(account, [{ lotId, points }]));
  },
  PointsTransferredOut: (state, event) =>
    changed(remembered(state, event.data, event.data.transferId), event, (account) =>
      withTaken(account, event.data.allocations),
    ),
  PointsTransferredIn: (state, event) =>
    changed(state, event, (account) =>
      event.data.lots.reduce((sum, lot) => withLot(sum, { ...lot, locked: false }), account),
    ),
  PointsAdjusted(state, event) {
    const { allocations, lot, transferId } = event.data;
    if (transferId) return givenBack(state, event, transferId); // nobody took it
    return changed(state, event, (account) =>
      lot === null ? withTaken(account, allocations) : withLot(account, { ...lot, locked: false }),
    );
  },
};

const later = (a: string | null, b: string): string => (a === null || b > a ? b : a);

type Taken = Pick<LoyaltyEvents['PointsRedeemed'], 'accountId' | 'allocations'>;

/** What leaves lots may come back to them: a lot that runs empty is not kept, so its last day is noted here. */
const remembered = (
  state: LoyaltySlice,
  { accountId, allocations }: Taken,
  redemptionId: string,
): LoyaltySlice => {
  const lots = state.accounts.find((account) => account.accountId === accountId)?.lots ?? [];
  const taken = allocations.map(({ lotId, points }) => ({
    expiresOn: lots.find((lot) => lot.lotId === lotId)?.expiresOn ?? null,
    lotId,
    points,
  }));
  const redemptions = [...state.redemptions, { allocations: taken, redemptionId }].slice(-REDEMPTIONS);
  return { ...state, redemptions };
};

const givenBack = (state: LoyaltySlice, event: AccountFact, redemptionId: string): LoyaltySlice => {
  const redemption = state.redemptions.find((known) => known.redemptionId === redemptionId);
  if (redemption === undefined) return changed(state, event, (account) => account);
  const redemptions = state.redemptions.filter((known) => known !== redemption);
  return changed({ ...state, redemptions }, event, (account) => withBack(account, redemption));
};

/** The same lots get their points back, those that had run empty too. */
const withBack = (account: LoyaltyAccount, { allocations }: Redemption): LoyaltyAccount => {
  let { lots } = account;
  for (const { expiresOn, lotId, points } of allocations) {
    const at = lots.findIndex((lot) => lot.lotId === lotId);
    const lot = lots[at];
    lots =
      lot === undefined
        ? [...lots, { expiresOn, locked: false, lotId, points }]
        : lots.with(at, { ...lot, points: lot.points + points });
  }
  return withLots(account, lots);
};

const onMembership = (zone: string): Handlers => ({
  MemberEnrolled(state, { id: eventId, occurredAt, data: { accountId, programId, tierId } }) {
    const account: LoyaltyAccount = {
      accountId,
      available: 0,
      debt: 0,
      enrolledOn: dateAt(occurredAt, zone),
      eventId,
      lastAccruedOn: null,
      lastRedeemedOn: null,
      lots: [],
      nextExpiry: null,
      pending: 0,
      programId,
      status: 'Active',
      tierId,
    };
    return { ...state, accounts: [...state.accounts, account].slice(-ACCOUNTS) };
  },
  TierChanged: (state, event) =>
    changed(state, event, (account) => ({ ...account, tierId: event.data.toTierId })),
  MembershipSuspended: (state, event) =>
    changed(state, event, (account) => ({ ...account, status: 'Suspended' })),
  MembershipReinstated: (state, event) =>
    changed(state, event, (account) => ({ ...account, status: 'Active' })),
  MembershipClosed: (state, event) =>
    changed(state, event, (account) => ({ ...withLots(account, []), status: 'Closed' })),
});

type CaseFact = { readonly id: string; readonly data: { readonly retentionCaseId: string } };

const retained = (
  state: LoyaltySlice,
  { id: eventId, data: { retentionCaseId } }: CaseFact,
  change: Parameters<typeof retentionChanged>[2],
): LoyaltySlice => ({
  ...state,
  retention: retentionChanged(state.retention, { eventId, retentionCaseId }, change),
});

const onRetention = (zone: string): Handlers => ({
  RetentionCaseOpened(state, { id: eventId, occurredAt, data: { ownerId, retentionCaseId, riskLevel } }) {
    const open = {
      eventId,
      offers: 0,
      openedOn: dateAt(occurredAt, zone),
      ownerId,
      retentionCaseId,
      riskLevel,
      status: 'Opened' as const,
    };
    return { ...state, retention: { ...state.retention, cases: state.retention.cases + 1, open } };
  },
  RetentionOfferMade: (state, event) =>
    retained(state, event, { offers: (state.retention.open?.offers ?? 0) + 1, status: 'Offered' }),
  CustomerSaved: (state, event) => retained(state, event, { status: 'Saved' }),
  CustomerLost: (state, event) => retained(state, event, { status: 'Lost' }),
  RetentionFalseAlarm: (state, event) => retained(state, event, { status: 'FalseAlarm' }),
});

/** The slice of source `loyalty`; business dates are those of the deployment's zone. */
export const loyaltySlice = (zone: string): Slice<LoyaltySlice> =>
  withTimes(
    slice<LoyaltySlice, LoyaltyEvents>({
      init: () => noLoyalty,
      on: { ...onPoints(zone), ...onCorrections, ...onMembership(zone), ...onRetention(zone) },
    }),
  );

// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Sealable } from '../sealed.ts';
import type { Actor, NewActor, LotGrant, NewLotGrant, Money, PointsAllocation, RiskLevel } from './common.ts';

export type { Actor, NewActor, LotGrant, NewLotGrant, Money, PointsAllocation, RiskLevel };

/** What earns points. */
export type EarningRule = {
  /** The rule. */
  readonly ruleId: string;
  /** Condition over a line of an order, a JSON tree. Canonical JSON. */
  readonly when: string;
  /** Points it gives, a JSON tree. Canonical JSON. */
  readonly points: string;
  /** Most points of one lot. */
  readonly cap: number;
};

export const lotExpirySymbols = ['NEVER', 'AFTER_DAYS', 'END_OF_MONTH', 'END_OF_YEAR'] as const;
/** How the last day of a lot is found. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type LotExpiry = (typeof lotExpirySymbols)[number];

/** When lots may be spent and when they expire. */
export type LotPolicy = {
  /** Days from earning to spending. */
  readonly availableAfterDays: number;
  /** How the last day is found. */
  readonly expiry: LotExpiry | 'UNKNOWN';
  /** Days, months or years to add. */
  readonly expiryAfter: number;
};

/** `LotPolicy` as it is written. */
export type NewLotPolicy = {
  readonly availableAfterDays: number;
  readonly expiry: LotExpiry;
  readonly expiryAfter: number;
};

export const accrualSourceSymbols = ['ORDER', 'REFERRAL', 'CAMPAIGN', 'SURVEY', 'COMPLAINT_REMEDY', 'MANUAL'] as const;
/** What points are earned by. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type AccrualSource = (typeof accrualSourceSymbols)[number];

export const reversalCauseSymbols = ['RETURN', 'REFUND', 'CANCELLATION', 'FRAUD'] as const;
/** Why points are taken back. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ReversalCause = (typeof reversalCauseSymbols)[number];

export const rewardKindSymbols = ['VOUCHER', 'PRODUCT', 'CASHBACK', 'SERVICE'] as const;
/** Kind of reward. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type RewardKind = (typeof rewardKindSymbols)[number];

export const tierDirectionSymbols = ['UP', 'DOWN'] as const;
/** Direction of a move between tiers. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type TierDirection = (typeof tierDirectionSymbols)[number];

/** A step of the ladder. */
export type Tier = {
  /** The tier. */
  readonly tierId: string;
  /** What it is called. */
  readonly name: string;
  /** Value from which it is reached. */
  readonly threshold: number;
};

export const tierMetricSymbols = ['SPEND', 'POINTS', 'ORDERS'] as const;
/** What counts for a tier. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type TierMetric = (typeof tierMetricSymbols)[number];

/** The customer is gone. */
export type CustomerLost = {
  /** The retention case. */
  readonly retentionCaseId: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
};

/** `CustomerLost` as it is written. */
export type NewCustomerLost = {
  readonly retentionCaseId: string;
  readonly reasonCode: string;
};

/** The customer stayed. */
export type CustomerSaved = {
  /** The retention case. */
  readonly retentionCaseId: string;
  /** Event that shows it. */
  readonly byEventId: string;
};

/** `CustomerSaved` as it is written. */
export type NewCustomerSaved = {
  readonly retentionCaseId: string;
  readonly byEventId: string;
};

/** A version of the earning rules applies from an instant on; old versions stay. */
export type EarningRulesPublished = {
  /** The programme. */
  readonly programId: string;
  /** Version of the rules. */
  readonly version: number;
  /** Instant from which they apply. Milliseconds since the epoch, UTC. */
  readonly effectiveFrom: number;
  /** The rules. */
  readonly rules: readonly EarningRule[];
  /** When lots may be spent and when they expire. */
  readonly lotPolicy: LotPolicy;
};

/** `EarningRulesPublished` as it is written. */
export type NewEarningRulesPublished = {
  readonly programId: string;
  readonly version: number;
  readonly effectiveFrom: number;
  readonly rules: readonly EarningRule[];
  readonly lotPolicy: NewLotPolicy;
};

/** The customer joined the programme. */
export type MemberEnrolled = {
  /** The account. */
  readonly accountId: string;
  /** The programme. */
  readonly programId: string;
  /** Version of the earning rules in force. */
  readonly programVersion: number;
  /** Tier the member begins in. */
  readonly tierId: string;
};

/** `MemberEnrolled` as it is written. */
export type NewMemberEnrolled = {
  readonly accountId: string;
  readonly programId: string;
  readonly programVersion: number;
  readonly tierId: string;
};

/** The membership is over; what was left is forfeited. */
export type MembershipClosed = {
  /** The account. */
  readonly accountId: string;
  /** Why. */
  readonly reason: Sealable<string>;
  /** Points that were left. */
  readonly forfeitedPoints: number;
};

/** `MembershipClosed` as it is written. */
export type NewMembershipClosed = {
  readonly accountId: string;
  readonly reason: string;
  readonly forfeitedPoints: number;
};

/** The membership goes on. */
export type MembershipReinstated = {
  /** The account. */
  readonly accountId: string;
};

/** `MembershipReinstated` as it is written. */
export type NewMembershipReinstated = {
  readonly accountId: string;
};

/** The membership rests. */
export type MembershipSuspended = {
  /** The account. */
  readonly accountId: string;
  /** Why. */
  readonly reason: Sealable<string>;
};

/** `MembershipSuspended` as it is written. */
export type NewMembershipSuspended = {
  readonly accountId: string;
  readonly reason: string;
};

/** The member earned points: a new lot. */
export type PointsAccrued = {
  /** The account. */
  readonly accountId: string;
  /** The lot. */
  readonly lotId: string;
  /** Points earned. */
  readonly points: number;
  /** What they were earned by. */
  readonly sourceType: AccrualSource | 'UNKNOWN';
  /** Order, complaint, … they were earned by. */
  readonly sourceId: string;
  /** Line of the order. */
  readonly sourceLineId: string | null;
  /** Part of the line that earned: total less tax. */
  readonly base: Money | null;
  /** Pieces of the line. */
  readonly qty: number | null;
  /** Rule that decided, with its version where it has one. */
  readonly ruleId: string;
  /** Version of that rule. */
  readonly ruleVersion: number;
  /** Instant from which they may be spent. Milliseconds since the epoch, UTC. */
  readonly availableAt: number;
  /** Last day on which they may be spent. YYYY-MM-DD. */
  readonly expiresOn: string | null;
};

/** `PointsAccrued` as it is written. */
export type NewPointsAccrued = {
  readonly accountId: string;
  readonly lotId: string;
  readonly points: number;
  readonly sourceType: AccrualSource;
  readonly sourceId: string;
  readonly sourceLineId?: string | null | undefined;
  readonly base?: Money | null | undefined;
  readonly qty?: number | null | undefined;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly availableAt: number;
  readonly expiresOn?: string | null | undefined;
};

/** Somebody corrected the balance by hand. */
export type PointsAdjusted = {
  /** The account. */
  readonly accountId: string;
  /** Points added, or taken when negative. */
  readonly points: number;
  /** Lot that a positive adjustment opens. */
  readonly lot: LotGrant | null;
  /** Points taken from each lot. */
  readonly allocations: readonly PointsAllocation[];
  /** Transfer whose points came back, because the other account did not take them. */
  readonly transferId: string | null;
  /** Why. */
  readonly reason: Sealable<string>;
  /** Who approved it. */
  readonly approvedBy: Actor;
};

/** `PointsAdjusted` as it is written. */
export type NewPointsAdjusted = {
  readonly accountId: string;
  readonly points: number;
  readonly lot?: NewLotGrant | null | undefined;
  readonly allocations: readonly PointsAllocation[];
  readonly transferId?: string | null | undefined;
  readonly reason: string;
  readonly approvedBy: NewActor;
};

/** What was left of a lot is void. */
export type PointsExpired = {
  /** The account. */
  readonly accountId: string;
  /** The lot. */
  readonly lotId: string;
  /** Points. */
  readonly points: number;
};

/** `PointsExpired` as it is written. */
export type NewPointsExpired = {
  readonly accountId: string;
  readonly lotId: string;
  readonly points: number;
};

/** The member spent points for a reward. */
export type PointsRedeemed = {
  /** The account. */
  readonly accountId: string;
  /** The redemption. */
  readonly redemptionId: string;
  /** The reward. */
  readonly rewardId: string;
  /** Points. */
  readonly points: number;
  /** Points taken from each lot. */
  readonly allocations: readonly PointsAllocation[];
};

/** `PointsRedeemed` as it is written. */
export type NewPointsRedeemed = {
  readonly accountId: string;
  readonly redemptionId: string;
  readonly rewardId: string;
  readonly points: number;
  readonly allocations: readonly PointsAllocation[];
};

/** Earned points were taken back; what was spent already is debt. */
export type PointsReversed = {
  /** The account. */
  readonly accountId: string;
  /** The lot. */
  readonly lotId: string;
  /** Points taken back, the shortfall included. */
  readonly points: number;
  /** Those of them that the lot no longer holds, because they were spent: debt. */
  readonly shortfall: number;
  /** Pieces of the line that came back; absent when the whole lot was taken back. */
  readonly qty: number | null;
  /** Why they were taken back. */
  readonly cause: ReversalCause | 'UNKNOWN';
  /** Return, order, … that caused it. */
  readonly causeId: string;
};

/** `PointsReversed` as it is written. */
export type NewPointsReversed = {
  readonly accountId: string;
  readonly lotId: string;
  readonly points: number;
  readonly shortfall: number;
  readonly qty?: number | null | undefined;
  readonly cause: ReversalCause;
  readonly causeId: string;
};

/** Points arrived from another account, with their expiry. */
export type PointsTransferredIn = {
  /** The account. */
  readonly accountId: string;
  /** The transfer. */
  readonly transferId: string;
  /** Account they come from. */
  readonly fromAccountId: string;
  /** What arrived, with its expiry. */
  readonly lots: readonly LotGrant[];
};

/** `PointsTransferredIn` as it is written. */
export type NewPointsTransferredIn = {
  readonly accountId: string;
  readonly transferId: string;
  readonly fromAccountId: string;
  readonly lots: readonly NewLotGrant[];
};

/** Points left for another account. */
export type PointsTransferredOut = {
  /** The account. */
  readonly accountId: string;
  /** The transfer. */
  readonly transferId: string;
  /** Account they go to. */
  readonly toAccountId: string;
  /** Points. */
  readonly points: number;
  /** Points taken from each lot. */
  readonly allocations: readonly PointsAllocation[];
};

/** `PointsTransferredOut` as it is written. */
export type NewPointsTransferredOut = {
  readonly accountId: string;
  readonly transferId: string;
  readonly toAccountId: string;
  readonly points: number;
  readonly allocations: readonly PointsAllocation[];
};

/** The points of a lot may be spent from now on. */
export type PointsUnlocked = {
  /** The account. */
  readonly accountId: string;
  /** The lot. */
  readonly lotId: string;
};

/** `PointsUnlocked` as it is written. */
export type NewPointsUnlocked = {
  readonly accountId: string;
  readonly lotId: string;
};

/** A loyalty programme is being made. */
export type ProgramDrafted = {
  /** The programme. */
  readonly programId: string;
  /** What the programme is called. */
  readonly name: string;
  /** What its points are called. */
  readonly pointsName: string;
  /** True when a first fulfilled order makes a member. */
  readonly autoEnrol: boolean;
};

/** `ProgramDrafted` as it is written. */
export type NewProgramDrafted = {
  readonly programId: string;
  readonly name: string;
  readonly pointsName: string;
  readonly autoEnrol: boolean;
};

/** The programme ends. */
export type ProgramEnded = {
  /** The programme. */
  readonly programId: string;
  /** Last day of the programme. YYYY-MM-DD. */
  readonly endsOn: string;
};

/** `ProgramEnded` as it is written. */
export type NewProgramEnded = {
  readonly programId: string;
  readonly endsOn: string;
};

/** Spent points came back into the lots they were taken from. */
export type RedemptionReversed = {
  /** The account. */
  readonly accountId: string;
  /** The redemption. */
  readonly redemptionId: string;
  /** Why. */
  readonly reason: Sealable<string>;
};

/** `RedemptionReversed` as it is written. */
export type NewRedemptionReversed = {
  readonly accountId: string;
  readonly redemptionId: string;
  readonly reason: string;
};

/** Somebody is to keep a customer who is at risk. */
export type RetentionCaseOpened = {
  /** The retention case. */
  readonly retentionCaseId: string;
  /** Published risk level that opened it. */
  readonly riskLevel: RiskLevel | 'UNKNOWN';
  /** Signals behind it. */
  readonly signalIds: readonly string[];
  /** Agent who answers for it. */
  readonly ownerId: string | null;
  /** Queue it came from. */
  readonly queueId: string | null;
  /** Version of the policy that decided. */
  readonly policyVersion: number;
};

/** `RetentionCaseOpened` as it is written. */
export type NewRetentionCaseOpened = {
  readonly retentionCaseId: string;
  readonly riskLevel: RiskLevel;
  readonly signalIds: readonly string[];
  readonly ownerId?: string | null | undefined;
  readonly queueId?: string | null | undefined;
  readonly policyVersion: number;
};

/** The customer was never at risk: the signals were wrong. */
export type RetentionFalseAlarm = {
  /** The retention case. */
  readonly retentionCaseId: string;
  /** Signals behind it. */
  readonly signalIds: readonly string[];
};

/** `RetentionFalseAlarm` as it is written. */
export type NewRetentionFalseAlarm = {
  readonly retentionCaseId: string;
  readonly signalIds: readonly string[];
};

/** The customer was offered something to stay. */
export type RetentionOfferMade = {
  /** The retention case. */
  readonly retentionCaseId: string;
  /** What was offered, a code of the policy in force. */
  readonly kind: string;
  /** Voucher that was offered. */
  readonly voucherId: string | null;
  /** What the offer costs the company. */
  readonly cost: Money;
};

/** `RetentionOfferMade` as it is written. */
export type NewRetentionOfferMade = {
  readonly retentionCaseId: string;
  readonly kind: string;
  readonly voucherId?: string | null | undefined;
  readonly cost: Money;
};

/** Points can be spent on this reward. */
export type RewardPublished = {
  /** The programme. */
  readonly programId: string;
  /** The reward. */
  readonly rewardId: string;
  /** What the reward is called. */
  readonly name: string;
  /** Kind of reward. */
  readonly kind: RewardKind | 'UNKNOWN';
  /** Points it costs. */
  readonly cost: number;
  /** What it is worth. */
  readonly value: Money | null;
};

/** `RewardPublished` as it is written. */
export type NewRewardPublished = {
  readonly programId: string;
  readonly rewardId: string;
  readonly name: string;
  readonly kind: RewardKind;
  readonly cost: number;
  readonly value?: Money | null | undefined;
};

/** A reward is not to be had any more. */
export type RewardRetired = {
  /** The programme. */
  readonly programId: string;
  /** The reward. */
  readonly rewardId: string;
};

/** `RewardRetired` as it is written. */
export type NewRewardRetired = {
  readonly programId: string;
  readonly rewardId: string;
};

/** The member moved to another tier. */
export type TierChanged = {
  /** The account. */
  readonly accountId: string;
  /** Tier before. */
  readonly fromTierId: string;
  /** Tier from now on. */
  readonly toTierId: string;
  /** Value from which the new tier is reached. */
  readonly threshold: number | null;
  /** Up or down. */
  readonly direction: TierDirection | 'UNKNOWN';
  /** Value that decided. Canonical decimal number. */
  readonly qualifyingValue: string;
  /** Year that decided. */
  readonly period: string;
  /** Version of the tier ladder. */
  readonly ladderVersion: number;
};

/** `TierChanged` as it is written. */
export type NewTierChanged = {
  readonly accountId: string;
  readonly fromTierId: string;
  readonly toTierId: string;
  readonly threshold?: number | null | undefined;
  readonly direction: TierDirection;
  readonly qualifyingValue: string;
  readonly period: string;
  readonly ladderVersion: number;
};

/** A version of the tiers and how they are reached. */
export type TierLadderPublished = {
  /** The programme. */
  readonly programId: string;
  /** Version of the ladder. */
  readonly version: number;
  /** The tiers, lowest first. */
  readonly tiers: readonly Tier[];
  /** What counts. */
  readonly metric: TierMetric | 'UNKNOWN';
  /** Period in which it counts. */
  readonly period: string;
};

/** `TierLadderPublished` as it is written. */
export type NewTierLadderPublished = {
  readonly programId: string;
  readonly version: number;
  readonly tiers: readonly Tier[];
  readonly metric: TierMetric;
  readonly period: string;
};

/** Events of `loyalty` as they are read, by name. */
export type LoyaltyEvents = {
  readonly CustomerLost: CustomerLost;
  readonly CustomerSaved: CustomerSaved;
  readonly EarningRulesPublished: EarningRulesPublished;
  readonly MemberEnrolled: MemberEnrolled;
  readonly MembershipClosed: MembershipClosed;
  readonly MembershipReinstated: MembershipReinstated;
  readonly MembershipSuspended: MembershipSuspended;
  readonly PointsAccrued: PointsAccrued;
  readonly PointsAdjusted: PointsAdjusted;
  readonly PointsExpired: PointsExpired;
  readonly PointsRedeemed: PointsRedeemed;
  readonly PointsReversed: PointsReversed;
  readonly PointsTransferredIn: PointsTransferredIn;
  readonly PointsTransferredOut: PointsTransferredOut;
  readonly PointsUnlocked: PointsUnlocked;
  readonly ProgramDrafted: ProgramDrafted;
  readonly ProgramEnded: ProgramEnded;
  readonly RedemptionReversed: RedemptionReversed;
  readonly RetentionCaseOpened: RetentionCaseOpened;
  readonly RetentionFalseAlarm: RetentionFalseAlarm;
  readonly RetentionOfferMade: RetentionOfferMade;
  readonly RewardPublished: RewardPublished;
  readonly RewardRetired: RewardRetired;
  readonly TierChanged: TierChanged;
  readonly TierLadderPublished: TierLadderPublished;
};

/** Facts of `loyalty` as deciders write them, by name. */
export type LoyaltyFacts = {
  readonly CustomerLost: NewCustomerLost;
  readonly CustomerSaved: NewCustomerSaved;
  readonly EarningRulesPublished: NewEarningRulesPublished;
  readonly MemberEnrolled: NewMemberEnrolled;
  readonly MembershipClosed: NewMembershipClosed;
  readonly MembershipReinstated: NewMembershipReinstated;
  readonly MembershipSuspended: NewMembershipSuspended;
  readonly PointsAccrued: NewPointsAccrued;
  readonly PointsAdjusted: NewPointsAdjusted;
  readonly PointsExpired: NewPointsExpired;
  readonly PointsRedeemed: NewPointsRedeemed;
  readonly PointsReversed: NewPointsReversed;
  readonly PointsTransferredIn: NewPointsTransferredIn;
  readonly PointsTransferredOut: NewPointsTransferredOut;
  readonly PointsUnlocked: NewPointsUnlocked;
  readonly ProgramDrafted: NewProgramDrafted;
  readonly ProgramEnded: NewProgramEnded;
  readonly RedemptionReversed: NewRedemptionReversed;
  readonly RetentionCaseOpened: NewRetentionCaseOpened;
  readonly RetentionFalseAlarm: NewRetentionFalseAlarm;
  readonly RetentionOfferMade: NewRetentionOfferMade;
  readonly RewardPublished: NewRewardPublished;
  readonly RewardRetired: NewRewardRetired;
  readonly TierChanged: NewTierChanged;
  readonly TierLadderPublished: NewTierLadderPublished;
};

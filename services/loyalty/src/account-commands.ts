// The commands of an account: what each says.
import type { Money } from '@tenure/core';
import type { AccrualSource, LotGrant, ReversalCause } from '@tenure/events/generated/loyalty';

export type AccruePoints = {
  readonly sourceId: string;
  readonly sourceLineId?: string | undefined;
} & (
  | {
      /** A line of an order: the rules of the programme say what it earns. */
      readonly sourceType: 'ORDER';
      readonly sourceLineId: string;
      readonly ruleId: string;
      readonly base: Money;
      readonly qty: number;
    }
  | {
      readonly sourceType: Exclude<AccrualSource, 'ORDER'>;
      readonly ruleId?: string | undefined;
      readonly points: number;
    }
);

export type AdjustPoints =
  | { readonly points: number; readonly reason: string; readonly lotId?: string | undefined }
  /** A transfer comes back: the same lots get their points again. */
  | { readonly transferId: string; readonly reason: string };

export type AccountCommands = {
  readonly EnrolMember: { readonly customerId: string; readonly programId: string };
  readonly AccruePoints: AccruePoints;
  readonly UnlockPoints: object;
  readonly RedeemPoints: { readonly redemptionId?: string | undefined; readonly rewardId: string };
  readonly ReverseRedemption: { readonly redemptionId: string; readonly reason: string };
  readonly ReverseAccrual: {
    readonly lotId: string;
    /** Pieces of the line that came back; absent: the whole lot. */
    readonly qty?: number | undefined;
    readonly cause: ReversalCause;
    readonly causeId: string;
  };
  readonly ExpirePoints: object;
  readonly TransferPoints: {
    readonly transferId?: string | undefined;
    readonly toAccountId: string;
    readonly points: number;
  };
  readonly ReceivePoints: {
    readonly transferId: string;
    readonly fromAccountId: string;
    readonly lots: readonly (Omit<LotGrant, 'expiresOn'> & { readonly expiresOn?: string | undefined })[];
  };
  readonly AdjustPoints: AdjustPoints;
  readonly ChangeTier: {
    /** The year that has just closed; absent: an event moved the value. */
    readonly closedYear?: number | undefined;
  };
  readonly SuspendMembership: { readonly reason: string };
  readonly ReinstateMembership: object;
  readonly CloseMembership: { readonly reason: string };
};

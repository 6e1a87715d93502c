// The account of a member: points earned, spent, given away, taken back and void; the tier they reach.
import { aggregate, NOTHING, type Aggregate } from '@tenure/core';
import {
  evolveAccount,
  noAccount,
  type AccountState,
  type AccountEvents,
  type AccountFacts,
} from './account-state.ts';
import { accruePoints } from './accrual.ts';
import type { AccountCommands } from './account-commands.ts';
import type { ProgramState } from './program.ts';
import { changeTier, closeMembership, enrolMember, suspendMembership } from './membership.ts';
import { reverseAccrual } from './reversal.ts';
import { adjustPoints, expirePoints, redeemPoints, reverseRedemption, unlockPoints } from './spending.ts';
import { receivePoints, transferPoints } from './transfer.ts';

/** What deciders of an account know beyond its stream. */
export type AccountContext = {
  readonly zone: string;
  readonly limits: AccountLimits;
  readonly program: ProgramState;
  /** The account at the other end of a transfer; null where the command names none. */
  readonly other: AccountState | null;
};

export type AccountLimits = {
  readonly liveLots: number;
  readonly pointsPerAccrual: number;
  readonly suspensions: number;
  readonly lotsPerCommand: number;
  readonly transfer: { readonly least: number; readonly most: number; readonly perYear: number };
  readonly adjustment: { readonly most: number; readonly alone: number };
};

export type AccountParts = {
  readonly state: AccountState;
  readonly events: AccountEvents;
  readonly facts: AccountFacts;
  readonly commands: AccountCommands;
  readonly context: AccountContext;
};

/** States, rules and events of the account. */
export const account: Aggregate<AccountParts> = aggregate<AccountParts>({
  name: 'loyaltyaccount',
  initial: noAccount,
  transitions: {
    EnrolMember: [NOTHING],
    AccruePoints: ['Active'],
    UnlockPoints: ['Active', 'Suspended'],
    RedeemPoints: ['Active'],
    ReverseRedemption: ['Active', 'Suspended'],
    ReverseAccrual: ['Active', 'Suspended'],
    ExpirePoints: ['Active', 'Suspended'],
    TransferPoints: ['Active'],
    ReceivePoints: ['Active'],
    AdjustPoints: ['Active', 'Suspended'],
    ChangeTier: ['Active'],
    SuspendMembership: ['Active'],
    ReinstateMembership: ['Suspended'],
    CloseMembership: ['Active', 'Suspended'],
  },
  decide: {
    EnrolMember: enrolMember,
    AccruePoints: accruePoints,
    UnlockPoints: unlockPoints,
    RedeemPoints: redeemPoints,
    ReverseRedemption: reverseRedemption,
    ReverseAccrual: reverseAccrual,
    ExpirePoints: expirePoints,
    TransferPoints: transferPoints,
    ReceivePoints: receivePoints,
    AdjustPoints: adjustPoints,
    ChangeTier: changeTier,
    SuspendMembership: suspendMembership,
    ReinstateMembership: (_, __, { id }) => [{ type: 'MembershipReinstated', data: { accountId: id } }],
    CloseMembership: closeMembership,
  },
  evolve: evolveAccount,
});

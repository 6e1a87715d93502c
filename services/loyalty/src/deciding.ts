// The form of an account's deciders, and the checks that several of them share.
import { ruleViolated, type CommandContext, type FactOf } from '@tenure/core';
import type { AccountCommands } from './account-commands.ts';
import type { AccountFacts, AccountState } from './account-state.ts';
import type { AccountContext, AccountLimits } from './account.ts';
import { isLive } from './lots.ts';
import { earningAt, type EarningVersion, type ProgramState } from './program.ts';

export type Deciding = CommandContext & AccountContext;

export type Decider<C extends keyof AccountCommands> = (
  state: AccountState,
  command: AccountCommands[C],
  context: Deciding,
) => readonly FactOf<AccountFacts>[];

/** The rules in force. @throws PROGRAM_NOT_LIVE before any apply */
export const rulesInForce = (program: ProgramState, now: number): EarningVersion => {
  const earning = earningAt(program, now);
  if (earning === null) throw notLive();
  return earning;
};

export const notLive = () =>
  ruleViolated('PROGRAM_NOT_LIVE', 'The programme is not live: no rules of it apply at that time.');

/** @throws LIMIT_EXCEEDED when that many further lots are too many */
export const checkLiveLots = (state: AccountState, more: number, limits: AccountLimits): void => {
  if (state.lots.filter(isLive).length + more > limits.liveLots)
    throw limitExceeded(
      'liveLots',
      limits.liveLots,
      'An account has at most that many lots with points in them.',
    );
};

export const limitExceeded = (limit: string, value: number, detail: string) =>
  ruleViolated('LIMIT_EXCEEDED', detail, { limit, value });

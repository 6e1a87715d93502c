// What the deciders of loyalty are given to know: limits, the programme, the account at the other end of a transfer.
import type { CommandContext } from '@tenure/core';
import type { ContextSources, DeploymentPolicy } from '@tenure/service-kit';
import type { AccountState } from './account-state.ts';
import type { AccountContext } from './account.ts';
import type { LimitsPolicy } from './policy.ts';
import type { ProgramContext, ProgramState } from './program.ts';

type Command = { readonly name: string; readonly data: object; readonly base: CommandContext };

export const programContext = ({ policies }: ContextSources, { base }: Command): Promise<ProgramContext> =>
  Promise.resolve({ limits: policies.at<LimitsPolicy>('limits', base.today).program });

/** The state of an account of this service. */
export const readAccount = async (sources: Pick<ContextSources, 'read'>, id: string): Promise<AccountState> =>
  (await sources.read('loyaltyaccount', id)).state as AccountState;

/** The state of a programme of this service. */
export const readProgram = async (sources: Pick<ContextSources, 'read'>, id: string): Promise<ProgramState> =>
  (await sources.read('loyaltyprogram', id)).state as ProgramState;

/** The account that a command names beside its own, if any. */
const otherAccount = (name: string, data: object, own: AccountState): string | null => {
  const { toAccountId, fromAccountId, transferId } = data as {
    readonly toAccountId?: string;
    readonly fromAccountId?: string;
    readonly transferId?: string;
  };
  switch (name) {
    case 'TransferPoints':
      return toAccountId ?? null;
    case 'ReceivePoints':
      return fromAccountId ?? null;
    case 'AdjustPoints':
      return own.transfers.find((one) => one.transferId === transferId)?.toAccountId ?? null;
    default:
      return null;
  }
};

export const accountContext = async (
  sources: ContextSources,
  { name, data, base }: Command,
): Promise<AccountContext> => {
  const own = await readAccount(sources, base.id);
  const programId = name === 'EnrolMember' ? (data as { programId: string }).programId : own.programId;
  const other = otherAccount(name, data, own);
  const [program, otherState] = await Promise.all([
    readProgram(sources, programId),
    other === null ? null : readAccount(sources, other),
  ]);
  const { zone } = sources.policies.at<DeploymentPolicy>('deployment', base.today);
  const limits = sources.policies.at<LimitsPolicy>('limits', base.today).account;
  return { zone, limits, program, other: otherState };
};

// Points from one member to another: they keep the day on which they expire.
import { ruleViolated, uuid5 } from '@tenure/core';
import type { AccountState } from './account-state.ts';
import { checkLiveLots, limitExceeded, type Decider, type Deciding } from './deciding.ts';
import { allocate } from './lots.ts';
import { spendable } from './spending.ts';
import { yearAt } from './tiers.ts';

export const transferPoints: Decider<'TransferPoints'> = (state, command, context) => {
  const { id, commandId, today, other } = context;
  const { toAccountId, points, transferId = uuid5(commandId, 'transferId') } = command;
  if (state.transfers.some((one) => one.transferId === transferId))
    throw ruleViolated('DUPLICATE_TRANSFER', 'A transfer with this id is recorded already.', { transferId });
  if (toAccountId === id || other?.status !== 'Active' || other.programId !== state.programId)
    throw ruleViolated(
      'TRANSFER_TARGET',
      'Points go to another account of the same programme that is Active.',
    );
  checkAmount(state, points, context);
  const allocations = allocate(spendable(state, today), points);
  return [
    { type: 'PointsTransferredOut', data: { accountId: id, transferId, toAccountId, points, allocations } },
  ];
};

const checkAmount = (state: AccountState, points: number, { now, zone, limits }: Deciding): void => {
  const { least, most, perYear } = limits.transfer;
  if (points < least)
    throw ruleViolated('TRANSFER_TOO_SMALL', `A transfer is at least ${least} points.`, { least });
  if (points > most) throw limitExceeded('transfer', most, 'That is more than one transfer may be.');
  const year = yearAt(now, zone);
  const sent = state.transfers
    .filter(({ at, returned }) => !returned && yearAt(at, zone) === year)
    .reduce((sum, one) => sum + one.points, 0);
  if (sent + points > perYear)
    throw limitExceeded(
      'transferPerYear',
      perYear,
      'That is more than may be given away in a calendar year.',
    );
};

/** Takes what another account has sent, once. @throws TRANSFER_RETURNED when it went back in the meantime */
export const receivePoints: Decider<'ReceivePoints'> = (state, command, { id, limits, other }) => {
  const { transferId, fromAccountId, lots } = command;
  if (state.received.includes(transferId)) return [];
  const transfer = other?.transfers.find((one) => one.transferId === transferId);
  if (transfer?.toAccountId !== id || transfer.returned)
    throw ruleViolated('TRANSFER_RETURNED', 'There is no such transfer to this account, or it went back.');
  checkLiveLots(state, lots.length, limits);
  // A lot of its own here: the id of the sender's lot is taken there.
  const arrived = lots.map(({ lotId, points, expiresOn = null }) => ({
    lotId: uuid5(transferId, lotId),
    points,
    expiresOn,
  }));
  return [{ type: 'PointsTransferredIn', data: { accountId: id, transferId, fromAccountId, lots: arrived } }];
};

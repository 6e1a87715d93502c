// Points leave lots: spent, void, corrected; and come free, or come back.
import { ruleViolated, uuid5 } from '@tenure/core';
import type { AccountState } from './account-state.ts';
import type { AdjustPoints } from './account-commands.ts';
import { checkLiveLots, limitExceeded, rulesInForce, type Decider, type Deciding } from './deciding.ts';
import { expiresOn } from './earning.ts';
import { allocate, isLive, isSpendable, isVoid } from './lots.ts';

/** Frees every lot whose time has come. */
export const unlockPoints: Decider<'UnlockPoints'> = ({ lots }, _, { id, now, limits }) =>
  lots
    .filter((lot) => lot.locked && isLive(lot) && lot.availableAt <= now)
    .slice(0, limits.lotsPerCommand)
    .map(({ lotId }) => ({ type: 'PointsUnlocked', data: { accountId: id, lotId } }));

/** Voids what is left of every lot whose last day is over. */
export const expirePoints: Decider<'ExpirePoints'> = ({ lots }, _, { id, today, limits }) =>
  lots
    .filter((lot) => isVoid(lot, today))
    .slice(0, limits.lotsPerCommand)
    .map(({ lotId, left }) => ({ type: 'PointsExpired', data: { accountId: id, lotId, points: left } }));

export const redeemPoints: Decider<'RedeemPoints'> = (state, command, { id, commandId, today, program }) => {
  const { rewardId, redemptionId = uuid5(commandId, 'redemptionId') } = command;
  const reward = program.rewards.find((one) => one.rewardId === rewardId);
  if (reward === undefined || reward.retired)
    throw ruleViolated('UNKNOWN_REWARD', 'The programme has no such reward, or not any more.');
  if (state.redemptions.some((one) => one.redemptionId === redemptionId))
    throw ruleViolated('DUPLICATE_REDEMPTION', 'A redemption with this id is recorded already.', {
      redemptionId,
    });
  const points = reward.cost;
  const allocations = allocate(spendable(state, today), points);
  return [{ type: 'PointsRedeemed', data: { accountId: id, redemptionId, rewardId, points, allocations } }];
};

/** The lots that may be spent on a day. */
export const spendable = ({ lots }: AccountState, today: string) =>
  lots.filter((lot) => isSpendable(lot, today));

export const reverseRedemption: Decider<'ReverseRedemption'> = ({ redemptions }, command, { id }) => {
  const { redemptionId, reason } = command;
  const redemption = redemptions.find((one) => one.redemptionId === redemptionId);
  if (redemption === undefined)
    throw ruleViolated('UNKNOWN_REDEMPTION', 'The account has no such redemption.');
  return redemption.reversed
    ? []
    : [{ type: 'RedemptionReversed', data: { accountId: id, redemptionId, reason } }];
};

export const adjustPoints: Decider<'AdjustPoints'> = (state, command, context) =>
  'transferId' in command ? takeBack(state, command, context) : correct(state, command, context);

const correct = (
  state: AccountState,
  { points, reason, lotId }: Extract<AdjustPoints, { points: number }>,
  { id, commandId, now, today, actor, limits, program }: Deciding,
): ReturnType<Decider<'AdjustPoints'>> => {
  checkAdjustment(points, limits.adjustment);
  const data = {
    accountId: id,
    points,
    lot: null,
    allocations: [],
    transferId: null,
    reason,
    approvedBy: actor,
  };
  if (points < 0)
    return [
      {
        type: 'PointsAdjusted',
        data: { ...data, allocations: allocate(state.lots.filter(isLive), -points) },
      },
    ];
  checkLiveLots(state, 1, limits);
  const lot = {
    lotId: lotId ?? uuid5(commandId, 'lotId'),
    points,
    expiresOn: expiresOn(rulesInForce(program, now).lotPolicy, today),
  };
  if (state.lots.some((one) => one.lotId === lot.lotId))
    throw ruleViolated('DUPLICATE_LOT', 'The account has a lot with this id already.', { lotId: lot.lotId });
  return [{ type: 'PointsAdjusted', data: { ...data, lot } }];
};

/** @throws LIMIT_EXCEEDED, FOUR_EYES_REQUIRED: a request names one person, and approvals by a second are not built */
const checkAdjustment = (points: number, { most, alone }: Deciding['limits']['adjustment']): void => {
  const size = Math.abs(points);
  if (size > most) throw limitExceeded('adjustment', most, 'That is more than an adjustment may be.');
  if (size > alone)
    throw ruleViolated(
      'FOUR_EYES_REQUIRED',
      `More than ${alone} points need a second person to approve them, which this version cannot take yet.`,
      { limit: alone },
    );
};

/** What the other account did not take comes back, once; what it did take stays there. */
const takeBack = (
  state: AccountState,
  { transferId, reason }: Extract<AdjustPoints, { transferId: string }>,
  { id, actor, other }: Deciding,
): ReturnType<Decider<'AdjustPoints'>> => {
  if (actor.kind !== 'process')
    throw ruleViolated('PROCESS_ONLY', 'A transfer that nobody took comes back by itself.');
  const transfer = state.transfers.find((one) => one.transferId === transferId);
  if (transfer === undefined || transfer.returned || other?.received.includes(transferId) === true) return [];
  const { points, allocations } = transfer;
  const data = { accountId: id, points, lot: null, allocations, transferId, reason, approvedBy: actor };
  return [{ type: 'PointsAdjusted', data }];
};

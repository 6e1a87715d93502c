// Earning points: a lot for each source, line and rule.
import { ruleViolated } from '@tenure/core';
import { earnedLotId } from './account-id.ts';
import type { AccountState } from './account-state.ts';
import { checkLiveLots, limitExceeded, notLive, rulesInForce, type Decider } from './deciding.ts';
import { availableAt, expiresOn, pointsOf } from './earning.ts';
import { isLive, type EarningVersion } from './program.ts';

/** What points are earned by that no rule of the programme names. */
const BY_HAND = 'manual';

/** Opens a lot; the same source, line and rule open one once. What was fulfilled while the membership rested earns nothing. */
export const accruePoints: Decider<'AccruePoints'> = (state, command, context) => {
  const { id, now, today, zone, limits, program } = context;
  const ruleId = command.ruleId ?? BY_HAND;
  const lotId = earnedLotId(id, { ...command, ruleId });
  if (state.lots.some((lot) => lot.lotId === lotId)) return [];
  const isOrder = command.sourceType === 'ORDER';
  if (isOrder && rested(state, now)) return [];
  if (!isLive(program, now, zone)) throw notLive();
  const earning = rulesInForce(program, now);
  const points = isOrder ? pointsOf(ruleOf(earning, ruleId), command) : command.points;
  if (points < 1) return [];
  if (points > limits.pointsPerAccrual)
    throw limitExceeded(
      'pointsPerAccrual',
      limits.pointsPerAccrual,
      'That is more than one accrual may bring.',
    );
  checkLiveLots(state, 1, limits);
  const { sourceType, sourceId, sourceLineId = null } = command;
  return [
    {
      type: 'PointsAccrued',
      data: {
        accountId: id,
        lotId,
        points,
        sourceType,
        sourceId,
        sourceLineId,
        base: isOrder ? command.base : null,
        qty: isOrder ? command.qty : null,
        ruleId,
        ruleVersion: earning.version,
        // Only a line that may come back has to wait for its return window.
        availableAt: isOrder ? availableAt(earning.lotPolicy, now, zone) : now,
        expiresOn: expiresOn(earning.lotPolicy, today),
      },
    },
  ];
};

const rested = ({ rests }: AccountState, at: number): boolean =>
  rests.some(({ from, until }) => from <= at && (until === null || at < until));

const ruleOf = ({ rules }: EarningVersion, ruleId: string) => {
  const rule = rules.find((one) => one.ruleId === ruleId);
  if (rule === undefined)
    throw ruleViolated('UNKNOWN_RULE', 'The programme has no such rule at that time.', {
      rules: rules.map((one) => one.ruleId),
    });
  return rule;
};

// Earning points, and taking back what a return or a cancelled order had earned.
import { ruleViolated, type Money } from '@tenure/core';
import { earnedLotId } from './account-id.ts';
import type { AccountState } from './account-state.ts';
import { checkLiveLots, limitExceeded, notLive, rulesInForce, type Decider } from './deciding.ts';
import { availableAt, expiresOn, keptOf, pointsOf } from './earning.ts';
import type { Lot } from './lots.ts';
import { isLive, type EarningVersion, type ProgramState } from './program.ts';

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

/** Takes back what the pieces that came back had earned; what the lot no longer holds is debt. Once per cause. */
export const reverseAccrual: Decider<'ReverseAccrual'> = (state, command, { id, program }) => {
  const { lotId, qty, cause, causeId } = command;
  const lot = state.lots.find((one) => one.lotId === lotId);
  if (lot?.source == null) throw ruleViolated('UNKNOWN_LOT', 'The account has earned no such lot.');
  if (lot.causes.includes(causeId)) return [];
  const points = qty === undefined ? lot.points - lot.reversed : lostBy(lot, qty, program);
  if (qty === undefined && points === 0) return [];
  const shortfall = points - Math.min(points, lot.left);
  return [
    {
      type: 'PointsReversed',
      data: { accountId: id, lotId, points, shortfall, qty: qty ?? null, cause, causeId },
    },
  ];
};

/** What the lot has lost when so many further pieces came back: less what the kept ones earn, by the rule that opened it. */
const lostBy = (lot: Lot, qty: number, program: ProgramState): number => {
  const { source } = lot;
  if (source?.base == null || source.qty === null)
    throw ruleViolated(
      'LOT_WITHOUT_PIECES',
      'The lot was not earned by pieces of a line; take it back as a whole.',
    );
  const kept = source.qty - lot.returned - qty;
  if (kept < 0)
    throw ruleViolated('QUANTITY_EXCEEDED', 'More pieces than the line has left.', {
      left: source.qty - lot.returned,
    });
  const due =
    kept === 0
      ? 0
      : pointsKept(program, { ...lot, source: { ...source, base: source.base, qty: source.qty } }, kept);
  return Math.max(0, lot.points - Math.min(due, lot.points) - lot.reversed);
};

type EarnedByLine = Lot & {
  readonly source: {
    readonly ruleId: string;
    readonly ruleVersion: number;
    readonly base: Money;
    readonly qty: number;
  };
};

const pointsKept = (program: ProgramState, { source }: EarnedByLine, kept: number): number => {
  const rule = program.earning
    .find(({ version }) => version === source.ruleVersion)
    ?.rules.find(({ ruleId }) => ruleId === source.ruleId);
  if (rule === undefined)
    throw ruleViolated('UNKNOWN_RULE', 'The programme does not know the rule that opened the lot.');
  return pointsOf(rule, keptOf(source, kept));
};

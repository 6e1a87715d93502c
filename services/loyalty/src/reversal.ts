// Taking back what a return, a cancelled order or a fraud had earned.
import { ruleViolated, type Money } from '@tenure/core';
import type { Decider } from './deciding.ts';
import { keptOf, pointsOf } from './earning.ts';
import type { Lot } from './lots.ts';
import type { ProgramState } from './program.ts';

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

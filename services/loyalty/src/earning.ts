// What a line earns: the rules of a programme evaluated over it, and when the lot may be spent and when it is void.
import {
  addDays,
  addMonths,
  addYears,
  dateAt,
  daysInMonth,
  decimalsOf,
  isTenureError,
  ruleViolated,
  share,
  startOfDate,
  type CalendarDate,
  type Money,
} from '@tenure/core';
import type { EarningRule, LotPolicy } from '@tenure/events/generated/loyalty';
import { checkRule, evaluate } from './rule-tree.ts';

/** A line of an order as the rules see it: `base` is its total less tax. */
export type EarningLine = { readonly base: Money; readonly qty: number };

/** Minor units that make a point: those of 1.00 of the currency, of 100 where it has no decimals. */
export const minorPerPoint = (currency: string): number => 10 ** (decimalsOf(currency) || 2);

const scopeOf = ({ base, qty }: EarningLine): object => ({
  line: { base: base.minor, qty, currency: base.currency },
  minorPerPoint: minorPerPoint(base.currency),
});

/** Lines on which a rule is tried before it is published: none, a small and a large one. */
const SAMPLES: readonly EarningLine[] = [0, 1, 100_000].map((minor) => ({
  base: { minor, currency: 'CNY' },
  qty: 1,
}));

/**
 * Refuses a rule that could not be evaluated: a tree the evaluator does not know, a name that no line has, a condition
 * that is neither true nor false, points that are no number.
 * @throws RULE_INVALID
 */
export const checkEarningRule = (rule: EarningRule, index: number): void => {
  try {
    const [when, points]: readonly unknown[] = [JSON.parse(rule.when), JSON.parse(rule.points)];
    checkRule(when);
    checkRule(points);
    for (const line of SAMPLES) {
      const scope = scopeOf(line);
      if (typeof evaluate(when, scope) !== 'boolean' || typeof evaluate(points, scope) !== 'number')
        throw invalidRule(index);
    }
  } catch (error) {
    if (isTenureError(error, 'RULE_INVALID') && 'rule' in error.data) throw invalidRule(index);
    throw error;
  }
};

const invalidRule = (index: number) =>
  ruleViolated(
    'RULE_INVALID',
    'An earning rule is a JSON tree over line.base, line.qty, line.currency and minorPerPoint: `when` is true or false, `points` a number.',
    { index },
  );

/** Points of a line by one rule: whole, at most the cap; 0 where it earns nothing. */
export const pointsOf = (rule: EarningRule, line: EarningLine): number => {
  const scope = scopeOf(line);
  if (evaluate(JSON.parse(rule.when), scope) !== true) return 0;
  const points = evaluate(JSON.parse(rule.points), scope);
  if (typeof points !== 'number' || !Number.isFinite(points)) return 0;
  return Math.min(Math.max(0, Math.floor(points)), rule.cap);
};

/** What is left of a line of `qty` pieces when `kept` of them are kept. */
export const keptOf = ({ base, qty }: EarningLine, kept: number): EarningLine => ({
  base: share(base, kept, qty, 'floor'),
  qty: kept,
});

/** The instant at which the business date of the earning plus the waiting time has closed; without waiting, at once. */
export const availableAt = (policy: LotPolicy, now: number, zone: string): number =>
  policy.availableAfterDays === 0
    ? now
    : startOfDate(addDays(dateAt(now, zone), policy.availableAfterDays + 1), zone);

/** The last day of a lot that opens today; null: it never expires. */
export const expiresOn = (policy: LotPolicy, today: CalendarDate): CalendarDate | null => {
  switch (policy.expiry) {
    case 'NEVER':
    case 'UNKNOWN': // a newer symbol: whoever knows it will say when
      return null;
    case 'AFTER_DAYS':
      return addDays(today, policy.expiryAfter);
    case 'END_OF_MONTH':
      return endOfMonth(addMonths(`${today.slice(0, 7)}-01`, policy.expiryAfter));
    case 'END_OF_YEAR':
      return `${addYears(`${today.slice(0, 4)}-01-01`, policy.expiryAfter).slice(0, 4)}-12-31`;
    default:
      return policy.expiry satisfies never;
  }
};

const endOfMonth = (date: CalendarDate): CalendarDate =>
  `${date.slice(0, 7)}-${String(daysInMonth(Number(date.slice(0, 4)), Number(date.slice(5, 7)))).padStart(2, '0')}`;

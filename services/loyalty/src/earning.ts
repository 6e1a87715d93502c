// What a line earns: the rules of a programme evaluated over it, and when the lot may be spent and when it is void.
import {
  addDays,
  addMonths,
  addYears,
  amountOfRule,
  checkRule,
  dateAt,
  daysInMonth,
  decimalsOf,
  pathsOfRule,
  ruleViolated,
  share,
  startOfDate,
  testRule,
  type CalendarDate,
  type Money,
  type RuleFacts,
  type RuleKind,
  type RuleProblem,
} from '@tenure/core';
import type { EarningRule, LotPolicy } from '@tenure/events/generated/loyalty';

/** A line of an order as the rules see it: `base` is its total less tax. */
export type EarningLine = { readonly base: Money; readonly qty: number };

/** Minor units that make a point: those of 1.00 of the currency, of 100 where it has no decimals. */
export const minorPerPoint = (currency: string): number => 10 ** (decimalsOf(currency) || 2);

/** What a rule of a programme may look at. Not at the day: a return asks again what the line would have earned. */
const factsOf = ({ base, qty }: EarningLine): RuleFacts => ({
  document: {
    line: { base: base.minor, qty, currency: base.currency },
    minorPerPoint: minorPerPoint(base.currency),
  },
  date: '1970-01-01',
  zone: 'UTC',
});

const PATHS = ['line.base', 'line.qty', 'line.currency', 'minorPerPoint'];

/**
 * Refuses a rule that no line could be asked about.
 * @throws RULE_INVALID with the JSON pointers to what is wrong
 */
export const checkEarningRule = (rule: EarningRule, index: number): void => {
  const problems = [
    ...problemsOf(rule.when, 'condition', 'when'),
    ...problemsOf(rule.points, 'amount', 'points'),
  ];
  if (problems.length > 0)
    throw ruleViolated('RULE_INVALID', 'A rule cannot be evaluated; `problems` says where and why.', {
      index,
      paths: PATHS,
      problems,
    });
};

const problemsOf = (text: string, kind: RuleKind, name: string): readonly RuleProblem[] => {
  const tree: unknown = JSON.parse(text);
  const problems = checkRule(tree, kind).map(({ path, reason }) => ({ path: `/${name}${path}`, reason }));
  const knowsAll = pathsOfRule(tree, kind).every((path) => PATHS.includes(path));
  return knowsAll ? problems : [...problems, { path: `/${name}`, reason: 'names what no line has' }];
};

/** Points of a line by one rule: whole, at most the cap; 0 where it earns nothing. */
export const pointsOf = (rule: EarningRule, line: EarningLine): number => {
  const facts = factsOf(line);
  if (!testRule(JSON.parse(rule.when), facts).holds) return 0;
  const points = amountOfRule(JSON.parse(rule.points), facts) ?? 0;
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

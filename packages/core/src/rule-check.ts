// What is wrong with a rule, before anybody relies on it: each problem with the JSON pointer to it.
import { isDate } from './dates.ts';
import { escaped, MAX_RULE_DEPTH, operatorOf } from './rule-values.ts';

/** `path`: JSON pointer into the rule, '' for the rule itself. */
export type RuleProblem = { readonly path: string; readonly reason: string };

/** What a rule is for: to hold or not, or to be an amount. */
export type RuleKind = 'condition' | 'amount';

/** Operators and literals of a rule; more is a program. */
export const MAX_RULE_NODES = 200;
const MAX_PATH_LENGTH = 200;
const MAX_LITERAL_LENGTH = 200;
/** Operands of one operator, values of one list. */
const MAX_OPERANDS = 50;
const MAX_PROBLEMS = 20; // whoever has that many reads no further

const PATH = /^(\$\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** All that is wrong with a rule; none: it can be evaluated over any document. */
export const checkRule = (rule: unknown, kind: RuleKind = 'condition'): readonly RuleProblem[] =>
  checked(rule, kind).problems;

/** The paths that a rule reads, each once, in the order of the rule. Those inside of `some` begin at the item. */
export const pathsOfRule = (rule: unknown, kind: RuleKind = 'condition'): readonly string[] => [
  ...checked(rule, kind).paths,
];

const checked = (rule: unknown, kind: RuleKind): Check => {
  const check: Check = { problems: [], paths: new Set(), nodes: 0 };
  if (kind === 'condition') checkCondition(rule, at('', 0), check);
  else checkArithmetic(rule, at('', 0), check);
  return check;
};

type Check = { readonly problems: RuleProblem[]; readonly paths: Set<string>; nodes: number };
type At = { readonly path: string; readonly depth: number };

const at = (path: string, depth: number): At => ({ path, depth });
const into = ({ path, depth }: At, ...names: readonly (string | number)[]): At =>
  at([path, ...names.map((name) => escaped(String(name)))].join('/'), depth + 1);

const wrong = (check: Check, { path }: At, reason: string): false => {
  if (check.problems.length < MAX_PROBLEMS) check.problems.push({ path, reason });
  return false;
};

/** Counts a node; false: no deeper, no further. */
const enter = (check: Check, place: At): boolean => {
  check.nodes++;
  if (check.nodes === MAX_RULE_NODES + 1) wrong(check, at('', 0), `has more than ${MAX_RULE_NODES} nodes`);
  if (check.nodes > MAX_RULE_NODES) return false;
  return (
    place.depth < MAX_RULE_DEPTH || wrong(check, place, `is nested deeper than ${MAX_RULE_DEPTH} levels`)
  );
};

const NOT_A_CONDITION = 'must be true, false, or an object with one operator of a condition';

const checkCondition = (node: unknown, place: At, check: Check): void => {
  if (!enter(check, place) || typeof node === 'boolean') return;
  const [operator, operand] = operatorOf(node) ?? [null, null];
  if (operator === null) return void wrong(check, place, NOT_A_CONDITION);
  const inside = into(place, operator);
  switch (operator) {
    case 'all':
    case 'any':
      return eachOf(operand, inside, check, [1, MAX_OPERANDS], checkCondition);
    case 'not':
      return checkCondition(operand, inside, check);
    case 'exists':
      return checkPath(operand, inside, check);
    case 'some':
      return operandsOf(operand, inside, check, [checkPath, checkCondition]);
    case 'in':
      return operandsOf(operand, inside, check, [checkLeft, checkList]);
    case 'eq':
      return operandsOf(operand, inside, check, [checkLeft, checkLiteral]);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return operandsOf(operand, inside, check, [checkLeft, checkOrdered]);
    default:
      return void wrong(check, inside, 'is no operator of a condition');
  }
};

type CheckNode = (node: unknown, place: At, check: Check) => void;

/** Exactly these operands, each checked by its own. */
const operandsOf = (operand: unknown, place: At, check: Check, checks: readonly CheckNode[]): void => {
  if (!Array.isArray(operand) || operand.length !== checks.length)
    return void wrong(check, place, `takes a list of ${checks.length} operands`);
  checks.forEach((checkOne, i) => checkOne(operand[i], into(place, i), check));
};

const eachOf = (
  operand: unknown,
  place: At,
  check: Check,
  [least, most]: readonly [number, number],
  checkOne: CheckNode,
): void => {
  if (!Array.isArray(operand) || operand.length < least || operand.length > most)
    return void wrong(check, place, `takes a list of ${least} to ${most} operands`);
  operand.forEach((one, i) => checkOne(one, into(place, i), check));
};

const checkPath: CheckNode = (node, place, check) => {
  if (!enter(check, place)) return;
  if (typeof node !== 'string' || node.length > MAX_PATH_LENGTH || !PATH.test(node))
    wrong(check, place, 'must be a path such as order.last.at');
  else check.paths.add(node);
};

const checkLeft: CheckNode = (node, place, check) =>
  typeof node === 'string' ? checkPath(node, place, check) : checkArithmetic(node, place, check);

/** The right side of a comparison: a literal, or something that is computed. */
const checkLiteral: CheckNode = (node, place, check) => {
  if (operatorOf(node) !== null) return checkArithmetic(node, place, check);
  if (!enter(check, place) || node === null || typeof node === 'boolean') return;
  if (typeof node === 'string' ? node.length > MAX_LITERAL_LENGTH : !isFiniteNumber(node))
    wrong(check, place, 'must be a text, a number, true, false, null, or an object with one operator');
};

/** Texts are in no order but dates: a name there was meant as a path. */
const checkOrdered: CheckNode = (node, place, check) => {
  if (typeof node === 'string' && !isDate(node.slice(0, 10)))
    wrong(check, place, 'must be a number or a date; a path on the right is written {"path": "…"}');
  else if (node === null || typeof node === 'boolean') wrong(check, place, 'is in no order');
  else checkLiteral(node, place, check);
};

const checkList: CheckNode = (node, place, check) =>
  eachOf(node, place, check, [1, MAX_OPERANDS], checkLiteral);

const isFiniteNumber = (node: unknown): boolean => typeof node === 'number' && Number.isFinite(node);

const checkArithmetic: CheckNode = (node, place, check) => {
  if (typeof node === 'string') return checkPath(node, place, check);
  if (!enter(check, place) || isFiniteNumber(node)) return;
  const [operator, operand] = operatorOf(node) ?? [null, null];
  if (operator === null)
    return void wrong(check, place, 'must be a number, a path, or an object with one operator');
  const inside = into(place, operator);
  switch (operator) {
    case 'path':
    case 'daysSince':
    case 'daysUntil':
      return checkPath(operand, inside, check);
    case 'floor':
      return checkArithmetic(operand, inside, check);
    case 'sub':
    case 'div':
      return operandsOf(operand, inside, check, [checkArithmetic, checkArithmetic]);
    case 'add':
    case 'mul':
    case 'min':
    case 'max':
      return eachOf(operand, inside, check, [2, MAX_OPERANDS], checkArithmetic);
    default:
      return void wrong(check, inside, 'is no operator of arithmetic');
  }
};

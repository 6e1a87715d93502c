// What a rule is asked about, and the values in it: paths into a document, literals, exact arithmetic, days.
import { daysBetween, isDate, type CalendarDate } from './dates.ts';
import { parseInstant } from './instants.ts';
import {
  compareRationals,
  dividedBy,
  floored,
  minus,
  plus,
  rationalOf,
  times,
  type Rational,
} from './rational.ts';
import { dateAt } from './time-zones.ts';

/** What a rule is asked about. `date`: the business date it is; `zone`: where instants become dates. */
export type RuleFacts = { readonly document: unknown; readonly date: CalendarDate; readonly zone: string };

/** A rule nests a few operators; deeper is not written by a person. */
export const MAX_RULE_DEPTH = 16;
/** Nodes of a rule that are looked at while it is evaluated, each item of a list anew: some ten milliseconds at most. */
export const MAX_RULE_STEPS = 10_000;

export type Evaluation = {
  readonly facts: RuleFacts;
  /** Where paths begin: the document, or the item of the innermost `some`. */
  readonly item: unknown;
  readonly pointer: string;
  readonly depth: number;
  readonly budget: { steps: number; over: boolean };
};

/** One node deeper; null when there is nothing left to spend: then the whole rule is undecided. */
export const deeper = (at: Evaluation): Evaluation | null => {
  const { budget, depth } = at;
  if (--budget.steps < 0 || depth >= MAX_RULE_DEPTH) budget.over = true;
  return budget.over ? null : { ...at, depth: depth + 1 };
};

/** The one operator of a node and its operand. */
export const operatorOf = (node: unknown): readonly [string, unknown] | null => {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return null;
  const [entry, ...more] = Object.entries(node);
  return entry === undefined || more.length > 0 ? null : entry;
};

/** What is no rule at all: undecided, like one that ran out of its budget. */
export const noRule = ({ budget }: Evaluation): null => {
  budget.over = true;
  return null;
};

/** A name as a token of a JSON pointer. */
export const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

export type Place = { readonly value: unknown; readonly pointer: string };

/** Where a path leads; null: nowhere. */
export const placeAt = (path: unknown, { facts, item, pointer }: Evaluation): Place | null => {
  if (typeof path !== 'string') return null;
  const fromRoot = path.startsWith('$.');
  const names = (fromRoot ? path.slice(2) : path).split('.');
  let place: Place = fromRoot ? { value: facts.document, pointer: '' } : { value: item, pointer };
  for (const name of names) {
    const { value } = place;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    place = {
      value: (value as Readonly<Record<string, unknown>>)[name],
      pointer: `${place.pointer}/${escaped(name)}`,
    };
  }
  return place;
};

/** Null for what is not there. */
export const valueAt = (path: unknown, at: Evaluation): unknown => placeAt(path, at)?.value ?? null;

type Value = Rational | string | boolean | null;

const isRational = (value: Value): value is Rational => typeof value === 'object' && value !== null;

const asValue = (value: unknown): Value => {
  if (typeof value === 'number') return rationalOf(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
};

export const leftOf = (node: unknown, at: Evaluation): Value =>
  typeof node === 'string' ? asValue(valueAt(node, at)) : rightOf(node, at);

export const rightOf = (node: unknown, at: Evaluation): Value => {
  const operation = operatorOf(node);
  if (operation === null) return asValue(node);
  return operation[0] === 'path' ? asValue(valueAt(operation[1], at)) : arithmeticOf(node, at);
};

export const same = (a: Value, b: Value): boolean =>
  isRational(a) && isRational(b) ? compareRationals(a, b) === 0 : a === b;

/** Null: they cannot be compared. Dates and instants of one form compare as texts. */
export const compare = (a: Value, b: Value): number | null => {
  if (isRational(a) && isRational(b)) return compareRationals(a, b);
  if (typeof a !== 'string' || typeof b !== 'string') return null;
  return a === b ? 0 : a < b ? -1 : 1;
};

export const ordered = (operator: 'lt' | 'lte' | 'gt' | 'gte', order: number | null): boolean => {
  if (order === null) return false;
  switch (operator) {
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    default:
      return operator satisfies never;
  }
};

export const arithmeticOf = (node: unknown, before: Evaluation): Rational | null => {
  const at = deeper(before);
  if (at === null) return null;
  if (typeof node === 'number') return rationalOf(node);
  if (typeof node === 'string') return numberAt(node, at);
  const [operator, operand] = operatorOf(node) ?? ['', null];
  const nodes: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  switch (operator) {
    case 'path':
      return numberAt(operand, at);
    case 'daysSince':
      return daysOf(operand, at, (date) => Math.max(0, daysBetween(date, at.facts.date)));
    case 'daysUntil':
      return daysOf(operand, at, (date) => daysBetween(at.facts.date, date));
    case 'floor':
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'min':
    case 'max':
      return calculated(
        operator,
        nodes.map((one) => arithmeticOf(one, at)),
      );
    default:
      return noRule(at);
  }
};

const numberAt = (path: unknown, at: Evaluation): Rational | null => {
  const value = asValue(valueAt(path, at));
  return isRational(value) ? value : null;
};

type Pair = (a: Rational, b: Rational) => Rational | null;

const PAIRS = {
  add: plus,
  sub: minus,
  mul: times,
  div: dividedBy,
  min: (a, b) => (compareRationals(a, b) <= 0 ? a : b),
  max: (a, b) => (compareRationals(a, b) >= 0 ? a : b),
  floor: floored, // of one operand: never asked for a pair
} satisfies Readonly<Record<string, Pair>>;

/** No amount has so many digits; without an end a rule that nobody checked could make numbers that take minutes. */
const MAX_SIZE = 10n ** 700n;

const sized = (value: Rational | null): Rational | null =>
  value === null || value.over > MAX_SIZE || value.units > MAX_SIZE || value.units < -MAX_SIZE ? null : value;

/** Null where an operand is missing, and for what no number is large enough. */
const calculated = (
  operator: keyof typeof PAIRS,
  operands: readonly (Rational | null)[],
): Rational | null => {
  let result: Rational | null | undefined;
  for (const operand of operands) {
    if (operand === null || result === null) return null;
    result = result === undefined ? operand : sized(PAIRS[operator](result, operand));
  }
  return operator === 'floor' && result ? floored(result) : (result ?? null);
};

const daysOf = (operand: unknown, at: Evaluation, days: (date: CalendarDate) => number): Rational | null => {
  const value = valueAt(operatorOf(operand)?.[0] === 'path' ? operatorOf(operand)?.[1] : operand, at);
  const date = dateOf(value, at.facts.zone);
  return date === null ? null : rationalOf(days(date));
};

/** No business is older or lasts longer; well inside the years that dates have, so that no zone leads out. */
const FIRST_INSTANT = Date.UTC(1000, 0, 1);
const LAST_INSTANT = Date.UTC(9999, 0, 1);

/** A date, or the date of an instant given in ms or as text. */
const dateOf = (value: unknown, zone: string): CalendarDate | null => {
  if (typeof value === 'string' && isDate(value)) return value;
  const instant = typeof value === 'string' ? parseInstant(value) : value;
  return typeof instant === 'number' && instant >= FIRST_INSTANT && instant <= LAST_INSTANT
    ? dateAt(instant, zone)
    : null;
};

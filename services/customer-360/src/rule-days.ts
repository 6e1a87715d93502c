// The days on which a condition may change by time alone. Conditions of next actions compare days with whole numbers, so
// that these days can be told beforehand.
import { dateAt, dayNumber, isDate, parseInstant, testRule, type RuleProblem } from '@tenure/core';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{daysSince: path}` or `{daysUntil: path}`. */
const daysIn = (value: unknown): readonly ['daysSince' | 'daysUntil', string] | null => {
  if (!isNode(value)) return null;
  for (const operator of ['daysSince', 'daysUntil'] as const) {
    const path = value[operator];
    if (typeof path === 'string') return [operator, path];
  }
  return null;
};

/** Days are compared with a whole number on the right and stand nowhere else; each problem with its JSON pointer. */
export const timeProblems = (rule: unknown, path = ''): readonly RuleProblem[] => {
  if (Array.isArray(rule)) return rule.flatMap((item, i) => timeProblems(item, `${path}/${i}`));
  if (!isNode(rule)) return [];
  return Object.entries(rule).flatMap(([operator, operand]) => {
    if (operator === 'daysSince' || operator === 'daysUntil')
      return [{ path: `${path}/${operator}`, reason: 'must stand on the left of a whole number' }];
    const [left, right] = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
    const compared = daysIn(left) !== null && Number.isInteger(right);
    return compared ? [] : timeProblems(operand, `${path}/${operator}`);
  });
};

/** The list that has to have an item for a condition to hold; null: it does not begin with one. */
export const listOfRule = (rule: unknown): string | null => {
  const some = isNode(rule) ? rule['some'] : undefined;
  const path: unknown = Array.isArray(some) ? some[0] : undefined;
  return typeof path === 'string' ? path : null;
};

/**
 * Every day number at whose closing the condition may change; some lie in the past. What of `document` changes by time
 * itself is taken as it is: whoever asks looks again when it changes.
 */
export const daysOfRule = (rule: unknown, document: unknown, zone: string): readonly number[] =>
  daysOf(rule, { document, item: document, zone });

/** Where paths begin: at the document, or at the item of the innermost list. */
type Scope = { readonly document: unknown; readonly item: unknown; readonly zone: string };

const daysOf = (rule: unknown, scope: Scope): readonly number[] => {
  if (!isNode(rule)) return [];
  return Object.entries(rule).flatMap(([operator, operand]) => {
    const operands: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
    const [left, right] = operands;
    if (operator === 'some' && typeof left === 'string')
      return itemsOf(valueAt(left, scope)).flatMap((item) => daysOf(right, { ...scope, item }));
    if (operator === 'all' && operands.some((one) => isFalseForGood(one, scope))) return [];
    const days = daysIn(left);
    if (days !== null && typeof right === 'number') return edges(days, right, scope);
    return operands.flatMap((one) => daysOf(one, scope));
  });
};

/** Time is not asked for, and the answer is no. */
const isFalseForGood = (rule: unknown, { item, zone }: Scope): boolean =>
  isNode(rule) && isTimeless(rule) && !testRule(rule, { document: item, date: '1970-01-01', zone }).holds;

/** Rules are few and asked again with every document. */
const timeless = new WeakMap<Node, boolean>();

/** Neither days nor anything beyond the item is asked for. */
const isTimeless = (rule: Node): boolean => {
  const known = timeless.get(rule) ?? !/"(daysSince|daysUntil)"|"\$\./.test(JSON.stringify(rule));
  timeless.set(rule, known);
  return known;
};

/** An age passes n on the nth day and the day after; so does the time that is left. */
const edges = (
  [operator, path]: readonly ['daysSince' | 'daysUntil', string],
  n: number,
  scope: Scope,
): readonly number[] => {
  const date = dateOf(valueAt(path, scope), scope.zone);
  if (date === null) return [];
  const at = dayNumber(date) + (operator === 'daysSince' ? n : -n);
  return [at, at + 1];
};

const dateOf = (value: unknown, zone: string): string | null => {
  if (typeof value !== 'string') return null;
  if (isDate(value)) return value;
  const instant = parseInstant(value);
  return instant === null ? null : dateAt(instant, zone);
};

const valueAt = (path: string, { document, item }: Scope): unknown => {
  const fromRoot = path.startsWith('$.');
  const names = (fromRoot ? path.slice(2) : path).split('.');
  return names.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? (value as Node)[name] : undefined),
    fromRoot ? document : item,
  );
};

const itemsOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

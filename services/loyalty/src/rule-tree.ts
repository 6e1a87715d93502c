// A JSON tree as a rule: an object with one operator over its operands; a text names a value of the scope.
import { ruleViolated } from '@tenure/core';

type Operator = (operands: readonly unknown[]) => unknown;

const numbers = (operands: readonly unknown[], compute: (...values: number[]) => unknown): unknown =>
  operands.every((value) => typeof value === 'number') ? compute(...operands) : null;

const OPERATORS: Readonly<Record<string, Operator>> = {
  gt: (operands) => numbers(operands, (a = 0, b = 0) => a > b),
  gte: (operands) => numbers(operands, (a = 0, b = 0) => a >= b),
  lt: (operands) => numbers(operands, (a = 0, b = 0) => a < b),
  lte: (operands) => numbers(operands, (a = 0, b = 0) => a <= b),
  floor: (operands) => numbers(operands, (a = 0) => Math.floor(a)),
  div: (operands) => numbers(operands, (a = 0, b = 0) => (b === 0 ? null : a / b)),
  mul: (operands) => numbers(operands, (a = 0, b = 0) => a * b),
  all: (operands) => operands.every((value) => value === true),
  any: (operands) => operands.some((value) => value === true),
  not: ([operand]) => operand !== true,
};

const partsOf = (tree: unknown): readonly [string, readonly unknown[]] | null => {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return null;
  const [entry, ...more] = Object.entries(tree);
  if (entry === undefined || more.length > 0) return null;
  return [entry[0], Array.isArray(entry[1]) ? entry[1] : [entry[1]]];
};

/** @throws RULE_INVALID */
export const checkRule = (tree: unknown): void => {
  const parts = partsOf(tree);
  if (parts === null) {
    if (['string', 'number', 'boolean'].includes(typeof tree)) return;
    throw ruleViolated('RULE_INVALID', 'A rule is a tree of operators.');
  }
  if (!Object.hasOwn(OPERATORS, parts[0]))
    throw ruleViolated('RULE_INVALID', 'The rule has an operator that is not known.');
  parts[1].forEach(checkRule);
};

/** The value of a tree over a scope; null where it has none. */
export const evaluate = (tree: unknown, scope: object): unknown => {
  const parts = partsOf(tree);
  if (parts !== null) return OPERATORS[parts[0]]?.(parts[1].map((operand) => evaluate(operand, scope)));
  if (typeof tree !== 'string') return tree;
  return tree
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : null,
      scope,
    );
};

// Rules as data: JSON trees over a document and a business date. Evaluating one always ends, always answers the same and
// never throws, whatever the document holds; `checkRule` refuses beforehand what no evaluation could make sense of.
//
// A text on the left of a comparison, in `exists`, `some` and `daysSince`, and anywhere in arithmetic is a path into the
// document (`line.base`); on the right of a comparison it is a literal ({"path": "…"} names a path there). Inside of
// `some` paths begin at the item; `$.` in front goes back to the document.
import { numberOf } from './rational.ts';
import {
  arithmeticOf,
  compare,
  deeper,
  escaped,
  leftOf,
  MAX_RULE_STEPS,
  noRule,
  operatorOf,
  ordered,
  placeAt,
  rightOf,
  same,
  valueAt,
  type Evaluation,
  type RuleFacts,
} from './rule-values.ts';

export type { RuleFacts } from './rule-values.ts';

/** `found`: JSON pointers to the list items that the `some` of a condition that holds have met, in the order of the rule. */
export type RuleAnswer = { readonly holds: boolean; readonly found: readonly string[] };

/** A condition over the facts. One that runs out of its budget, or is no condition, does not hold. */
export const testRule = (rule: unknown, facts: RuleFacts): RuleAnswer => {
  const at = startOf(facts);
  const found = conditionOf(rule, at);
  return found === null || at.budget.over ? NOT : { holds: true, found };
};

/** A formula over the facts, exact until its end; null when something it needs is missing, or it is beyond ±2⁵³. */
export const amountOfRule = (rule: unknown, facts: RuleFacts): number | null => {
  const at = startOf(facts);
  const amount = arithmeticOf(rule, at);
  return amount === null || at.budget.over ? null : numberOf(amount);
};

const NOT: RuleAnswer = { holds: false, found: [] };

const startOf = (facts: RuleFacts): Evaluation => ({
  facts,
  item: facts.document,
  pointer: '',
  depth: 0,
  budget: { steps: MAX_RULE_STEPS, over: false },
});

type Found = readonly string[] | null;

const NOTHING_FOUND: Found = [];

/** What a condition that holds has found; null: it does not hold. */
const conditionOf = (node: unknown, before: Evaluation): Found => {
  const at = deeper(before);
  if (at === null) return null;
  if (typeof node === 'boolean') return node ? NOTHING_FOUND : null;
  const [operator, operand] = operatorOf(node) ?? ['', null];
  const operands: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  switch (operator) {
    case 'all':
      return allOf(operands, at);
    case 'any':
      return anyOf(operands, at);
    case 'not':
      return conditionOf(operands[0], at) === null && !at.budget.over ? NOTHING_FOUND : null;
    case 'exists':
      return valueAt(operands[0], at) === null ? null : NOTHING_FOUND;
    case 'some':
      return someOf(operands, at);
    case 'in': {
      const value = leftOf(operands[0], at);
      return holds(Array.isArray(operands[1]) && operands[1].some((one) => same(value, rightOf(one, at))));
    }
    case 'eq':
      return holds(same(leftOf(operands[0], at), rightOf(operands[1], at)));
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return holds(ordered(operator, compare(leftOf(operands[0], at), rightOf(operands[1], at))));
    default:
      return noRule(at);
  }
};

const holds = (yes: boolean): Found => (yes ? NOTHING_FOUND : null);

const allOf = (conditions: readonly unknown[], at: Evaluation): Found => {
  const found: string[] = [];
  for (const condition of conditions) {
    const one = conditionOf(condition, at);
    if (one === null) return null;
    found.push(...one);
  }
  return found;
};

const anyOf = (conditions: readonly unknown[], at: Evaluation): Found => {
  for (const condition of conditions) {
    const one = conditionOf(condition, at);
    if (one !== null) return one;
  }
  return null;
};

/** The first item that meets the condition: of a list in its order, of an object in the order of its keys. */
const someOf = ([path, condition]: readonly unknown[], at: Evaluation): Found => {
  const place = placeAt(path, at);
  if (typeof place?.value !== 'object' || place.value === null) return null;
  const list = place.value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(list);
  for (const key of Array.isArray(list) ? keys : keys.toSorted()) {
    const pointer = `${place.pointer}/${escaped(key)}`;
    const one = conditionOf(condition, { ...at, item: list[key], pointer });
    if (one !== null) return [pointer, ...one];
    if (at.budget.over) return null;
  }
  return null;
};

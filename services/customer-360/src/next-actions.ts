// What somebody should do about the customer next: the rules of the policy that hold, the most urgent first.
import { testRule } from '@tenure/core';
import type { Today } from '@tenure/projections';
import type { Lifecycle } from './lifecycle.ts';
import type { NextActionRule } from './next-action-rules.ts';
import { daysOfRule, listOfRule } from './rule-days.ts';
import type { CustomerRules } from './rules.ts';
import type { CustomerSlices } from './summary.ts';

/** `evidence`: JSON pointer into the document, and the event that made what stands there; null where there is none. */
export type NextAction = {
  readonly code: string;
  readonly en: string;
  readonly evidence: { readonly eventId: string | null; readonly path: string };
  readonly priority: number;
  readonly rule: string;
  readonly zh: string;
};

/** A person does no more at once. */
const SHOWN = 5;

/** What conditions may ask about: the slices, the lifecycle, and the newest order as `order.last`. */
const scopeOf = (slices: CustomerSlices, lifecycle: Lifecycle): object => ({
  ...slices,
  lifecycle,
  order: { ...slices.order, last: slices.order.recent[0] ?? null },
});

/** Conditions over a list that is empty are not even looked at: most documents have most lists empty. */
const hasSubject = ({ when }: NextActionRule, slices: CustomerSlices): boolean => {
  const list = listOfRule(when);
  if (list === null) return true;
  let value: unknown = slices;
  for (const name of list.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[name];
  return !Array.isArray(value) || value.length > 0;
};

/** The actions that are due as of the closed business day, by priority, then by code. */
export const nextActionsOf = (
  slices: CustomerSlices,
  lifecycle: Lifecycle,
  { date, zone }: Today,
  { nextActions: { actions, version } }: CustomerRules,
): readonly NextAction[] => {
  const document = scopeOf(slices, lifecycle);
  const due: NextAction[] = [];
  for (const action of actions) {
    if (!hasSubject(action, slices)) continue;
    const { holds, found } = testRule(action.when, { document, date, zone });
    if (!holds) continue;
    const { code, en, priority, zh } = action;
    const evidence = evidenceOf(action, found, document);
    due.push({ code, en, evidence, priority, rule: `${code}@${version}`, zh });
  }
  return due.toSorted((a, b) => b.priority - a.priority || (a.code < b.code ? -1 : 1)).slice(0, SHOWN);
};

/** The place that the rule names: the innermost item that was found under it, else what stands there. */
const evidenceOf = (
  { evidence }: NextActionRule,
  found: readonly string[],
  document: object,
): NextAction['evidence'] => {
  const pointer = `/${evidence.replaceAll('[]', '').replaceAll('.', '/')}`;
  const place = found.findLast((item) => withoutNumbers(item) === pointer) ?? pointer;
  return { eventId: eventAt(place, document), path: `/slices${place}` };
};

const withoutNumbers = (pointer: string): string => pointer.replaceAll(/\/\d+/g, '');

/** The event behind a place; of a list, that of its newest item. */
const eventAt = (pointer: string, document: object): string | null => {
  let value: unknown = document;
  for (const name of pointer.split('/').slice(1))
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  const item: unknown = Array.isArray(value) ? value.at(-1) : value;
  const { eventId } = (item ?? {}) as { readonly eventId?: unknown };
  return typeof eventId === 'string' ? eventId : null;
};

/** The days (numbers) at whose closing an action may become due, or be over, by time alone. */
export const actionChanges = (
  slices: CustomerSlices,
  lifecycle: Lifecycle,
  { zone }: Today,
  { nextActions: { actions } }: CustomerRules,
): readonly number[] => {
  const document = scopeOf(slices, lifecycle);
  return actions
    .filter((action) => hasSubject(action, slices))
    .flatMap(({ when }) => daysOfRule(when, document, zone));
};

// The policy `next-actions`: conditions as data, their words in both languages, their evidence.
import { checkRule } from '@tenure/core';
import { z } from 'zod';
import { timeProblems } from './rule-days.ts';

/** Actions a policy may name: a person reads five of them. */
const MAX_ACTIONS = 50;

const Condition = z.json().check((context) => {
  const problems = [...checkRule(context.value), ...timeProblems(context.value)];
  for (const { path, reason } of problems)
    context.issues.push({
      code: 'custom',
      input: context.value,
      path: path.split('/').slice(1),
      message: reason,
    });
});

export const NextActionRule = z.strictObject({
  code: z.string().regex(/^[A-Z][A-Z_]{0,63}$/, 'must be a code in capitals'),
  /** The highest is shown first. */
  priority: z.int().min(0).max(1_000),
  zh: z.string().min(1),
  en: z.string().min(1),
  when: Condition,
  /** Path into the slices; `[]`: the item of a list that the condition has found. */
  evidence: z
    .string()
    .regex(/^[A-Za-z]+(\.[A-Za-z]+(\[\])?)*$/, 'must be a path such as service.openCases[]'),
});

export const NextActionRules = z.strictObject({
  policy: z.literal('next-actions'),
  id: z.string().optional(),
  version: z.int().min(1),
  validFrom: z.iso.date(),
  actions: z
    .array(NextActionRule)
    .max(MAX_ACTIONS)
    .refine(
      (actions) => new Set(actions.map(({ code }) => code)).size === actions.length,
      'a code stands twice',
    ),
});

export type NextActionRule = z.infer<typeof NextActionRule>;

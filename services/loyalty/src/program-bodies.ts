// The bodies of a programme's commands: they give the validation and the OpenAPI document.
import { lotExpirySymbols, rewardKindSymbols, tierMetricSymbols } from '@tenure/events/generated/loyalty';
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';
import { instant, points } from './body-fields.ts';

const { id, code, date, name, money } = fields;

/** People who are neither may look, and nothing more (HTTP §9). */
const roles = ['supervisor', 'admin'];

/** A JSON tree of operators; what it may hold is a rule of the programme (RULE_INVALID). */
const tree = z.looseObject({});

/** Longer ones would not be read by anybody. */
const MAX_DAYS = 36_500;

export const programBodies: Readonly<Record<string, CommandSpec>> = {
  DraftProgram: {
    body: z.strictObject({ name, pointsName: name, autoEnrol: z.boolean() }),
    roles,
  },
  PublishEarningRules: {
    body: z.strictObject({
      effectiveFrom: instant.optional(),
      rules: z.array(z.strictObject({ ruleId: code, when: tree, points: tree, cap: points })).min(1),
      lotPolicy: z.strictObject({
        availableAfterDays: z.int().min(0).max(MAX_DAYS),
        expiry: z.enum(lotExpirySymbols),
        expiryAfter: z.int().min(0).max(MAX_DAYS),
      }),
    }),
    rules: ['EFFECTIVE_IN_PAST', 'RULE_INVALID', 'DUPLICATE_RULE', 'LIMIT_EXCEEDED'],
    roles,
  },
  PublishTierLadder: {
    body: z.strictObject({
      tiers: z.array(z.strictObject({ tierId: code, name, threshold: z.int().min(0) })).min(1),
      metric: z.enum(tierMetricSymbols),
      period: code,
    }),
    rules: ['TIERS_INVALID', 'METRIC_NOT_SUPPORTED', 'LIMIT_EXCEEDED'],
    roles,
  },
  PublishReward: {
    body: z.strictObject({
      rewardId: id.optional(),
      name,
      kind: z.enum(rewardKindSymbols),
      cost: points,
      value: money.nonNegative.optional(),
    }),
    rules: ['DUPLICATE_REWARD', 'VOUCHER_NOT_SUPPORTED', 'LIMIT_EXCEEDED'],
    roles,
  },
  RetireReward: { body: z.strictObject({ rewardId: id }), rules: ['UNKNOWN_REWARD'], roles },
  EndProgram: { body: z.strictObject({ endsOn: date }), rules: ['ENDS_IN_PAST'], roles },
};

// The bodies of a retention case's commands: they give the validation and the OpenAPI document.
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';

const { id, code, money } = fields;

/** The published levels that a case may be opened at. */
const levels = ['MEDIUM', 'HIGH', 'CRITICAL'] as const;
/** An assessment has fewer signals than this. */
const MAX_SIGNALS = 50;

export const retentionBodies: Readonly<Record<string, CommandSpec>> = {
  OpenRetentionCase: {
    body: z.strictObject({
      customerId: id,
      riskLevel: z.enum(levels),
      signalIds: z.array(id).max(MAX_SIGNALS).default([]),
      ownerId: id.optional(),
    }),
    rules: [
      'NOT_REGISTERED',
      'CUSTOMER_INTERNAL',
      'CUSTOMER_LOST',
      'RETENTION_CASE_OPEN',
      'FALSE_ALARM_RECENT',
      'CASE_ID_FIXED',
      'LIMIT_EXCEEDED',
    ],
  },
  MakeRetentionOffer: {
    body: z.strictObject({ kind: code, cost: money.nonNegative }),
    rules: ['UNKNOWN_OFFER', 'CURRENCY_MISMATCH', 'LIMIT_EXCEEDED'],
  },
  CloseRetentionSaved: { body: z.strictObject({ byEventId: id }) },
  CloseRetentionLost: { body: z.strictObject({ reasonCode: code }), rules: ['UNKNOWN_REASON'] },
  CloseRetentionFalseAlarm: { body: z.strictObject({}) },
};

// The bodies of an account's commands: they give the validation and the OpenAPI document.
import { accrualSourceSymbols, reversalCauseSymbols } from '@tenure/events/generated/loyalty';
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';
import { points, signedPoints } from './body-fields.ts';

const { id, code, date, money, text } = fields;

const pieces = z.int().min(1).max(1_000_000);
const nothing = z.strictObject({});
const because = z.strictObject({ reason: text });

/** Points out of nothing, and points that were earned taken away: not for everybody. */
const roles = ['supervisor', 'admin'];

const accrual = z.discriminatedUnion('sourceType', [
  z.strictObject({
    sourceType: z.literal('ORDER'),
    sourceId: id,
    sourceLineId: id,
    ruleId: code,
    base: money.nonNegative,
    qty: pieces,
  }),
  z.strictObject({
    sourceType: z.enum(accrualSourceSymbols).exclude(['ORDER']),
    sourceId: id,
    sourceLineId: id.optional(),
    ruleId: code.optional(),
    points,
  }),
]);

export const accountBodies: Readonly<Record<string, CommandSpec>> = {
  EnrolMember: {
    body: z.strictObject({ customerId: id, programId: id }),
    rules: ['ACCOUNT_ID_FIXED', 'PROGRAM_NOT_LIVE', 'NO_TIER_LADDER'],
  },
  AccruePoints: {
    body: accrual,
    rules: ['PROGRAM_NOT_LIVE', 'UNKNOWN_RULE', 'LIMIT_EXCEEDED'],
    roles,
  },
  UnlockPoints: { body: nothing },
  RedeemPoints: {
    body: z.strictObject({ redemptionId: id.optional(), rewardId: id }),
    rules: ['UNKNOWN_REWARD', 'DUPLICATE_REDEMPTION', 'POINTS_NOT_THERE'],
  },
  ReverseRedemption: {
    body: z.strictObject({ redemptionId: id, reason: text }),
    rules: ['UNKNOWN_REDEMPTION'],
  },
  ReverseAccrual: {
    body: z.strictObject({
      lotId: id,
      qty: pieces.optional(),
      cause: z.enum(reversalCauseSymbols),
      causeId: id,
    }),
    rules: ['UNKNOWN_LOT', 'LOT_WITHOUT_PIECES', 'QUANTITY_EXCEEDED', 'UNKNOWN_RULE'],
    roles,
  },
  ExpirePoints: { body: nothing },
  TransferPoints: {
    body: z.strictObject({ transferId: id.optional(), toAccountId: id, points }),
    rules: [
      'DUPLICATE_TRANSFER',
      'TRANSFER_TARGET',
      'TRANSFER_TOO_SMALL',
      'LIMIT_EXCEEDED',
      'POINTS_NOT_THERE',
    ],
  },
  ReceivePoints: {
    body: z.strictObject({
      transferId: id,
      fromAccountId: id,
      lots: z.array(z.strictObject({ lotId: id, points, expiresOn: date.optional() })).min(1),
    }),
    rules: ['TRANSFER_RETURNED', 'LIMIT_EXCEEDED'],
  },
  AdjustPoints: {
    body: z.union([
      z.strictObject({ points: signedPoints, reason: text, lotId: id.optional() }),
      z.strictObject({ transferId: id, reason: text }),
    ]),
    rules: [
      'FOUR_EYES_REQUIRED',
      'PROCESS_ONLY',
      'POINTS_NOT_THERE',
      'DUPLICATE_LOT',
      'PROGRAM_NOT_LIVE',
      'LIMIT_EXCEEDED',
    ],
  },
  ChangeTier: {
    body: z.strictObject({ closedYear: z.int().min(1).max(9999).optional() }),
    rules: ['YEAR_NOT_CLOSED', 'NO_TIER_LADDER'],
  },
  SuspendMembership: { body: because, rules: ['LIMIT_EXCEEDED'] },
  ReinstateMembership: { body: nothing },
  CloseMembership: { body: because },
};

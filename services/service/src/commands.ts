// The bodies of the commands of cases and complaints: they give the types, the validation and the OpenAPI document.
import {
  casePrioritySymbols,
  complaintFaultSymbols,
  complaintSeveritySymbols,
  complaintTopicSymbols,
  remedyKindSymbols,
} from '@tenure/events/generated/service';
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';
import { CLOCK_KINDS } from './clocks.ts';

const { id, code, name, text, money } = fields;
const nothing = z.strictObject({});
const policyName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a policy such as premium');
const SUPERVISORS = ['supervisor', 'admin'];

export const caseCommands: Readonly<Record<string, CommandSpec>> = {
  OpenCase: {
    body: z.strictObject({
      interactionId: id.nullish(),
      channel: code,
      category: code,
      priority: z.enum(casePrioritySymbols),
      subject: text,
      productId: id.nullish(),
      orderId: id.nullish(),
      assetId: id.nullish(),
      followsCaseId: id.nullish(),
    }),
    rules: ['LIMIT_EXCEEDED', 'UNKNOWN_CASE', 'CASE_NOT_CLOSED', 'CUSTOMER_MISMATCH'],
  },
  VerifyEntitlement: {
    body: z.strictObject({ slaPolicyId: policyName.optional() }),
    rules: ['UNKNOWN_SLA_POLICY'],
  },
  DenyEntitlement: {
    body: z.strictObject({ reasonCode: code, chargeable: z.boolean() }),
    rules: ['UNKNOWN_REASON'],
    roles: SUPERVISORS,
  },
  StartSlaClock: { body: z.strictObject({ kind: z.enum(CLOCK_KINDS) }) },
  AssignCase: {
    body: z.strictObject({ agentId: id.nullish(), queueId: id.nullish(), skill: code.nullish() }),
    rules: ['NO_OWNER_AVAILABLE'],
  },
  RespondToCase: { body: z.strictObject({ interactionId: id.nullish(), byHuman: z.boolean() }) },
  PendOnCustomer: { body: z.strictObject({ question: text }), rules: ['LIMIT_EXCEEDED'] },
  RecordCustomerReply: { body: z.strictObject({ interactionId: id.nullish() }) },
  EscalateCase: {
    body: z.strictObject({
      level: z.int().min(1).max(3).optional(),
      toTeamId: id.nullish(),
      reasonCode: code,
    }),
    rules: ['UNKNOWN_REASON', 'LEVEL_REACHED'],
  },
  BreachSla: { body: z.strictObject({ clockId: id, dueAt: z.int() }) },
  ResolveCase: {
    body: z.strictObject({ resolutionCode: code, articleId: id.nullish(), firstContact: z.boolean() }),
    rules: ['UNKNOWN_REASON'],
  },
  CloseCase: { body: nothing, rules: ['REOPEN_WINDOW_OPEN'] },
  ReopenCase: { body: z.strictObject({ reason: text }), rules: ['REOPEN_WINDOW_OVER'] },
  MergeCase: {
    body: z.strictObject({ intoCaseId: id }),
    rules: ['MERGE_INTO_ITSELF', 'UNKNOWN_CASE', 'CASE_NOT_OPEN', 'CUSTOMER_MISMATCH'],
  },
};

/** What each kind of remedy says of its worth. */
const WORTH = {
  APOLOGY: { value: 'none', points: 'none' },
  REFUND: { value: 'needed', points: 'none' },
  REPLACEMENT: { value: 'optional', points: 'none' },
  VOUCHER: { value: 'needed', points: 'none' },
  POINTS: { value: 'none', points: 'needed' },
  DISCOUNT: { value: 'needed', points: 'none' },
} as const;

const Remedy = z
  .strictObject({
    kind: z.enum(remedyKindSymbols),
    value: money.any.refine(({ minor }) => minor > 0, 'must be more than nothing').nullish(),
    points: z.int().min(1).nullish(),
  })
  .superRefine((remedy, context) => {
    for (const field of ['value', 'points'] as const) {
      const given = (remedy[field] ?? null) !== null;
      const asked = WORTH[remedy.kind][field];
      if (given ? asked === 'none' : asked === 'needed')
        context.addIssue({
          code: 'custom',
          path: [field],
          message: given ? 'is not for this kind of remedy' : 'is required for this kind of remedy',
        });
    }
  });

export const complaintCommands: Readonly<Record<string, CommandSpec>> = {
  RegisterComplaint: {
    body: z.strictObject({
      caseId: id.nullish(),
      topic: z.enum(complaintTopicSymbols),
      severity: z.enum(complaintSeveritySymbols),
      channel: code,
      text,
    }),
    rules: ['LIMIT_EXCEEDED', 'UNKNOWN_CASE', 'CUSTOMER_MISMATCH'],
  },
  AcknowledgeComplaint: { body: nothing },
  InvestigateComplaint: {
    body: z.strictObject({ rootCause: text, fault: z.enum(complaintFaultSymbols) }),
  },
  OfferRemedy: { body: Remedy, rules: ['LIMIT_EXCEEDED', 'CURRENCY_MISMATCH'] },
  AcceptRemedy: { body: nothing },
  DeclineRemedy: { body: z.strictObject({ reason: text }) },
  RejectComplaint: { body: z.strictObject({ reason: text }) },
  EscalateComplaint: { body: z.strictObject({ body: name }) },
};

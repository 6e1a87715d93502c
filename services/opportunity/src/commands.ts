// The bodies of the opportunity's commands: they give the types, the validation and the OpenAPI document.
import { opportunityKindSymbols } from '@tenure/events/generated/common';
import {
  competitorPositionSymbols,
  forecastCategorySymbols,
  objectionKindSymbols,
  objectionNatureSymbols,
} from '@tenure/events/generated/opportunity';
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';

const { id, code, currency, date, name, text, money } = fields;

// The upper limits of lines, pieces and amounts are rules of the deal (LIMIT_EXCEEDED), not of the form.
const Amount = z.strictObject({ minor: z.int().min(0), currency });

const Line = z.strictObject({
  lineId: id,
  productId: id,
  category: code.nullish(),
  attributes: z.record(z.string().min(1).max(64), z.string().max(200)).nullish(),
  qty: z.int().min(1),
  unitPrice: Amount,
  discount: Amount,
  tax: Amount,
  total: Amount,
});

const nothing = z.strictObject({});
const onWay = ['UNKNOWN_PIPELINE', 'WRONG_PIPELINE', 'UNKNOWN_STAGE'];

export const commands: Readonly<Record<string, CommandSpec>> = {
  OpenOpportunity: {
    body: z.strictObject({
      originLeadId: id.nullish(),
      kind: z.enum(opportunityKindSymbols),
      name,
      pipelineId: code,
      pipelineVersion: z.int().min(1).nullish(),
      stageId: code,
      amount: money.nonNegative,
      expectedCloseOn: date,
      ownerId: id,
    }),
    rules: [...onWay, 'LIMIT_EXCEEDED'],
  },
  ChangeStage: {
    body: z.strictObject({ toStageId: code }),
    rules: ['UNKNOWN_STAGE', 'NO_SUCH_EDGE', 'EXIT_CRITERIA_UNMET'],
  },
  ReviseForecast: {
    body: z.strictObject({
      amount: money.nonNegative,
      expectedCloseOn: date,
      category: z.enum(forecastCategorySymbols),
    }),
    rules: ['CURRENCY_MISMATCH'],
  },
  ReviseLines: {
    body: z.strictObject({ lines: z.array(Line), total: Amount }),
    rules: ['LINE_TOTAL_WRONG', 'DEAL_TOTAL_WRONG', 'CURRENCY_MISMATCH', 'DUPLICATE_LINE', 'LIMIT_EXCEEDED'],
  },
  AttachContact: {
    body: z
      .strictObject({ contactId: id.nullish(), leadId: id.nullish(), role: code })
      .refine(({ contactId, leadId }) => Boolean(contactId) !== Boolean(leadId), {
        path: ['contactId'],
        message: 'either contactId or leadId says who it is',
      }),
    rules: ['LIMIT_EXCEEDED'],
  },
  RecordCompetitor: {
    body: z.strictObject({
      competitorId: id,
      position: z.enum(competitorPositionSymbols),
      note: text.nullish(),
    }),
    rules: ['LIMIT_EXCEEDED'],
  },
  RecordObjection: {
    body: z.strictObject({
      kind: z.enum(objectionKindSymbols),
      nature: z.enum(objectionNatureSymbols),
      response: text.nullish(),
    }),
  },
  ReassignOpportunity: { body: z.strictObject({ ownerId: id }) },
  FlagStalled: { body: nothing },
  MarkWon: { body: z.strictObject({ quoteId: id.nullish() }), rules: ['NO_LINES'] },
  MarkLost: {
    body: z.strictObject({ reasonCode: code, competitorId: id.nullish(), note: text.nullish() }),
    rules: ['UNKNOWN_REASON', 'COMPETITOR_REQUIRED'],
  },
  AbandonOpportunity: { body: z.strictObject({ reasonCode: code }), rules: ['UNKNOWN_REASON'] },
  ReopenOpportunity: { body: z.strictObject({ reason: text }), rules: ['LIMIT_EXCEEDED'] },
  RevertWin: { body: z.strictObject({ orderId: id, reasonCode: code }), rules: ['WRONG_ORDER'] },
};

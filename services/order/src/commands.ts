// The bodies of the order's commands: they give the types, the validation and the OpenAPI document.
import { cancelledBySymbols, holdReasonSymbols, orderChannelSymbols } from '@tenure/events/generated/order';
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';

const { id, code, currency, date, name, text } = fields;

// The upper limits of lines, pieces and amounts are rules of the order (LIMIT_EXCEEDED), not of the form.
const Quantity = z.int().min(1);
export const Amount = z.strictObject({ minor: z.int().min(0), currency });

const OrderLine = z.strictObject({
  lineId: id,
  productId: id,
  category: code.nullish(),
  attributes: z.record(z.string().min(1).max(64), z.string().max(200)).nullish(),
  qty: Quantity,
  unitPrice: Amount,
  discount: Amount,
  tax: Amount,
  total: Amount,
});

const Lines = z.array(OrderLine).min(1);
export const LineQuantities = z.array(z.strictObject({ lineId: id, qty: Quantity })).min(1);
const lineRules = [
  'LINE_TOTAL_WRONG',
  'ORDER_TOTAL_WRONG',
  'CURRENCY_MISMATCH',
  'DUPLICATE_LINE',
  'LIMIT_EXCEEDED',
];
export const quantityRules = ['UNKNOWN_LINE', 'QUANTITY_EXCEEDED', 'LIMIT_EXCEEDED'];
const nothing = z.strictObject({});

export const commands: Readonly<Record<string, CommandSpec>> = {
  PlaceOrder: {
    body: z.strictObject({
      opportunityId: id.nullish(),
      quoteId: id.nullish(),
      channel: z.enum(orderChannelSymbols),
      externalRef: name.nullish(),
      lines: Lines,
      total: Amount,
      promisedOn: date.nullish(),
    }),
    rules: lineRules,
  },
  ConfirmOrder: { body: nothing },
  RejectOrder: { body: z.strictObject({ reasonCode: code }), rules: ['UNKNOWN_REASON'] },
  HoldOrder: {
    body: z.strictObject({ reason: z.enum(holdReasonSymbols), evidence: z.array(name).max(20).default([]) }),
  },
  ReleaseOrder: { body: nothing },
  AmendOrder: {
    body: z.strictObject({ lines: Lines, total: Amount, reason: text }),
    rules: lineRules,
  },
  RecordFulfilment: {
    body: z.strictObject({ fulfilmentId: id.optional(), lines: LineQuantities, carrierRef: name.nullish() }),
    rules: [...quantityRules, 'DUPLICATE_FULFILMENT'],
  },
  CompleteFulfilment: { body: nothing },
  ReserveReturn: {
    body: z.strictObject({ returnId: id, lines: LineQuantities }),
    rules: [...quantityRules, 'DUPLICATE_RETURN', 'RETURN_NOT_REQUESTED', 'RETURN_WINDOW_OVER'],
  },
  ReleaseReturn: { body: z.strictObject({ returnId: id }) },
  CancelOrder: {
    body: z.strictObject({ reasonCode: code, by: z.enum(cancelledBySymbols) }),
    rules: ['UNKNOWN_REASON'],
  },
  CloseOrder: { body: nothing, rules: ['RETURN_UNDER_WAY'] },
};

// The bodies of the commands of a return.
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';
import { Amount, LineQuantities, quantityRules } from './commands.ts';

const { id, code } = fields;

export const returnCommands: Readonly<Record<string, CommandSpec>> = {
  RequestReturn: {
    body: z.strictObject({ orderId: id, lines: LineQuantities, reasonCode: code }),
    rules: ['UNKNOWN_ORDER', 'ORDER_NOT_FULFILLED', 'UNKNOWN_REASON', 'RETURN_WINDOW_OVER', ...quantityRules],
  },
  ApproveReturn: { body: z.strictObject({}) },
  RejectReturn: { body: z.strictObject({ reasonCode: code }), rules: ['UNKNOWN_REASON'] },
  ReceiveReturn: {
    body: z.strictObject({ lines: LineQuantities, condition: code }),
    rules: quantityRules,
  },
  IssueRefund: {
    body: z.strictObject({ amount: Amount, lines: LineQuantities }),
    rules: [...quantityRules, 'CURRENCY_MISMATCH', 'REFUND_EXCEEDED'],
  },
};

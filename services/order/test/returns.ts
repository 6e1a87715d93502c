// Returns for specifications: facts by short names, a history for every status, the order they belong to.
import { SCENARIO_CONTEXT, SCENARIO_NOW, scenarios, type Command, type Given } from '@tenure/testing';
import type { LineQty } from '../src/lines.ts';
import type { OrderState } from '../src/order-parts.ts';
import { returns, type ReturnContext, type ReturnParts, type ReturnStatus } from '../src/return.ts';
import { confirmed, eur, fulfilled, given as givenOrder, orderId, pieces, placed } from './orders.ts';

export const returnId = SCENARIO_CONTEXT.id;
const { actor } = SCENARIO_CONTEXT;

/** The order: three pens at 2.00 and a desk, fulfilled on 2026-01-15; this return holds what it asks for. */
export const orderHolding = (...held: readonly LineQty[]): OrderState => {
  const state = givenOrder(placed, confirmed, fulfilled).state();
  return { ...state, reserved: held.length === 0 ? {} : { [returnId]: held } };
};

export const policy: ReturnContext['policy'] = {
  version: 3,
  returnDays: 30,
  returnReasons: { DEFECT: {}, OTHER: {} },
  returnRejections: { NOT_RETURNABLE: {}, OTHER: {} },
  agentApproves: [eur(50_000)],
};

export const context: ReturnContext = {
  policy,
  zone: 'UTC',
  order: orderHolding(pieces('pens', 2)),
  underWay: 0,
  refunded: [],
};
export const given = scenarios<ReturnParts>(returns, context);

export type ReturnFact = Given<ReturnParts>;
export type ReturnCommand = Command<ReturnParts>;

export const requested = {
  type: 'ReturnRequested',
  data: { returnId, orderId, lines: [pieces('pens', 2)], reasonCode: 'DEFECT', policyVersion: 3 },
} as const satisfies ReturnFact;
export const approved = {
  type: 'ReturnApproved',
  data: { returnId, approvedBy: actor },
} as const satisfies ReturnFact;
export const rejected = (reasonCode: string) =>
  ({ type: 'ReturnRejected', data: { returnId, reasonCode } }) as const satisfies ReturnFact;
export const received = (...lines: readonly LineQty[]) =>
  ({
    type: 'ReturnReceived',
    data: { returnId, orderId, lines, condition: 'unopened' },
  }) as const satisfies ReturnFact;
export const refunded = (minor: number, ...lines: readonly LineQty[]) =>
  ({
    type: 'RefundIssued',
    data: { returnId, orderId, amount: eur(minor), lines },
  }) as const satisfies ReturnFact;

/** A history that ends in each status. */
export const histories: Readonly<Record<ReturnStatus, readonly ReturnFact[]>> = {
  '∅': [],
  Requested: [requested],
  Approved: [requested, approved],
  Received: [requested, approved, received(pieces('pens', 2))],
  Refunded: [requested, approved, refunded(400, pieces('pens', 2))],
  Rejected: [requested, rejected('OTHER')],
};

/** A command of each name that no rule but the state could refuse. */
export const commands: { readonly [C in ReturnCommand['name']]: Extract<ReturnCommand, { name: C }> } = {
  RequestReturn: {
    name: 'RequestReturn',
    data: { orderId, lines: [pieces('pens', 1)], reasonCode: 'DEFECT' },
  },
  ApproveReturn: { name: 'ApproveReturn', data: {} },
  RejectReturn: { name: 'RejectReturn', data: { reasonCode: 'OTHER' } },
  ReceiveReturn: { name: 'ReceiveReturn', data: { lines: [pieces('pens', 2)], condition: 'unopened' } },
  IssueRefund: { name: 'IssueRefund', data: { amount: eur(400), lines: [pieces('pens', 2)] } },
};

/** So many days after the fulfilment. */
export const daysLater = (days: number): string =>
  new Date(SCENARIO_NOW + days * 86_400_000).toISOString().slice(0, 10);

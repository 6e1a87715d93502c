// The return: asked for, approved once its pieces are reserved on the order, received, paid back.
import {
  aggregate,
  NOTHING,
  ruleViolated,
  TenureError,
  type Aggregate,
  type CommandContext,
  type Money,
} from '@tenure/core';
import type { Actor, OrderEvents, OrderFacts } from '@tenure/events/generated/order';
import { addQuantities, checkQuantities, type LineQty } from './lines.ts';
import { checkReturnWindow, reservedQuantities } from './order.ts';
import type { OrderState } from './order-parts.ts';
import { checkRefund, onceEach, worthOf, type Returned } from './refunds.ts';

export type ReturnStatus = typeof NOTHING | 'Requested' | 'Approved' | 'Received' | 'Refunded' | 'Rejected';

export type ReturnState = {
  readonly status: ReturnStatus;
  readonly orderId: string | null;
  readonly lines: Returned;
  readonly reasonCode: string | null;
  readonly policyVersion: number;
  readonly requestedAt: number | null;
  readonly approvedBy: Actor | null;
  readonly rejectionCode: string | null;
  readonly received: Returned | null;
  readonly condition: string | null;
  readonly refund: { readonly amount: Money; readonly lines: Returned } | null;
};

/** What the policy says of returns. */
export type ReturnPolicy = {
  readonly version: number;
  readonly returnDays: number;
  readonly returnReasons: Readonly<Record<string, unknown>>;
  readonly returnRejections: Readonly<Record<string, unknown>>;
  /** What an agent approves alone, per currency. */
  readonly agentApproves: readonly Money[];
};

/** What deciders know beyond the stream. */
export type ReturnContext = {
  readonly policy: ReturnPolicy;
  readonly zone: string;
  /** The order as of now; null: there is none. */
  readonly order: OrderState | null;
  /** Returns of the customer that are under way. */
  readonly underWay: number;
  /** What other returns of the order have paid back. */
  readonly refunded: readonly Returned[];
};

export type ReturnCommands = {
  readonly RequestReturn: {
    readonly orderId: string;
    readonly lines: readonly LineQty[];
    readonly reasonCode: string;
  };
  readonly ApproveReturn: object;
  readonly RejectReturn: { readonly reasonCode: string };
  readonly ReceiveReturn: { readonly lines: readonly LineQty[]; readonly condition: string };
  readonly IssueRefund: { readonly amount: Money; readonly lines: readonly LineQty[] };
};

/** The types that make up the aggregate. */
export type ReturnParts = {
  readonly state: ReturnState;
  readonly events: Pick<
    OrderEvents,
    'ReturnRequested' | 'ReturnApproved' | 'ReturnRejected' | 'ReturnReceived' | 'RefundIssued'
  >;
  readonly facts: OrderFacts;
  readonly commands: ReturnCommands;
  readonly context: ReturnContext;
};

/** Statuses of a return that is not over. */
export const UNDER_WAY: readonly string[] = ['Requested', 'Approved', 'Received'];

/** DEFAULTS §12: more is a matter for a person, not for a form. */
const MAX_UNDER_WAY = 20;

/** The code that a refused reservation rejects with. */
export const NOT_RETURNABLE = 'NOT_RETURNABLE';

/** Who may approve whatever it is worth. */
const APPROVES_ALL = ['supervisor', 'admin'];

const noReturn: ReturnState = {
  status: NOTHING,
  orderId: null,
  lines: [],
  reasonCode: null,
  policyVersion: 0,
  requestedAt: null,
  approvedBy: null,
  rejectionCode: null,
  received: null,
  condition: null,
  refund: null,
};

type Context = CommandContext & ReturnContext;

/** @throws UNKNOWN_ORDER, ORDER_NOT_FULFILLED */
const fulfilledOrder = ({ order }: Context): OrderState => {
  if (order === null) throw ruleViolated('UNKNOWN_ORDER', 'There is no order with this id.');
  if (order.status !== 'Fulfilled' && order.status !== 'Closed')
    throw ruleViolated('ORDER_NOT_FULFILLED', 'Pieces can be returned when the order is fulfilled.', {
      status: order.status,
    });
  return order;
};

/** @throws UNKNOWN_REASON */
const checkCode = (code: string, codes: Readonly<Record<string, unknown>>): void => {
  if (!Object.hasOwn(codes, code))
    throw ruleViolated('UNKNOWN_REASON', 'The reason code is not in the order policy.', {
      allowed: Object.keys(codes),
    });
};

const isReserved = ({ order, id }: Context): boolean => order !== null && Object.hasOwn(order.reserved, id);

const money = (minor: number, { total }: OrderState): Money => ({ minor, currency: total?.currency ?? '' });

/** @throws FORBIDDEN when the return is worth more than an agent approves alone */
const checkApproval = (worth: Money, { actor, roles, policy }: Context): void => {
  const alone = policy.agentApproves.find(({ currency }) => currency === worth.currency);
  const within = alone !== undefined && worth.minor <= alone.minor;
  const isPerson = actor.kind === 'user' || actor.kind === 'customer';
  if (within || !isPerson || roles.some((role) => APPROVES_ALL.includes(role))) return;
  throw new TenureError(
    'FORBIDDEN',
    'The return is worth more than an agent approves alone; ask a supervisor.',
    {
      needs: APPROVES_ALL,
      ...(alone !== undefined && { atMost: alone }),
    },
  );
};

/** States, rules and events of the return aggregate. */
export const returns: Aggregate<ReturnParts> = aggregate<ReturnParts>({
  name: 'return',
  initial: noReturn,
  transitions: {
    RequestReturn: [NOTHING],
    ApproveReturn: ['Requested'],
    RejectReturn: ['Requested'],
    ReceiveReturn: ['Approved'],
    IssueRefund: ['Approved', 'Received'],
  },
  decide: {
    RequestReturn(_, { orderId, reasonCode, ...command }, context) {
      const order = fulfilledOrder(context);
      const lines = onceEach(command.lines);
      checkCode(reasonCode, context.policy.returnReasons);
      checkReturnWindow(order, context);
      checkQuantities(lines, reservedQuantities(order), order.fulfilled);
      if (context.underWay >= MAX_UNDER_WAY)
        throw ruleViolated('LIMIT_EXCEEDED', `A customer has at most ${MAX_UNDER_WAY} returns under way.`, {
          limit: 'openReturns',
          value: MAX_UNDER_WAY,
        });
      const { version: policyVersion } = context.policy;
      return [
        {
          type: 'ReturnRequested',
          data: { returnId: context.id, orderId, lines, reasonCode, policyVersion },
        },
      ];
    },
    ApproveReturn({ lines }, _, context) {
      const order = fulfilledOrder(context);
      if (!isReserved(context))
        throw new TenureError(
          'RESERVATION_PENDING',
          'The pieces are not reserved on the order yet; try again soon.',
        );
      checkApproval(money(worthOf(order.lines, lines, context.refunded), order), context);
      return [{ type: 'ReturnApproved', data: { returnId: context.id, approvedBy: context.actor } }];
    },
    RejectReturn(_, { reasonCode }, context) {
      checkCode(reasonCode, context.policy.returnRejections);
      // The process says so behind every reservation: one that stands has nothing to be rejected for.
      if (context.actor.kind === 'process' && isReserved(context)) return [];
      return [{ type: 'ReturnRejected', data: { returnId: context.id, reasonCode } }];
    },
    ReceiveReturn({ orderId, lines }, { condition, ...command }, { id }) {
      if (orderId === null) return [];
      checkQuantities(command.lines, {}, addQuantities({}, lines));
      const data = { returnId: id, orderId, lines: onceEach(command.lines), condition };
      return [{ type: 'ReturnReceived', data }];
    },
    IssueRefund({ orderId, lines, received }, { amount, ...command }, context) {
      const order = fulfilledOrder(context);
      if (orderId === null) return [];
      checkQuantities(command.lines, {}, addQuantities({}, received ?? lines));
      checkRefund(amount, money(worthOf(order.lines, command.lines, context.refunded), order));
      const data = { returnId: context.id, orderId, amount, lines: onceEach(command.lines) };
      return [{ type: 'RefundIssued', data }];
    },
  },
  evolve: {
    ReturnRequested: (state, { occurredAt, data: { orderId, lines, reasonCode, policyVersion } }) => ({
      ...state,
      status: 'Requested',
      orderId,
      lines,
      reasonCode,
      policyVersion,
      requestedAt: occurredAt,
    }),
    ReturnApproved: (state, { data: { approvedBy } }) => ({ ...state, status: 'Approved', approvedBy }),
    ReturnRejected: (state, { data }) => ({ ...state, status: 'Rejected', rejectionCode: data.reasonCode }),
    ReturnReceived: (state, { data: { lines, condition } }) => ({
      ...state,
      status: 'Received',
      received: lines,
      condition,
    }),
    RefundIssued: (state, { data: { amount, lines } }) => ({
      ...state,
      status: 'Refunded',
      refund: { amount, lines },
    }),
  },
});

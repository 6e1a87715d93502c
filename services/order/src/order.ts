// The order: placed, confirmed, fulfilled line by line, held, amended, cancelled; and what of it may still be returned.
import {
  addDays,
  aggregate,
  checkLines,
  dateAt,
  NOTHING,
  ruleViolated,
  uuid5,
  type Aggregate,
  type CommandContext,
} from '@tenure/core';
import { addQuantities, checkQuantities, sameQuantities, type Line, type Quantities } from './lines.ts';
import { noOrder, type OrderContext, type OrderParts, type OrderState } from './order-parts.ts';

const ordered = (lines: readonly Line[]): Quantities => addQuantities({}, lines);

/** Pieces that returns have set aside, by line. */
export const reservedQuantities = (state: OrderState): Quantities =>
  Object.values(state.reserved).reduce(addQuantities, {});

const checkReason = (code: string, context: OrderContext): void => {
  if (!Object.hasOwn(context.policy.reasons, code))
    throw ruleViolated('UNKNOWN_REASON', 'The reason code is not in the order policy.', {
      allowed: Object.keys(context.policy.reasons),
    });
};

/** @throws RETURN_WINDOW_OVER after the last business date on which a return may be requested */
export const checkReturnWindow = (
  { fulfilledAt }: OrderState,
  context: Pick<CommandContext, 'today'> & {
    readonly zone: string;
    readonly policy: { readonly returnDays: number };
  },
): void => {
  if (fulfilledAt === null) return;
  const last = addDays(dateAt(fulfilledAt, context.zone), context.policy.returnDays);
  if (context.today > last)
    throw ruleViolated('RETURN_WINDOW_OVER', `Returns of this order were possible until ${last}.`, {
      lastDay: last,
    });
};

/** States, rules and events of the order aggregate. */
export const order: Aggregate<OrderParts> = aggregate<OrderParts>({
  name: 'order',
  initial: noOrder,
  transitions: {
    PlaceOrder: [NOTHING],
    ConfirmOrder: ['Placed'],
    RejectOrder: ['Placed', 'OnHold'],
    HoldOrder: ['Placed', 'Confirmed'],
    ReleaseOrder: ['OnHold'],
    AmendOrder: ['Placed', 'Confirmed'],
    RecordFulfilment: ['Confirmed', 'PartiallyFulfilled'],
    CompleteFulfilment: ['Confirmed', 'PartiallyFulfilled'],
    ReserveReturn: ['Fulfilled', 'Closed'],
    ReleaseReturn: ['Fulfilled', 'Closed'],
    CancelOrder: ['Placed', 'OnHold', 'Confirmed'],
    CloseOrder: ['Fulfilled'],
  },
  decide: {
    PlaceOrder(_, command, context) {
      checkLines(command.lines, command.total, 'order');
      const promisedOn = command.promisedOn ?? context.defaultPromise;
      return [{ type: 'OrderPlaced', data: { ...command, orderId: context.id, promisedOn } }];
    },
    ConfirmOrder: (_, __, { id, actor }) => [
      { type: 'OrderConfirmed', data: { orderId: id, confirmedBy: actor } },
    ],
    RejectOrder({ opportunityId }, { reasonCode }, context) {
      checkReason(reasonCode, context);
      return [{ type: 'OrderRejected', data: { orderId: context.id, opportunityId, reasonCode } }];
    },
    HoldOrder: (_, { reason, evidence }, { id }) => [
      { type: 'OrderPutOnHold', data: { orderId: id, reason, evidence } },
    ],
    ReleaseOrder: (_, __, { id, actor }) => [
      { type: 'OrderReleased', data: { orderId: id, releasedBy: actor } },
    ],
    AmendOrder(state, { lines, total, reason }, { id }) {
      checkLines(lines, total, 'order');
      if (state.total !== null && total.currency !== state.total.currency)
        throw ruleViolated(
          'CURRENCY_MISMATCH',
          `The order was placed in ${state.total.currency} and stays in it.`,
        );
      return [{ type: 'OrderAmended', data: { orderId: id, lines, total, reason } }];
    },
    RecordFulfilment(state, { lines, carrierRef, ...command }, { id, commandId }) {
      const fulfilmentId = command.fulfilmentId ?? uuid5(commandId, 'fulfilmentId');
      if (state.fulfilments.includes(fulfilmentId))
        throw ruleViolated('DUPLICATE_FULFILMENT', 'A delivery with this fulfilmentId is recorded already.', {
          fulfilmentId,
        });
      checkQuantities(lines, state.fulfilled, ordered(state.lines));
      return [
        {
          type: 'OrderLinesFulfilled',
          data: { orderId: id, fulfilmentId, lines, carrierRef: carrierRef ?? null },
        },
      ];
    },
    CompleteFulfilment({ lines, total, promisedOn }, _, { id, today }) {
      if (total === null) return [];
      const onTime = promisedOn === null || today <= promisedOn;
      return [{ type: 'OrderFulfilled', data: { orderId: id, lines, total, onTime } }];
    },
    ReserveReturn(state, { returnId, lines }, context) {
      const known = state.reserved[returnId];
      if (known !== undefined) {
        if (sameQuantities(known, lines)) return [];
        throw ruleViolated('DUPLICATE_RETURN', 'The return has reserved other pieces already.', { returnId });
      }
      if (!context.returnWaits)
        throw ruleViolated('RETURN_NOT_REQUESTED', 'Only a return that waits for it reserves pieces.', {
          returnId,
        });
      checkReturnWindow(state, context);
      checkQuantities(lines, reservedQuantities(state), state.fulfilled);
      return [{ type: 'ReturnReserved', data: { orderId: context.id, returnId, lines } }];
    },
    ReleaseReturn: (state, { returnId }, { id }) =>
      Object.hasOwn(state.reserved, returnId)
        ? [{ type: 'ReturnReleased', data: { orderId: id, returnId } }]
        : [],
    CancelOrder({ opportunityId }, { reasonCode, by }, context) {
      checkReason(reasonCode, context);
      return [{ type: 'OrderCancelled', data: { orderId: context.id, opportunityId, reasonCode, by } }];
    },
    CloseOrder(_, __, { id, returnsUnderWay: returnIds }) {
      if (returnIds.length > 0)
        throw ruleViolated('RETURN_UNDER_WAY', 'An order closes when no return of it is under way.', {
          returnIds,
        });
      return [{ type: 'OrderClosed', data: { orderId: id } }];
    },
  },
  evolve: {
    OrderPlaced: (state, { occurredAt, data }) => ({
      ...state,
      status: 'Placed',
      opportunityId: data.opportunityId,
      channel: data.channel,
      externalRef: data.externalRef,
      lines: data.lines,
      total: data.total,
      promisedOn: data.promisedOn,
      placedAt: occurredAt,
    }),
    OrderConfirmed: (state) => ({ ...state, status: 'Confirmed' }),
    OrderRejected: (state) => ({ ...state, status: 'Rejected' }),
    OrderPutOnHold: (state) => ({ ...state, status: 'OnHold' }),
    OrderReleased: (state) => ({ ...state, status: 'Confirmed' }),
    OrderAmended: (state, { data }) => ({ ...state, lines: data.lines, total: data.total }),
    OrderLinesFulfilled: (state, { data }) => ({
      ...state,
      status: 'PartiallyFulfilled',
      fulfilments: [...state.fulfilments, data.fulfilmentId],
      fulfilled: addQuantities(state.fulfilled, data.lines),
    }),
    OrderFulfilled: (state, { occurredAt, data }) => ({
      ...state,
      status: 'Fulfilled',
      fulfilledAt: occurredAt,
      onTime: data.onTime,
      fulfilled: ordered(data.lines),
    }),
    ReturnReserved: (state, { data }) => ({
      ...state,
      reserved: { ...state.reserved, [data.returnId]: data.lines },
    }),
    ReturnReleased(state, { data }) {
      const { [data.returnId]: _, ...reserved } = state.reserved;
      return { ...state, reserved };
    },
    OrderCancelled: (state) => ({ ...state, status: 'Cancelled' }),
    OrderClosed: (state) => ({ ...state, status: 'Closed' }),
  },
});

// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Sealable } from '../sealed.ts';
import type { Actor, NewActor, LineQuantity, Money, OrderLine, NewOrderLine } from './common.ts';

export type { Actor, NewActor, LineQuantity, Money, OrderLine, NewOrderLine };

export const cancelledBySymbols = ['CUSTOMER', 'COMPANY'] as const;
/** Which side called an order off. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type CancelledBy = (typeof cancelledBySymbols)[number];

export const orderChannelSymbols = ['DIRECT', 'WEB_SHOP', 'PHONE', 'PARTNER', 'FIELD'] as const;
/** Channel an order came in by. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type OrderChannel = (typeof orderChannelSymbols)[number];

export const holdReasonSymbols = ['CREDIT', 'FRAUD', 'STOCK', 'MANUAL'] as const;
/** Why an order waits. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type HoldReason = (typeof holdReasonSymbols)[number];

/** The customer wants to end a contract. */
export type ContractTerminationRequested = {
  /** The contract. */
  readonly contractId: string;
  /** Day on which it is to end. YYYY-MM-DD. */
  readonly effectiveOn: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
  /** The competitor. */
  readonly competitorId: string | null;
};

/** `ContractTerminationRequested` as it is written. */
export type NewContractTerminationRequested = {
  readonly contractId: string;
  readonly effectiveOn: string;
  readonly reasonCode: string;
  readonly competitorId?: string | null | undefined;
};

/** The customer stays after all. */
export type ContractTerminationWithdrawn = {
  /** The contract. */
  readonly contractId: string;
  /** Why. */
  readonly reason: Sealable<string>;
};

/** `ContractTerminationWithdrawn` as it is written. */
export type NewContractTerminationWithdrawn = {
  readonly contractId: string;
  readonly reason: string;
};

/** Lines of the order changed before the first fulfilment. */
export type OrderAmended = {
  /** The order. */
  readonly orderId: string;
  /** All lines after the change. */
  readonly lines: readonly OrderLine[];
  /** Sum of the line totals after the change. */
  readonly total: Money;
  /** Why it was changed. */
  readonly reason: Sealable<string>;
};

/** `OrderAmended` as it is written. */
export type NewOrderAmended = {
  readonly orderId: string;
  readonly lines: readonly NewOrderLine[];
  readonly total: Money;
  readonly reason: string;
};

/** The order was called off before the first fulfilment. */
export type OrderCancelled = {
  /** The order. */
  readonly orderId: string;
  /** The opportunity it came from. */
  readonly opportunityId: string | null;
  /** Why, a code of the reject and cancel list. */
  readonly reasonCode: string;
  /** Which side called it off. */
  readonly by: CancelledBy | 'UNKNOWN';
};

/** `OrderCancelled` as it is written. */
export type NewOrderCancelled = {
  readonly orderId: string;
  readonly opportunityId?: string | null | undefined;
  readonly reasonCode: string;
  readonly by: CancelledBy;
};

/** The order is done: the return window is over and its invoices, if any, are settled. */
export type OrderClosed = {
  /** The order. */
  readonly orderId: string;
};

/** `OrderClosed` as it is written. */
export type NewOrderClosed = {
  readonly orderId: string;
};

/** The order was accepted. */
export type OrderConfirmed = {
  /** The order. */
  readonly orderId: string;
  /** Who accepted it. */
  readonly confirmedBy: Actor;
};

/** `OrderConfirmed` as it is written. */
export type NewOrderConfirmed = {
  readonly orderId: string;
  readonly confirmedBy: NewActor;
};

/** All of the order was delivered. */
export type OrderFulfilled = {
  /** The order. */
  readonly orderId: string;
  /** What the customer got, with its prices. */
  readonly lines: readonly OrderLine[];
  /** Sum of the line totals. */
  readonly total: Money;
  /** True when nothing came after the promised day. */
  readonly onTime: boolean;
};

/** `OrderFulfilled` as it is written. */
export type NewOrderFulfilled = {
  readonly orderId: string;
  readonly lines: readonly NewOrderLine[];
  readonly total: Money;
  readonly onTime: boolean;
};

/** A part of the order was delivered. */
export type OrderLinesFulfilled = {
  /** The order. */
  readonly orderId: string;
  /** The delivery. */
  readonly fulfilmentId: string;
  /** What was delivered with it. */
  readonly lines: readonly LineQuantity[];
  /** Tracking reference of the carrier. */
  readonly carrierRef: string | null;
};

/** `OrderLinesFulfilled` as it is written. */
export type NewOrderLinesFulfilled = {
  readonly orderId: string;
  readonly fulfilmentId: string;
  readonly lines: readonly LineQuantity[];
  readonly carrierRef?: string | null | undefined;
};

/** The customer ordered. */
export type OrderPlaced = {
  /** The order. */
  readonly orderId: string;
  /** The won opportunity it comes from. */
  readonly opportunityId: string | null;
  /** The accepted quote it comes from. */
  readonly quoteId: string | null;
  /** Channel it came in by. */
  readonly channel: OrderChannel | 'UNKNOWN';
  /** Natural key in the ordering system; with the channel it identifies the order. */
  readonly externalRef: string | null;
  /** What was ordered, at least one line, all in one currency. */
  readonly lines: readonly OrderLine[];
  /** Sum of the line totals. */
  readonly total: Money;
  /** Day the delivery was promised for. YYYY-MM-DD. */
  readonly promisedOn: string | null;
};

/** `OrderPlaced` as it is written. */
export type NewOrderPlaced = {
  readonly orderId: string;
  readonly opportunityId?: string | null | undefined;
  readonly quoteId?: string | null | undefined;
  readonly channel: OrderChannel;
  readonly externalRef?: string | null | undefined;
  readonly lines: readonly NewOrderLine[];
  readonly total: Money;
  readonly promisedOn?: string | null | undefined;
};

/** The order waits until something is cleared up. */
export type OrderPutOnHold = {
  /** The order. */
  readonly orderId: string;
  /** Why. */
  readonly reason: HoldReason | 'UNKNOWN';
  /** References to what was found; no personal data. */
  readonly evidence: readonly string[];
};

/** `OrderPutOnHold` as it is written. */
export type NewOrderPutOnHold = {
  readonly orderId: string;
  readonly reason: HoldReason;
  readonly evidence: readonly string[];
};

/** The order was not accepted. */
export type OrderRejected = {
  /** The order. */
  readonly orderId: string;
  /** The opportunity it came from. */
  readonly opportunityId: string | null;
  /** Why, a code of the reject and cancel list. */
  readonly reasonCode: string;
};

/** `OrderRejected` as it is written. */
export type NewOrderRejected = {
  readonly orderId: string;
  readonly opportunityId?: string | null | undefined;
  readonly reasonCode: string;
};

/** The order no longer waits. */
export type OrderReleased = {
  /** The order. */
  readonly orderId: string;
  /** Who released it. */
  readonly releasedBy: Actor;
};

/** `OrderReleased` as it is written. */
export type NewOrderReleased = {
  readonly orderId: string;
  readonly releasedBy: NewActor;
};

/** The customer got money back. */
export type RefundIssued = {
  /** The return. */
  readonly returnId: string;
  /** The order. */
  readonly orderId: string;
  /** Money the customer got back. */
  readonly amount: Money;
  /** Pieces that were paid back, by line of the order. */
  readonly lines: readonly LineQuantity[];
};

/** `RefundIssued` as it is written. */
export type NewRefundIssued = {
  readonly returnId: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly lines: readonly LineQuantity[];
};

/** The return may come. */
export type ReturnApproved = {
  /** The return. */
  readonly returnId: string;
  /** Who approved it. */
  readonly approvedBy: Actor;
};

/** `ReturnApproved` as it is written. */
export type NewReturnApproved = {
  readonly returnId: string;
  readonly approvedBy: NewActor;
};

/** The pieces have arrived. */
export type ReturnReceived = {
  /** The return. */
  readonly returnId: string;
  /** The order. */
  readonly orderId: string;
  /** Pieces that arrived, by line of the order. */
  readonly lines: readonly LineQuantity[];
  /** Condition the pieces are in. */
  readonly condition: string;
};

/** `ReturnReceived` as it is written. */
export type NewReturnReceived = {
  readonly returnId: string;
  readonly orderId: string;
  readonly lines: readonly LineQuantity[];
  readonly condition: string;
};

/** The return is refused. */
export type ReturnRejected = {
  /** The return. */
  readonly returnId: string;
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
};

/** `ReturnRejected` as it is written. */
export type NewReturnRejected = {
  readonly returnId: string;
  readonly reasonCode: string;
};

/** Pieces set aside for a return are free again. */
export type ReturnReleased = {
  /** The order. */
  readonly orderId: string;
  /** The return. */
  readonly returnId: string;
};

/** `ReturnReleased` as it is written. */
export type NewReturnReleased = {
  readonly orderId: string;
  readonly returnId: string;
};

/** The customer wants to send pieces of an order back. */
export type ReturnRequested = {
  /** The return. */
  readonly returnId: string;
  /** The order. */
  readonly orderId: string;
  /** Pieces by line of the order. */
  readonly lines: readonly LineQuantity[];
  /** Reason, a code of the policy in force. */
  readonly reasonCode: string;
  /** Version of the policy that decided. */
  readonly policyVersion: number;
};

/** `ReturnRequested` as it is written. */
export type NewReturnRequested = {
  readonly returnId: string;
  readonly orderId: string;
  readonly lines: readonly LineQuantity[];
  readonly reasonCode: string;
  readonly policyVersion: number;
};

/** Pieces of the order were set aside for a return. */
export type ReturnReserved = {
  /** The order. */
  readonly orderId: string;
  /** The return. */
  readonly returnId: string;
  /** The pieces. */
  readonly lines: readonly LineQuantity[];
};

/** `ReturnReserved` as it is written. */
export type NewReturnReserved = {
  readonly orderId: string;
  readonly returnId: string;
  readonly lines: readonly LineQuantity[];
};

/** Events of `order` as they are read, by name. */
export type OrderEvents = {
  readonly ContractTerminationRequested: ContractTerminationRequested;
  readonly ContractTerminationWithdrawn: ContractTerminationWithdrawn;
  readonly OrderAmended: OrderAmended;
  readonly OrderCancelled: OrderCancelled;
  readonly OrderClosed: OrderClosed;
  readonly OrderConfirmed: OrderConfirmed;
  readonly OrderFulfilled: OrderFulfilled;
  readonly OrderLinesFulfilled: OrderLinesFulfilled;
  readonly OrderPlaced: OrderPlaced;
  readonly OrderPutOnHold: OrderPutOnHold;
  readonly OrderRejected: OrderRejected;
  readonly OrderReleased: OrderReleased;
  readonly RefundIssued: RefundIssued;
  readonly ReturnApproved: ReturnApproved;
  readonly ReturnReceived: ReturnReceived;
  readonly ReturnRejected: ReturnRejected;
  readonly ReturnReleased: ReturnReleased;
  readonly ReturnRequested: ReturnRequested;
  readonly ReturnReserved: ReturnReserved;
};

/** Facts of `order` as deciders write them, by name. */
export type OrderFacts = {
  readonly ContractTerminationRequested: NewContractTerminationRequested;
  readonly ContractTerminationWithdrawn: NewContractTerminationWithdrawn;
  readonly OrderAmended: NewOrderAmended;
  readonly OrderCancelled: NewOrderCancelled;
  readonly OrderClosed: NewOrderClosed;
  readonly OrderConfirmed: NewOrderConfirmed;
  readonly OrderFulfilled: NewOrderFulfilled;
  readonly OrderLinesFulfilled: NewOrderLinesFulfilled;
  readonly OrderPlaced: NewOrderPlaced;
  readonly OrderPutOnHold: NewOrderPutOnHold;
  readonly OrderRejected: NewOrderRejected;
  readonly OrderReleased: NewOrderReleased;
  readonly RefundIssued: NewRefundIssued;
  readonly ReturnApproved: NewReturnApproved;
  readonly ReturnReceived: NewReturnReceived;
  readonly ReturnRejected: NewReturnRejected;
  readonly ReturnReleased: NewReturnReleased;
  readonly ReturnRequested: NewReturnRequested;
  readonly ReturnReserved: NewReturnReserved;
};

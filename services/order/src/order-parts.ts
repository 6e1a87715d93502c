// What an order is made of: its state, its commands, its events, and what its deciders know.
import { NOTHING, type Money } from '@tenure/core';
import type { NewOrderPlaced, OrderEvents, OrderFacts } from '@tenure/events/generated/order';
import type { Line, LineQty, Quantities } from './lines.ts';

export type OrderStatus =
  | typeof NOTHING
  | 'Placed'
  | 'OnHold'
  | 'Confirmed'
  | 'PartiallyFulfilled'
  | 'Fulfilled'
  | 'Closed'
  | 'Cancelled'
  | 'Rejected';

export type OrderState = {
  readonly status: OrderStatus;
  readonly opportunityId: string | null;
  readonly channel: string | null;
  readonly externalRef: string | null;
  readonly lines: readonly Line[];
  readonly total: Money | null;
  readonly promisedOn: string | null;
  readonly placedAt: number | null;
  readonly fulfilledAt: number | null;
  readonly onTime: boolean | null;
  /** Deliveries so far: each counts once. */
  readonly fulfilments: readonly string[];
  readonly fulfilled: Quantities;
  /** What returns have reserved, by return. */
  readonly reserved: Readonly<Record<string, readonly LineQty[]>>;
};

/** What deciders know beyond the stream. */
export type OrderContext = {
  readonly policy: { readonly returnDays: number; readonly reasons: Readonly<Record<string, unknown>> };
  /** The promise when the caller gives none: business days after placing. */
  readonly defaultPromise: string;
  readonly zone: string;
  /** The return that is to reserve pieces waits for that. */
  readonly returnWaits: boolean;
  /** Returns that hold pieces of the order and are not over. */
  readonly returnsUnderWay: readonly string[];
};

export type OrderCommands = {
  readonly PlaceOrder: Omit<NewOrderPlaced, 'orderId'>;
  readonly ConfirmOrder: object;
  readonly RejectOrder: { readonly reasonCode: string };
  readonly HoldOrder: {
    readonly reason: OrderFacts['OrderPutOnHold']['reason'];
    readonly evidence: readonly string[];
  };
  readonly ReleaseOrder: object;
  readonly AmendOrder: { readonly lines: readonly Line[]; readonly total: Money; readonly reason: string };
  readonly RecordFulfilment: {
    readonly fulfilmentId?: string | undefined;
    readonly lines: readonly LineQty[];
    readonly carrierRef?: string | null;
  };
  readonly CompleteFulfilment: object;
  readonly ReserveReturn: { readonly returnId: string; readonly lines: readonly LineQty[] };
  readonly ReleaseReturn: { readonly returnId: string };
  readonly CancelOrder: { readonly reasonCode: string; readonly by: OrderFacts['OrderCancelled']['by'] };
  readonly CloseOrder: object;
};

/** The source also carries the events of returns and contracts, which have streams of their own. */
export type OrderAggregateEvents = Omit<
  OrderEvents,
  | 'ReturnRequested'
  | 'ReturnApproved'
  | 'ReturnRejected'
  | 'ReturnReceived'
  | 'RefundIssued'
  | 'ContractTerminationRequested'
  | 'ContractTerminationWithdrawn'
>;

/** The types that make up the aggregate. */
export type OrderParts = {
  readonly state: OrderState;
  readonly events: OrderAggregateEvents;
  readonly facts: OrderFacts;
  readonly commands: OrderCommands;
  readonly context: OrderContext;
};

/** Before it is placed. */
export const noOrder: OrderState = {
  status: NOTHING,
  opportunityId: null,
  channel: null,
  externalRef: null,
  lines: [],
  total: null,
  promisedOn: null,
  placedAt: null,
  fulfilledAt: null,
  onTime: null,
  fulfilments: [],
  fulfilled: {},
  reserved: {},
};

// An event as everybody reads it (ARCHITECTURE §4), and a fact on its way to becoming one.

/** A write service as the origin of events: `customer`, `order`, `clock`, … */
export type Source = string;

export type Actor = {
  readonly kind: 'user' | 'customer' | 'process' | 'import' | 'clock';
  readonly id: string;
};

export type EventMeta = {
  readonly commandId: string;
  readonly causationId?: string;
  readonly correlationId: string;
  readonly actor: Actor;
  readonly traceparent?: string;
  /** True for imported history: projections and lookups see the event, reactions and deadlines skip it. */
  readonly backfill?: boolean;
  /** HMAC of the canonical body of the command: tells a repeated key with another body. */
  readonly bodyHash?: string;
};

/** A recorded event. Times are ms since the epoch, UTC: `occurredAt` valid time, `recordedAt` transaction time. */
export type RecordedEvent<T extends string = string, D = unknown> = {
  readonly id: string;
  readonly type: T;
  readonly stream: string;
  readonly revision: number;
  readonly source: Source;
  readonly position: number;
  readonly key: string;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly schemaId: number;
  readonly meta: EventMeta;
  readonly data: D;
};

/** What a decider returns: a fact without envelope. `key` only when it is not the stream's own key. */
export type Fact<T extends string = string, D = unknown> = {
  readonly type: T;
  readonly data: D;
  readonly key?: string;
};

/** Data of each event by its name: `{ OrderPlaced: {…}, … }`, generated from the schemas. */
export type EventMap = Readonly<Record<string, object>>;

/** The union of recorded events (or facts) of an event map. */
export type EventOf<M extends EventMap> = { [K in keyof M & string]: RecordedEvent<K, M[K]> }[keyof M &
  string];
export type FactOf<M extends EventMap> = { [K in keyof M & string]: Fact<K, M[K]> }[keyof M & string];

// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.

export const actorKindSymbols = ['user', 'customer', 'process', 'import', 'clock'] as const;
/** What kind of party acted. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ActorKind = (typeof actorKindSymbols)[number];

/** Who did or approved something: a person of the company, the customer, a process, an import or the clock. */
export type Actor = {
  /** Kind of the actor. */
  readonly kind: ActorKind | 'UNKNOWN';
  /** Pseudonymous id of the actor within its kind; never a name or an address. */
  readonly id: string;
};

/** `Actor` as it is written. */
export type NewActor = {
  readonly kind: ActorKind;
  readonly id: string;
};

/** A number of pieces of one line of an order. */
export type LineQuantity = {
  /** The line of the order. */
  readonly lineId: string;
  /** Pieces. */
  readonly qty: number;
};

/** An amount of money in minor units (cents, fen) of a currency. */
export type Money = {
  /** Amount in minor units; negative is allowed where the field says so. */
  readonly minor: number;
  /** ISO 4217 code, upper case. */
  readonly currency: string;
};

/** A line of an order with its price: total = qty · unitPrice − discount + tax, to the minor unit. */
export type OrderLine = {
  /** The line; unique within its order. */
  readonly lineId: string;
  /** The product. */
  readonly productId: string;
  /** Category of the product when the line was written. */
  readonly category: string | null;
  /** Further properties of the line by name; no personal data. */
  readonly attributes: Readonly<Record<string, string>> | null;
  /** Pieces ordered. */
  readonly qty: number;
  /** Price of one piece before discount and tax. */
  readonly unitPrice: Money;
  /** Discount on the whole line, ≥ 0. */
  readonly discount: Money;
  /** Tax on the whole line, ≥ 0. */
  readonly tax: Money;
  /** What the line costs. */
  readonly total: Money;
};

/** `OrderLine` as it is written. */
export type NewOrderLine = {
  readonly lineId: string;
  readonly productId: string;
  readonly category?: string | null | undefined;
  readonly attributes?: Readonly<Record<string, string>> | null | undefined;
  readonly qty: number;
  readonly unitPrice: Money;
  readonly discount: Money;
  readonly tax: Money;
  readonly total: Money;
};

export const relatedContactRoleSymbols = ['BUYER', 'USER', 'CHAMPION', 'PAYER', 'OTHER'] as const;
/** What a related person is to an organisation's purchases. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type RelatedContactRole = (typeof relatedContactRoleSymbols)[number];

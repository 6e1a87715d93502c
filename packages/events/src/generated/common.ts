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

export const conversionModeSymbols = ['NEW', 'EXISTING'] as const;
/** Whether a conversion makes a customer or joins one. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ConversionMode = (typeof conversionModeSymbols)[number];

/** A number of pieces of one line of an order. */
export type LineQuantity = {
  /** The line of the order. */
  readonly lineId: string;
  /** Pieces. */
  readonly qty: number;
};

/** Points that make up a new lot. */
export type LotGrant = {
  /** The lot. */
  readonly lotId: string;
  /** Points. */
  readonly points: number;
  /** Last day on which they may be spent. YYYY-MM-DD. */
  readonly expiresOn: string | null;
};

/** `LotGrant` as it is written. */
export type NewLotGrant = {
  readonly lotId: string;
  readonly points: number;
  readonly expiresOn?: string | null | undefined;
};

/** An amount of money in minor units (cents, fen) of a currency. */
export type Money = {
  /** Amount in minor units; negative is allowed where the field says so. */
  readonly minor: number;
  /** ISO 4217 code, upper case. */
  readonly currency: string;
};

export const opportunityKindSymbols = ['NEW_BUSINESS', 'CROSS_SELL', 'UP_SELL', 'RENEWAL'] as const;
/** Kind of business a deal is. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type OpportunityKind = (typeof opportunityKindSymbols)[number];

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

/** A person as the company first meets him or her. */
export type PersonCard = {
  /** Name as the person is addressed. */
  readonly name: string;
  /** E-mail address. */
  readonly email: string | null;
  /** Telephone number. */
  readonly phone: string | null;
  /** Job title. */
  readonly jobTitle: string | null;
};

/** `PersonCard` as it is written. */
export type NewPersonCard = {
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly jobTitle?: string | null | undefined;
};

/** Points taken from a lot. */
export type PointsAllocation = {
  /** The lot. */
  readonly lotId: string;
  /** Points. */
  readonly points: number;
};

export const relatedContactRoleSymbols = ['BUYER', 'USER', 'CHAMPION', 'PAYER', 'OTHER'] as const;
/** What a related person is to an organisation's purchases. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type RelatedContactRole = (typeof relatedContactRoleSymbols)[number];

export const riskLevelSymbols = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
/** How much a customer is at risk. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type RiskLevel = (typeof riskLevelSymbols)[number];

export const slaClockKindSymbols = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION'] as const;
/** What is promised about a case. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type SlaClockKind = (typeof slaClockKindSymbols)[number];

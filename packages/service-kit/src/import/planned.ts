// What a row becomes, and what is known of it on the way there.
import { tenureNamespace, uuid5 } from '@tenure/core';
import type { Row } from './rows.ts';

const CUSTOMERS = tenureNamespace('import/customer');

// The name on the wire; it makes no promise of a line, for its value is a list.
// oxlint-disable-next-line unicorn/no-thenable
export const THEN = 'then';

/** One line of `POST /api/commands`. */
export type BatchLine = {
  readonly route: string;
  readonly key: string;
  /** Absent: the server knows whose it is. */
  readonly customerId?: string;
  readonly body: object;
  readonly then?: readonly { readonly command: string; readonly body: object }[];
};

/** What a row becomes. `customer`: null when an earlier row of the file has registered him, or nobody is to be. */
export type PlannedRow = {
  readonly row: number;
  /** Customer, then what the row is about: they have one `customerId`, so the server keeps this order. */
  readonly customer: BatchLine | null;
  readonly main: BatchLine;
};

/** What a row says about itself before the rest of it is looked at: enough to count it. */
export type RowIdentity = {
  readonly row: number;
  readonly values: Row;
  /** The customer's id in his system; null where rows name none. */
  readonly externalId: string | null;
  /** YYYY-MM-DD */
  readonly date: string;
  /** ms */
  readonly at: number;
  readonly naturalKey: readonly string[];
};

/** A row with its place among those of its natural key. `reference` is what its ids derive from. */
export type Placed = {
  readonly identity: RowIdentity;
  readonly reference: readonly string[];
  readonly key: string;
  readonly occurredAt: string;
};

/** The id of a customer whom an import knows by the id of another system. */
export const importedCustomerId = (system: string, externalId: string): string =>
  uuid5(CUSTOMERS, system, externalId);

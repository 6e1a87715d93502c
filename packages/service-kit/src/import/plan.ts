// A row as commands: the lines of the batch route that register its customer and place its order, with ids that derive
// from system and natural key alone. A second import, here or elsewhere, sends the same and changes nothing.
import {
  formatInstant,
  isTenureError,
  parseMoney,
  startOfDate,
  tenureNamespace,
  uuid5,
  type Money,
} from '@tenure/core';
import { dateReader } from './dates.ts';
import type { Mapping } from './mapping.ts';
import { rowReader, type Row, type RowProblem, type RowReader } from './rows.ts';

const CUSTOMERS = tenureNamespace('import/customer');
const ORDERS = tenureNamespace('import/order');
const PRODUCTS = tenureNamespace('import/product');

// The name on the wire; it makes no promise of a line, for its value is a list.
// oxlint-disable-next-line unicorn/no-thenable
const THEN = 'then';

/** One line of `POST /api/commands`. */
export type BatchLine = {
  readonly route: string;
  readonly key: string;
  readonly customerId: string;
  readonly body: object;
  readonly then?: readonly { readonly command: string; readonly body: object }[];
};

/** What a row becomes. `customer`: null when an earlier row of the file has registered him. */
export type PlannedRow = {
  readonly row: number;
  /** Customer, then order: they have one `customerId`, so the server keeps this order. */
  readonly customer: BatchLine | null;
  readonly order: BatchLine;
};

/** What a row says about itself before its amount is looked at: enough to count it. */
export type RowIdentity = {
  readonly row: number;
  readonly values: Row;
  /** The customer's id in his system. */
  readonly externalId: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly naturalKey: readonly string[];
};

export type RowPlanner = {
  /** Null: nothing to do (a header, an empty line). */
  identify(row: number, text: string): RowIdentity | RowProblem | null;
  /** `occurrence` counts rows of one natural key from 1. `firstSight`: no earlier row had this customer. */
  plan(identity: RowIdentity, occurrence: number, firstSight: boolean): PlannedRow | RowProblem;
};

export const isProblem = (planned: object): planned is RowProblem => 'reason' in planned;

/** The id of a customer whom an import knows by the id of another system. */
export const importedCustomerId = (system: string, externalId: string): string =>
  uuid5(CUSTOMERS, system, externalId);

/** Compiles a mapping. What it answers depends on its arguments alone. */
export const rowPlanner = (mapping: Mapping): RowPlanner => {
  const readRow = rowReader(mapping);
  const readDate = dateReader(mapping.date.format);
  return {
    identify: (row, text) =>
      row <= mapping.headerLines || text.trim() === ''
        ? null
        : identify(mapping, readRow, readDate, row, text),
    plan: (identity, occurrence, firstSight) => planRow(mapping, identity, occurrence, firstSight),
  };
};

const identify = (
  mapping: Mapping,
  readRow: RowReader,
  readDate: (text: string) => string | null,
  row: number,
  text: string,
): RowIdentity | RowProblem => {
  const values = readRow(text);
  if (typeof values === 'string') return { row, column: null, reason: values };
  const value = (column: string): string => values.get(column) ?? '';
  const { customer, date: dated, order } = mapping;
  const externalId = value(customer.id);
  if (externalId === '' || externalId.length > MAX_EXTERNAL_ID)
    return { row, column: customer.id, reason: `must have 1–${MAX_EXTERNAL_ID} characters` };
  const date = readDate(value(dated.column));
  if (date === null) return { row, column: dated.column, reason: `is no date of the form ${dated.format}` };
  const naturalKey = order.naturalKey.map((column) => (column === dated.column ? date : value(column)));
  const empty = naturalKey.indexOf('');
  if (empty >= 0)
    return {
      row,
      column: order.naturalKey[empty] ?? null,
      reason: 'is empty and belongs to the natural key',
    };
  return { row, values, externalId, date, naturalKey };
};

/** Of the field `externalId` and the Idempotency-Key. */
const MAX_EXTERNAL_ID = 100;
const PRINTABLE = /^[\x20-\x7e]{1,200}$/;

const planRow = (
  mapping: Mapping,
  identity: RowIdentity,
  occurrence: number,
  firstSight: boolean,
): PlannedRow | RowProblem => {
  const { row, values, date, naturalKey } = identity;
  const { amount, attributes } = mapping.order;
  const price = amountIn(values.get(amount.column) ?? '', amount);
  if (typeof price === 'string') return { row, column: amount.column, reason: price };
  const facts: Record<string, string> = {};
  for (const [name, column] of Object.entries(attributes)) {
    const value = values.get(column) ?? '';
    if (value.length > MAX_ATTRIBUTE)
      return { row, column, reason: `is longer than ${MAX_ATTRIBUTE} characters` };
    if (value !== '') facts[name] = value;
  }
  const reference = [...naturalKey, ...(mapping.order.occurrence ? [String(occurrence)] : [])];
  const key = reference.join('/');
  if (!PRINTABLE.test(key))
    return { row, column: null, reason: 'has a natural key beyond 200 printable ASCII characters' };
  const occurredAt = formatInstant(startOfDate(date, mapping.date.zone));
  return {
    row,
    customer: firstSight ? customerLine(mapping, identity, occurredAt) : null,
    order: orderLine(mapping, { identity, reference, key, occurredAt, price, facts }),
  };
};

const MAX_ATTRIBUTE = 200;
const MAX_NAME = 200;

const customerLine = (
  { system, customer }: Mapping,
  { externalId, values }: RowIdentity,
  occurredAt: string,
): BatchLine => {
  const customerId = importedCustomerId(system, externalId);
  const displayName = customer.name
    .replaceAll(/\{([^{}]*)\}/g, (_, column: string) => values.get(column) ?? '')
    .slice(0, MAX_NAME);
  const { kind, locale, timeZone, homeCurrency } = customer;
  return {
    route: '/api/customers',
    key: `customer/${customerId}`,
    customerId,
    body: { customerId, kind, displayName, source: 'IMPORT', locale, timeZone, homeCurrency, occurredAt },
    [THEN]: [{ command: 'link-external-identity', body: { system, externalId, confidence: 100 } }],
  };
};

type OrderFacts = {
  readonly identity: RowIdentity;
  readonly reference: readonly string[];
  readonly key: string;
  readonly occurredAt: string;
  readonly price: Money;
  readonly facts: Readonly<Record<string, string>>;
};

const orderLine = (
  { system, order }: Mapping,
  { identity, reference, key, occurredAt, price, facts }: OrderFacts,
): BatchLine => {
  const customerId = importedCustomerId(system, identity.externalId);
  const orderId = uuid5(ORDERS, system, ...reference);
  const nothing = { minor: 0, currency: price.currency };
  const line = {
    lineId: uuid5(orderId, 'line', '1'),
    productId: uuid5(PRODUCTS, system, order.product),
    ...(Object.keys(facts).length > 0 && { attributes: facts }),
    qty: 1,
    unitPrice: price,
    discount: nothing,
    tax: nothing,
    total: price,
  };
  return {
    route: '/api/orders',
    key,
    customerId,
    body: {
      orderId,
      customerId,
      channel: order.channel,
      externalRef: key,
      lines: [line],
      total: price,
      occurredAt,
    },
    ...(order.afterwards.length > 0 && {
      [THEN]: order.afterwards.map((command) => ({ command, body: {} })),
    }),
  };
};

/** The exact amount, or why it is none. */
const amountIn = (
  text: string,
  { currency, decimal, thousands }: Mapping['order']['amount'],
): Money | string => {
  const [whole = '', ...rest] = text.split(decimal);
  const groups = thousands === undefined ? [whole] : whole.split(thousands);
  const wellGrouped = groups.slice(1).every(({ length }) => length === 3) && (groups[0] ?? '').length <= 3;
  if (groups.length > 1 && !wellGrouped) return 'has thousands that are not grouped by three';
  const exact = [groups.join(''), ...rest].join('.');
  if (!/^\d+(\.\d+)?$/.test(exact)) return 'is no amount of zero or more';
  try {
    return parseMoney(exact, currency);
  } catch (error) {
    if (isTenureError(error)) return `is no amount in ${currency} (${error.code})`;
    throw error;
  }
};

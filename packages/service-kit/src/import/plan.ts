// A row as commands: the lines of the batch route that register its customer and make what it is about, with ids that
// derive from system and natural key alone. A second import, here or elsewhere, sends the same and changes nothing.
import { formatInstant } from '@tenure/core';
import { instantOfMoment, momentReader, type Moment } from './dates.ts';
import type { Mapping } from './mapping.ts';
import { customerLine, type Registration } from './plan-customer.ts';
import { laidOutPlanner } from './plan-laid-out.ts';
import { planOrder } from './plan-order.ts';
import type { BatchLine, Placed, PlannedRow, RowIdentity } from './planned.ts';
import { rowReader, type RowProblem, type RowReader } from './rows.ts';

export type RowPlanner = {
  /** Null: nothing to do (a header, an empty line). */
  identify(row: number, text: string): RowIdentity | RowProblem | null;
  /** `occurrence` counts rows of one natural key from 1. `firstSight`: no earlier row had this customer. */
  plan(identity: RowIdentity, occurrence: number, firstSight: boolean): PlannedRow | RowProblem;
};

export const isProblem = (planned: object): planned is RowProblem => 'reason' in planned;

/** Compiles a mapping. What it answers depends on its arguments alone. */
export const rowPlanner = (mapping: Mapping): RowPlanner => {
  const readRow = rowReader(mapping);
  const readMoment = momentReader(mapping.date.format);
  const main = mainPlanner(mapping);
  return {
    identify: (row, text) =>
      row <= mapping.headerLines || text.trim() === ''
        ? null
        : identify(mapping, readRow, readMoment, row, text),
    plan(identity, occurrence, firstSight) {
      const placed = place(mapping, identity, occurrence);
      if (isProblem(placed)) return placed;
      const planned = main(placed);
      if (isProblem(planned)) return planned;
      const { row } = identity;
      const registration = firstSight ? registrationIn(mapping) : null;
      const customer =
        registration === null
          ? null
          : customerLine({ system: mapping.system, customer: registration }, identity, placed.occurredAt);
      return { row, customer, main: planned };
    },
  };
};

const mainPlanner = (mapping: Mapping): ((placed: Placed) => BatchLine | RowProblem) =>
  mapping.kind === 'orders' ? (placed) => planOrder(mapping, placed) : laidOutPlanner(mapping);

/** How customers of the file are registered beside their rows; null: they are not, or they are the rows. */
const registrationIn = (mapping: Mapping): Registration | null =>
  mapping.kind === 'customers' || !('customer' in mapping) || !('kind' in mapping.customer)
    ? null
    : mapping.customer;

/** The columns of the natural key. */
const keyColumns = (mapping: Mapping): readonly string[] => {
  switch (mapping.kind) {
    case 'orders':
      return mapping.order.naturalKey;
    case 'customers':
    case 'loyalty':
      return [mapping.customer.id];
    case 'leads':
    case 'cases':
      return mapping.naturalKey;
    default:
      return mapping satisfies never;
  }
};

/** Of the field `externalId` and the Idempotency-Key. */
const MAX_EXTERNAL_ID = 100;

const identify = (
  mapping: Mapping,
  readRow: RowReader,
  readMoment: (text: string) => Moment | null,
  row: number,
  text: string,
): RowIdentity | RowProblem => {
  const values = readRow(text);
  if (typeof values === 'string') return { row, column: null, reason: values };
  const value = (column: string): string => values.get(column) ?? '';
  const { date: dated } = mapping;
  const idColumn = 'customer' in mapping ? mapping.customer.id : null;
  const externalId = idColumn === null ? null : value(idColumn);
  if (externalId !== null && (externalId === '' || externalId.length > MAX_EXTERNAL_ID))
    return { row, column: idColumn, reason: `must have 1–${MAX_EXTERNAL_ID} characters` };
  const moment = readMoment(value(dated.column));
  if (moment === null) return { row, column: dated.column, reason: `is no date of the form ${dated.format}` };
  const { date } = moment;
  const columns = keyColumns(mapping);
  const naturalKey = columns.map((column) => (column === dated.column ? date : value(column)));
  const empty = naturalKey.indexOf('');
  if (empty >= 0)
    return { row, column: columns[empty] ?? null, reason: 'is empty and belongs to the natural key' };
  return { row, values, externalId, date, at: instantOfMoment(moment, dated.zone), naturalKey };
};

const PRINTABLE = /^[\x20-\x7e]{1,200}$/;

const place = (mapping: Mapping, identity: RowIdentity, occurrence: number): Placed | RowProblem => {
  const { row, at, naturalKey } = identity;
  const counted = mapping.kind === 'orders' && mapping.order.occurrence;
  const reference = [...naturalKey, ...(counted ? [String(occurrence)] : [])];
  const key = reference.join('/');
  if (!PRINTABLE.test(key))
    return { row, column: null, reason: 'has a natural key beyond 200 printable ASCII characters' };
  return { identity, reference, key, occurredAt: formatInstant(at) };
};

// A row whose fields are laid out one by one: a customer, a lead, a case, a member. What differs between them is a small
// table: the route, the ids, what a body says by default, and what may have happened since.
import { formatInstant, tenureNamespace, uuid5 } from '@tenure/core';
import { bodyFiller, type BodyFiller, type ColumnProblem } from './body.ts';
import { instantOfMoment, momentReader } from './dates.ts';
import { KINDS } from './kinds.ts';
import type { LaidOutMapping } from './mapping.ts';
import type { StepMapping } from './mapping-body.ts';
import { importedCustomerId, THEN, type BatchLine, type Placed } from './planned.ts';
import { registrationOf } from './plan-customer.ts';
import type { Row, RowProblem } from './rows.ts';

const CASES = tenureNamespace('import/case');

export type LaidOutPlanner = (placed: Placed) => BatchLine | RowProblem;

/** Compiles a mapping of one of these kinds. */
export const laidOutPlanner = (mapping: LaidOutMapping): LaidOutPlanner => {
  const fill = bodyFiller(mapping.body, mapping.system);
  const steps = mapping.afterwards.map((step) => stepPlanner(step, mapping));
  return (placed) => {
    const { row, values } = placed.identity;
    const filled = fill(values);
    if ('problem' in filled) return { row, ...filled.problem };
    const then: object[] = [...fixedSteps(mapping, placed)];
    for (const step of steps) {
      const made = step(values);
      if (made === null) continue;
      if ('problem' in made) return { row, ...made.problem };
      then.push(made);
    }
    const customerId = customerOf(mapping, placed);
    return {
      route: KINDS[mapping.kind].route,
      key: keyOf(mapping, placed),
      ...(customerId !== undefined && { customerId }),
      body: { ...fixedFields(mapping, placed), ...filled.body, occurredAt: placed.occurredAt },
      ...(then.length > 0 && { [THEN]: then as NonNullable<BatchLine['then']> }),
    };
  };
};

const customerOf = ({ system }: LaidOutMapping, { identity }: Placed): string | undefined =>
  identity.externalId === null ? undefined : importedCustomerId(system, identity.externalId);

/** The same as other imports give the customer, so that a file of customers and one of orders agree. */
const keyOf = (mapping: LaidOutMapping, placed: Placed): string =>
  mapping.kind === 'customers' ? `customer/${customerOf(mapping, placed) ?? ''}` : placed.key;

/** What the row is and whose it is; a mapping may say the rest otherwise. */
const fixedFields = (mapping: LaidOutMapping, placed: Placed): object => {
  const { system } = mapping;
  const customerId = customerOf(mapping, placed);
  switch (mapping.kind) {
    case 'customers':
      return registrationOf(mapping.customer, placed.identity, customerId ?? '');
    case 'leads':
      return { source: 'IMPORT', sourceRef: `${system}:${placed.key}` };
    case 'cases':
      return { caseId: uuid5(CASES, system, ...placed.reference), customerId };
    case 'loyalty':
      return { customerId, programId: mapping.programId };
    default:
      return mapping satisfies never;
  }
};

/** A customer is found by the id of the system he comes from. */
const fixedSteps = (mapping: LaidOutMapping, { identity }: Placed): readonly object[] =>
  mapping.kind === 'customers'
    ? [
        {
          command: 'link-external-identity',
          body: { system: mapping.system, externalId: identity.externalId, confidence: 100 },
        },
      ]
    : [];

type MadeStep = { readonly command: string; readonly body: object };

const stepPlanner = (
  { command, body, when, on }: StepMapping,
  { system, date }: LaidOutMapping,
): ((values: Row) => MadeStep | ColumnProblem | null) => {
  const fill: BodyFiller = bodyFiller(body, system);
  const readMoment = on === undefined ? null : momentReader(on.format);
  return (values) => {
    if (when !== undefined && !holds(when, values)) return null;
    const made = fill(values);
    if ('problem' in made) return made;
    if (on === undefined || readMoment === null) return { command, body: made.body };
    const moment = readMoment(values.get(on.column) ?? '');
    if (moment === null)
      return { problem: { column: on.column, reason: `is no date of the form ${on.format}` } };
    return { command, body: { ...made.body, occurredAt: formatInstant(instantOfMoment(moment, date.zone)) } };
  };
};

const holds = ({ column, is, isNot }: NonNullable<StepMapping['when']>, values: Row): boolean => {
  const value = values.get(column) ?? '';
  if (is === undefined && isNot === undefined) return value !== '';
  return (is === undefined || is.includes(value)) && (isNot === undefined || !isNot.includes(value));
};

// Whatever is sent in whatever order: the customer never leaves the domain.
import { allowedCommands, isTenureError } from '@tenure/core';
import fc from 'fast-check';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  absorbedParty,
  commands as examples,
  customerId,
  given,
  histories,
  type CustomerCommand,
  type CustomerFact,
} from '../test/customers.ts';
import { customer, type CustomerContext, type CustomerState, type OtherParty } from './customer.ts';

const name = fc.constantFrom('one', 'two', 'three');
const id = name.map(idOf);

const command: fc.Arbitrary<CustomerCommand> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(examples)) },
  fc
    .record({ mergeId: id, absorbedIds: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }) })
    .map((data): CustomerCommand => ({ name: 'MergeCustomers', data: { ...data, fieldChoices: {} } })),
  fc
    .record({ mergeId: id, ifIncomplete: fc.boolean() })
    .map((data): CustomerCommand => ({ name: 'UnmergeCustomer', data: { ...data, reason: 'two people' } })),
  id.map((mergeId): CustomerCommand => ({
    name: 'AbsorbCustomer',
    data: { mergeId, survivorId: idOf('survivor') },
  })),
  id.map((mergeId): CustomerCommand => ({ name: 'RestoreCustomer', data: { mergeId } })),
  id.map((holdId): CustomerCommand => ({ name: 'PlaceLegalHold', data: { holdId, basis: 'case' } })),
  id.map((holdId): CustomerCommand => ({ name: 'ReleaseLegalHold', data: { holdId } })),
  fc.constantFrom<CustomerCommand>(
    examples.DestroySubjectKeys,
    examples.EraseCustomer,
    examples.RequestErasure,
  ),
);

/** The survivor has every merge; some parties are absorbed by one of them, some by nobody. */
const survivor: OtherParty = {
  id: idOf('survivor'),
  ...{ status: 'Registered', survivorId: null, mergeId: null },
  merges: ['one', 'two', 'three', 'merge'].map((merge) => ({
    mergeId: idOf(merge),
    absorbedIds: [customerId],
  })),
};
const others: fc.Arbitrary<CustomerContext['others']> = fc
  .array(fc.tuple(name, name), { maxLength: 3 })
  .map((parties) => {
    const absorbed = parties.map(([party, merge]) => absorbedParty(party, merge));
    return new Map([survivor, ...absorbed].map((party) => [party.id, party]));
  });

const checkInvariants = (state: CustomerState): void => {
  expect(Object.keys(histories)).toContain(state.status);
  const absorbed = state.merges.flatMap(({ absorbedIds }) => absorbedIds);
  expect(new Set(absorbed).size).toBe(absorbed.length);
  expect(absorbed).not.toContain(customerId);
  expect(absorbed.length).toBeLessThanOrEqual(50);
  expect(state.absorbed === null).toBe(state.survivorId === null);
  const isAbsorbed = state.status === 'Absorbed';
  expect(isAbsorbed && state.absorbed === null).toBe(false);
  expect(state.status === 'ErasurePending' && state.erasure === null).toBe(false);
  expect(state.status === 'Erased' && state.erasure?.keysDestroyed !== true).toBe(false);
};

type Tried = { readonly code: string | null; readonly facts: readonly CustomerFact[] };

/** Anything that is no refusal is a bug and goes through. */
const attempt = (
  history: readonly CustomerFact[],
  one: CustomerCommand,
  context: Partial<CustomerContext>,
): Tried => {
  try {
    return {
      code: null,
      facts: given(...history)
        .when(one, context)
        .facts() as readonly CustomerFact[],
    };
  } catch (error) {
    if (isTenureError(error)) return { code: error.code, facts: [] };
    throw error;
  }
};

const FINAL = ['SubjectKeysDestroyed', 'CustomerErased'];

describe('any commands in any order', () => {
  it('never lead out of the domain', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(command, others), { maxLength: 40 }), (sent) => {
        const history: CustomerFact[] = [];
        for (const [one, known] of sent) {
          const before = given(...history).state();
          const { code, facts } = attempt(history, one, { others: known });
          expect(code === 'ILLEGAL_STATE').toBe(!allowedCommands(customer, before).includes(one.name));
          const final = facts.filter(({ type }) => FINAL.includes(type));
          expect(before.legalHolds.length > 0 && final.length > 0, 'nothing is erased under a hold').toBe(
            false,
          );
          expect(before.status === 'Erased' && facts.length > 0, 'nothing follows the erasure').toBe(false);
          history.push(...facts);
          checkInvariants(given(...history).state());
        }
      }),
      { numRuns: 300 },
    );
  });
});

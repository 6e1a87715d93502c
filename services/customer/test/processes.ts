// Customers and leads with their processes, in memory.
import { evolve, uuid5, type EventOf } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { openProcesses, type World } from '@tenure/testing/processes';
import { expect } from 'vitest';
import { customer, type CustomerParts, type CustomerState } from '../src/customer.ts';
import { leadService } from '../../lead/src/service.ts';
import { customerService } from '../src/service.ts';
import { shippedPolicies } from './shipped.ts';

const services = [customerService, leadService];
const START = Date.UTC(2026, 1, 23);

export const openWorld = async (): Promise<World> =>
  openProcesses(services, await shippedPolicies(services), START);

/** The party of a lead by its name. */
export const partyOf = (lead: string): string => uuid5(idOf(lead), 'customer');

export type Person = {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly company?: string;
};

const LIN = { name: 'Lin Xiaomei', email: 'lin.xiaomei@example.com', phone: '+1 202 555 0143' };

/** Captures a lead by its name; the party is `partyOf(name)`. */
export const capture = async (world: World, lead: string, person: Person = LIN): Promise<void> => {
  const { company, ...card } = person;
  const body = {
    leadId: idOf(lead),
    source: 'EVENT',
    person: { name: 'Nobody Known', ...card },
    ...(company !== undefined && { company }),
    interests: [],
  };
  await world.send('lead', 'CaptureLead', body);
};

/** Registers a customer by name with an e-mail and a telephone number of his own, or Lin's. */
export const register = async (
  world: World,
  who: string,
  { name = 'Lin Xiaomei', email, phone }: Person = LIN,
  kind: 'PERSON' | 'ORGANISATION' | 'INTERNAL' = 'PERSON',
): Promise<string> => {
  const id = idOf(who);
  await world.send('customer', 'RegisterCustomer', {
    customerId: id,
    kind,
    displayName: name,
    source: 'MANUAL',
  });
  const add = (channel: string, value: string) =>
    world.send(
      'customer',
      'AddContactPoint',
      { contactPointId: pointOf(who, channel), channel, value },
      { id },
    );
  if (email !== undefined) await add('EMAIL', email);
  if (phone !== undefined) await add('PHONE', phone);
  await world.settle();
  return id;
};

/** The id of a customer's contact point of a channel. */
export const pointOf = (who: string, channel: string): string => idOf(`${channel} of ${who}`);

/** Types of the events of a stream. */
export const typesOf = async (world: World, stream: string): Promise<readonly string[]> =>
  (await world.events()).filter((event) => event.stream === stream).map(({ type }) => type);

/** A customer as his own stream says. */
export const stateOf = async (world: World, id: string): Promise<CustomerState> => {
  const own = (await world.events()).filter(({ stream }) => stream === `customer-${id}`);
  return evolve(customer, customer.initial, own as unknown as EventOf<CustomerParts['events']>[]);
};

/**
 * What must hold when all processes are at rest: a merge that stands has absorbed everybody it names, who is absorbed is
 * so by a merge that stands, and following the survivors ends with somebody.
 */
export const checkWhole = async (world: World, ids: readonly string[]): Promise<void> => {
  const states = new Map(await Promise.all(ids.map(async (id) => [id, await stateOf(world, id)] as const)));
  for (const [id, { merges, absorbed, survivorId, status }] of states) {
    for (const { mergeId, absorbedIds } of merges)
      for (const other of absorbedIds)
        expect(states.get(other)?.absorbed?.mergeId, `${other} is absorbed by ${id}`).toBe(mergeId);
    if (absorbed === null) continue;
    // Who is about to be erased is restored when that is cancelled.
    if (status !== 'Absorbed') continue;
    const survivor = states.get(survivorId ?? '');
    expect(survivor?.merges.map(({ mergeId }) => mergeId)).toContain(absorbed.mergeId);
    let next: string | null = id;
    for (let hops = 0; next !== null; hops++) {
      expect(hops, 'survivors end with somebody').toBeLessThan(ids.length + 1);
      next = states.get(next)?.survivorId ?? null;
    }
  }
};

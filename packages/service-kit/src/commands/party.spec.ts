// A customer himself: his own stream says how he stands, and the lookup where the last survivor is.
import { NOTHING, type Aggregate } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agent, id, on, open, refusal, service, toyBus } from '../../test/toy.ts';
import { defineService, modelOf, type Caller, type CommandRequest } from '../index.ts';

type PersonState = { readonly status: string; readonly survivorId: string | null };
type PersonParts = {
  readonly state: PersonState;
  readonly events: {
    readonly Came: object;
    readonly Merged: { readonly survivorId: string };
    readonly Went: object;
  };
  readonly facts: PersonParts['events'];
  readonly commands: {
    readonly Come: object;
    readonly Merge: { readonly survivorId: string };
    readonly Greet: object;
    readonly Restore: object;
    readonly Erase: object;
  };
  readonly context: object;
};

const person: Aggregate<PersonParts> = {
  name: 'person',
  initial: { status: NOTHING, survivorId: null },
  transitions: {
    Come: [NOTHING],
    Greet: ['Here'],
    Merge: [NOTHING, 'Here'],
    Restore: ['Absorbed'],
    Erase: ['Here'],
  },
  decide: {
    Come: () => [{ type: 'Came', data: {} }],
    Greet: () => [],
    Merge: (_, { survivorId }) => [{ type: 'Merged', data: { survivorId } }],
    Restore: () => [{ type: 'Came', data: {} }],
    Erase: () => [{ type: 'Went', data: {} }],
  },
  evolve: {
    Came: (state) => ({ ...state, status: 'Here', survivorId: null }),
    Merged: (_, { data }) => ({ status: 'Absorbed', survivorId: data.survivorId }),
    Went: (state) => ({ ...state, status: 'Erased' }),
  },
};

const body = z.strictObject({});
const people = defineService({
  name: 'people',
  aggregates: [
    {
      model: modelOf(person),
      plural: 'people',
      idField: 'personId',
      creates: 'Come',
      customer: 'self',
      internal: ['Merge'],
      commands: {
        Come: { body },
        Greet: { body },
        Merge: { body: z.strictObject({ survivorId: z.string() }) },
        Restore: { body },
        Erase: { body },
      },
      view: { schema: z.object({}), of: () => ({}) },
      list: { name: 'people', version: 1, slices: {}, columns: [] },
    },
  ],
});

const send = (command: string, more: Partial<CommandRequest> = {}): CommandRequest => ({
  service: 'people',
  aggregate: 'person',
  steps: [{ command, body: command === 'Merge' ? { survivorId: id('lee') } : {} }],
  id: id('kim'),
  key: command,
  principal: 'shop',
  route: `/api/people/{id}/${command}`,
  caller: service,
  ifMatch: null,
  backfill: false,
  reactions: false,
  ...more,
});
const come = send('Come', {
  steps: [{ command: 'Come', body: { personId: id('kim') } }],
  route: '/api/people',
});
const { id: _, ...creation } = come;
const merge = send('Merge', { commandId: id('merge') });

describe('a customer himself', () => {
  it('is absorbed by his own stream, at once: only what is legal then is taken', async () => {
    const { bus, parties } = toyBus({ services: [people] });
    expect(await bus.submit(creation)).toMatchObject({ customerId: id('kim') });
    await bus.submit(merge);
    const survivor = { code: 'CUSTOMER_ABSORBED', data: { survivorId: id('lee') } };
    expect(await refusal(bus.submit(send('Greet')))).toEqual(survivor);
    expect(await refusal(bus.read('people', 'person', id('kim'), service))).toEqual(survivor);
    parties.set(id('lee'), { ownerId: null, standing: 'absorbed', survivorId: id('max') });
    expect((await refusal(bus.submit(send('Greet')))).data).toEqual({ survivorId: id('max') });
    await bus.submit(send('Restore'));
    expect((await bus.submit(send('Greet'))).revision).toBe(2);
  });

  it('may be absorbed before anybody registered him, but only by a process', async () => {
    const { bus } = toyBus({ services: [people] });
    expect((await refusal(bus.submit(send('Merge')))).code).toBe('NOT_FOUND');
    expect(await bus.submit(merge)).toMatchObject({ revision: 0, created: true });
    expect(await bus.submit(merge)).toMatchObject({ revision: 0, replay: true });
  });

  it('is gone when he is erased', async () => {
    const { bus } = toyBus({ services: [people] });
    await bus.submit(creation);
    await bus.submit(send('Erase'));
    expect((await refusal(bus.submit(send('Greet')))).code).toBe('CUSTOMER_ERASED');
    expect((await refusal(bus.read('people', 'person', id('kim'), service))).code).toBe('CUSTOMER_ERASED');
    expect((await refusal(bus.read('people', 'person', '../../etc', service))).code).toBe('NOT_FOUND');
  });
});

describe('what an absorbed customer has', () => {
  it('goes on, by the rights to his survivor; nothing new is begun for him', async () => {
    const { bus, parties } = toyBus();
    await bus.submit(open('a', { accountId: id('x') }));
    parties.set(id('kim'), { ownerId: id('bob'), standing: 'absorbed', survivorId: id('lee') });
    parties.set(id('lee'), { ownerId: id('ann'), standing: 'present', survivorId: null });
    const pay = (key: string, caller: Caller) =>
      bus.submit(on(id('x'), 'PayIn', key, { amount: 1 }, { caller, ifMatch: '*' }));
    expect((await pay('b', agent('ann'))).customerId).toBe(id('kim'));
    expect((await refusal(pay('c', agent('bob')))).code).toBe('FORBIDDEN');
    expect((await refusal(bus.submit(open('d')))).code).toBe('CUSTOMER_ABSORBED');
  });
});

// Whose a new aggregate is where its id, or what it belongs to, tells it.
import { uuid5 } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import { accountSpec, bank, id, on, open, refusal, toyBus } from '../../test/toy.ts';
import { defineService, type CustomerOf } from '../index.ts';

const toyOf = (customer: CustomerOf) =>
  toyBus({ services: [defineService({ ...bank, aggregates: [{ ...accountSpec, customer }] })] }).bus;

/** A creation that names an account and nobody, unless it says so. */
const opening = (key: string, account: string, body: object = {}) =>
  open(key, { accountId: id(account), customerId: null, ...body });

const byItself: CustomerOf = ({ id: own }) => uuid5(own, 'customer');
const named: CustomerOf = ({ id: own, named: other }) => other ?? uuid5(own, 'customer');
const asParent: CustomerOf = async ({ body, named: other }, sources) =>
  (await sources.read('account', id((body as { holder: string }).holder))).key ?? other ?? id('nobody');

describe('the customer of a new aggregate', () => {
  it('follows from its id, whoever sends it; another one is refused', async () => {
    const bus = toyOf(byItself);
    const party = uuid5(id('x'), 'customer');
    expect(await bus.submit(opening('a', 'x'))).toMatchObject({ customerId: party });
    expect(await bus.submit(opening('a', 'x'))).toMatchObject({ customerId: party, replay: true });
    expect(await bus.submit(on(id('x'), 'PayIn', 'b', { amount: 1, customerId: party }))).toMatchObject({
      revision: 1,
    });
    expect((await refusal(bus.submit(opening('c', 'y', { customerId: id('kim') })))).code).toBe(
      'CUSTOMER_MISMATCH',
    );
  });

  it('follows from an id that comes from the command', async () => {
    const bus = toyOf(byItself);
    const created = await bus.submit(open('a', { customerId: null }));
    expect(created.customerId).toBe(uuid5(created.id, 'customer'));
  });

  it('may be named where it need not be', async () => {
    const bus = toyOf(named);
    expect(await bus.submit(opening('a', 'x', { customerId: id('kim') }))).toMatchObject({
      customerId: id('kim'),
    });
    expect(await bus.submit(opening('b', 'y'))).toMatchObject({ customerId: uuid5(id('y'), 'customer') });
    const other = on(id('y'), 'PayIn', 'c', { amount: 1, customerId: id('kim') });
    expect((await refusal(bus.submit(other))).code).toBe('CUSTOMER_MISMATCH');
  });

  it('is that of what it belongs to', async () => {
    const bus = toyOf(asParent);
    await bus.submit(opening('a', 'parent', { customerId: id('kim') }));
    expect(await bus.submit(opening('b', 'child', { holder: 'parent' }))).toMatchObject({
      customerId: id('kim'),
    });
  });

  it('is named by a process that creates it', async () => {
    const bus = toyOf(named);
    const issued = opening('a', 'x', { customerId: id('kim') });
    expect(await bus.submit({ ...issued, commandId: id('command') })).toMatchObject({
      customerId: id('kim'),
    });
  });
});

import type { DecodedEvent } from '@tenure/events';
import type { StoredDocument } from '@tenure/read-models';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accountSpec, bank, id, partyTable } from '../test/toy.ts';
import { defineService, partyLookup, readerLookups, readParty, withAbsorbed, type Party } from './index.ts';

describe('defineService', () => {
  const declared = (change: object) => () =>
    defineService({ ...bank, aggregates: [{ ...accountSpec, ...change }] });

  it('takes what can work', () => expect(declared({})).not.toThrow());

  it('refuses at once what cannot', () => {
    const { PayIn: _, ...others } = accountSpec.commands;
    expect(declared({ commands: others })).toThrow('PayIn has no schema');
    expect(declared({ commands: { ...others, PayIn: { body: z.object({}) } } })).toThrow(
      'the body of PayIn is not a strict object',
    );
    expect(declared({ internal: ['Nothing'] })).toThrow('Nothing is no command of the model');
    expect(declared({ creates: 'PayIn' })).toThrow('not legal on a new stream');
    expect(declared({ model: { ...accountSpec.model, name: 'bank-account' } })).toThrow(
      'letters and digits only',
    );
    expect(() => defineService({ ...bank, aggregates: [accountSpec, accountSpec] })).toThrow(
      'two aggregates called account',
    );
  });
});

const event = (type: string, data: object): DecodedEvent => ({
  id: id(type),
  type,
  stream: 'customer-1',
  revision: 0,
  source: 'customer',
  position: 1,
  key: id('kim'),
  occurredAt: 0,
  recordedAt: 0,
  schemaId: 1,
  meta: { commandId: id('c'), correlationId: id('c'), actor: { kind: 'user', id: 'u' } },
  data,
  sealed: null,
});

describe('the party lookup', () => {
  const slice = partyLookup('bank').slices['customer'];
  const fold = (...events: readonly DecodedEvent[]): unknown =>
    events.reduce((state, one) => slice?.on[one.type]?.(state, one) ?? state, slice?.init());

  it('follows owner and standing', () => {
    const registered = event('CustomerRegistered', { ownerId: 'ann' });
    expect(fold(registered)).toEqual({
      ownerId: 'ann',
      standing: 'present',
      survivorId: null,
      registered: true,
    });
    const owned = event('AccountOwnerAssigned', { ownerId: 'bob' });
    const absorbed = event('CustomerAbsorbed', { survivorId: 's' });
    expect(fold(registered, owned, absorbed)).toEqual({
      ownerId: 'bob',
      standing: 'absorbed',
      survivorId: 's',
      registered: true,
    });
    expect(fold(registered, absorbed, event('CustomerRestored', {}))).toEqual({
      ownerId: 'ann',
      standing: 'present',
      survivorId: null,
      registered: true,
    });
    expect(fold(registered, event('CustomerErased', {}))).toEqual({
      ownerId: null,
      standing: 'erased',
      survivorId: null,
      registered: true,
    });
  });

  it('keeps whom a survivor has absorbed, until he is restored', () => {
    const merged = event('CustomersMerged', { absorbedIds: ['b', 'c'] });
    const parted = event('CustomersUnmerged', { restoredIds: ['b'] });
    expect(fold(merged, merged)).toMatchObject({ standing: 'present', absorbed: ['b', 'c'] });
    expect(fold(merged, parted)).toMatchObject({ absorbed: ['c'] });
    expect(fold(merged, event('CustomersUnmerged', { restoredIds: ['b', 'c'] }))).not.toHaveProperty(
      'absorbed',
    );
  });

  it('names everybody who was merged into a customer, each once, and ends on a loop', async () => {
    const survivor = (...absorbed: readonly string[]): Party => ({
      ownerId: null,
      standing: 'present',
      survivorId: null,
      absorbed,
    });
    const table = partyTable(
      new Map([
        ['a', survivor('b', 'c')],
        ['b', { ...survivor('a', 'd'), standing: 'absorbed', survivorId: 'a' }],
        ['c', { ...survivor(), standing: 'absorbed', survivorId: 'other' }],
      ]),
    );
    expect(await withAbsorbed(table, ['a', 'x'])).toEqual(['a', 'x', 'b', 'd']);
    expect(await withAbsorbed(table, [])).toEqual([]);
  });

  it('names the last survivor, and ends on a loop', async () => {
    const absorbedBy = (survivorId: string): Party => ({ ownerId: null, standing: 'absorbed', survivorId });
    const chain = partyTable(
      new Map([
        ['a', absorbedBy('b')],
        ['b', absorbedBy('c')],
      ]),
    );
    expect((await readParty(chain, 'a'))?.survivorId).toBe('c');
    expect(await readParty(chain, 'c')).toBeNull();
    const loop = partyTable(
      new Map([
        ['a', absorbedBy('b')],
        ['b', absorbedBy('a')],
      ]),
    );
    expect((await readParty(loop, 'a'))?.standing).toBe('absorbed');
  });
});

describe('lookups over the read models', () => {
  it('load what a tick asks for in one go, under the name of the service', async () => {
    const loads: [string, readonly string[]][] = [];
    const reader: Parameters<typeof readerLookups>[1] = {
      async load(name, ids) {
        loads.push([name, ids]);
        return new Map(ids.filter((one) => one !== 'c').map((one) => [one, { id: one } as StoredDocument]));
      },
      search: async (name, { kind, hash }) => [`${name}/${kind}/${hash}`],
      searchOf: async (name, one) => [{ kind: name, hash: one }],
      query: async (name, query) => [{ id: `${name} ${JSON.stringify(query)}` } as StoredDocument],
      count: async (name, filters) => name.length + filters.length,
    };
    const lookups = readerLookups(bank, reader);
    const found = await Promise.all(['a', 'b', 'a', 'c'].map((one) => lookups.get('party', one)));
    expect(found.map((document) => document?.id)).toEqual(['a', 'b', 'a', undefined]);
    expect(loads).toEqual([['bank-party', ['a', 'b', 'c']]]);
    expect(await lookups.search('party', 'EMAIL', 'h', 5)).toEqual(['bank-party/EMAIL/h']);
    expect(await lookups.entries('party', 'a')).toEqual([{ kind: 'bank-party', hash: 'a' }]);
  });

  it('pass on a failure to all who asked, and go on', async () => {
    let away = true;
    const lookups = readerLookups(bank, {
      load: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(new Map())),
      search: async () => [],
      searchOf: async () => [],
      query: async () => [],
      count: async () => 0,
    });
    const answers = await Promise.allSettled([lookups.get('party', 'a'), lookups.get('party', 'b')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    away = false;
    expect(await lookups.get('party', 'a')).toBeUndefined();
  });
});

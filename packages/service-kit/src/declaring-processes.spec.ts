// Reactions and deadlines as they are declared and issued, and the tables that they may look into.
import type { StoredDocument } from '@tenure/read-models';
import { describe, expect, it } from 'vitest';
import { bank, id } from '../test/toy.ts';
import { defineService, issuedRequest, lookupsOver, readerLookups, type Reaction } from './index.ts';

describe('defineService', () => {
  it('refuses reactions and deadlines on events that its aggregates do not have', () => {
    const react = () => [];
    const reacting =
      (...reactions: readonly Reaction[]) =>
      () =>
        defineService({ ...bank, reactions });
    expect(reacting({ name: 'A', on: { bank: ['MoneyPaidIn'], shop: ['Sold'] }, react })).not.toThrow();
    expect(reacting({ name: 'A', on: { bank: ['MoneyPaidOut'] }, react })).toThrow(
      'reacts (A) to MoneyPaidOut, which none of its aggregates has',
    );
    const one: Reaction = { name: 'A', on: { shop: ['Sold'] }, react };
    expect(reacting(one, one)).toThrow('two reactions called A');
    const deadlines = { on: { MoneyPaidOut: () => [] } };
    expect(() => defineService({ ...bank, deadlines })).toThrow('a deadline on MoneyPaidOut');
  });
});

describe('a command that a process issues', () => {
  it('must be one: what is none would be refused in silence', () => {
    const about = { actor: { kind: 'process', id: 'P' }, commandId: id('c'), occurredAt: 0 } as const;
    const issued = { aggregate: 'account', id: id('x'), customerId: id('kim'), command: 'PayOut', body: {} };
    expect(() => issuedRequest(bank, issued, about)).toThrow('account of bank has no command PayOut');
    expect(() => issuedRequest(bank, { ...issued, aggregate: 'card' }, about)).toThrow('no aggregate card');
  });
});

describe('the tables of a service', () => {
  const named: string[] = [];
  const reader: Parameters<typeof readerLookups>[1] = {
    load: async () => new Map(),
    search: async () => [],
    searchOf: async (name, one) => [{ kind: name, hash: one }],
    async query(name, query) {
      named.push(`${name} ${JSON.stringify(query)}`);
      return [{ id: 'row' } as StoredDocument];
    },
    count: async (name, filters) => (name === 'accounts' ? filters.length : -1),
  };
  const lookups = readerLookups(bank, reader);
  const open = { column: 'status', op: 'eq', value: 'Open' } as const;

  it('are its lookups by their own name and its lists by their plural', async () => {
    expect(await lookups.entries('party', 'a')).toEqual([{ kind: 'bank-party', hash: 'a' }]);
    expect(await lookups.count('accounts', [open])).toBe(1);
    expect(await lookups.count('party', [open])).toBe(-1);
    expect(await lookupsOver([bank], reader)('bank').count('accounts', [])).toBe(0);
    expect(await lookupsOver([bank], reader)('shop').entries('accounts', 'a')).toEqual([
      { kind: 'shop-accounts', hash: 'a' },
    ]);
  });

  it('are queried a thousand rows at a time, by id unless said otherwise', async () => {
    await lookups.query('accounts', { filters: [open], limit: 2 });
    await lookups.query('party', { filters: [], sort: { column: 'owner', descending: true }, limit: 1_000 });
    expect(named).toEqual([
      'accounts {"filters":[{"column":"status","op":"eq","value":"Open"}],"sort":{"column":"id","descending":false},"after":null,"limit":2}',
      'bank-party {"filters":[],"sort":{"column":"owner","descending":true},"after":null,"limit":1000}',
    ]);
    await expect(lookups.query('party', { filters: [], limit: 1_001 })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});

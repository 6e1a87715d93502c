import { uuid5 } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  absorbed,
  absorbedParty,
  customerId,
  given,
  merged,
  registered,
  restored,
  survivorKnows,
  unmerged,
  type CustomerFact,
} from '../test/customers.ts';
import type { CustomerContext, OtherParty } from './customer.ts';

const party = (name: string, more: Partial<OtherParty> = {}): OtherParty => ({
  id: idOf(name),
  status: 'Registered',
  survivorId: null,
  mergeId: null,
  merges: [],
  ...more,
});
const knowing = (...parties: readonly OtherParty[]): Partial<CustomerContext> => ({
  others: new Map(parties.map((one) => [one.id, one])),
});

describe('MergeCustomers', () => {
  const merge = (
    absorbedIds: readonly string[],
    over: Partial<CustomerContext> = {},
    data: object = {},
    ...history: readonly CustomerFact[]
  ) =>
    given(registered, ...history).when(
      { name: 'MergeCustomers', data: { absorbedIds: absorbedIds.map(idOf), fieldChoices: {}, ...data } },
      over,
    );

  it('is a person’s own decision where no match was approved', () => {
    const mergeId = uuid5(SCENARIO_CONTEXT.commandId, 'mergeId');
    merge(['other']).then({ ...merged('x', 'other'), data: { ...merged('x', 'other').data, mergeId } });
  });

  it('rests on the approved match of the two', () => {
    const match = {
      ruleId: 'identity',
      ruleVersion: 3,
      score: 85,
      approvedBy: { kind: 'user', id: 'boss' },
    } as const;
    expect(merge(['other'], { match }).facts()[0]?.data).toMatchObject(match);
  });

  it('names the rule of the process that decides', () => {
    expect(merge(['other'], {}, { ruleId: 'conversion' }).facts()[0]?.data).toMatchObject({
      ruleId: 'conversion',
      ruleVersion: 1,
      score: 100,
    });
  });

  it('changes nothing for who is absorbed already', () => {
    merge(['other'], {}, {}, merged('first', 'other')).then([]);
    merge(['other', 'new'], {}, {}, merged('first', 'other')).refused('ALREADY_MERGED', {
      customerId: idOf('other'),
    });
  });

  it('takes everybody once, and nobody himself', () => {
    merge(['new', 'new']).refused('DUPLICATE_PARTY');
    given(registered)
      .when({ name: 'MergeCustomers', data: { absorbedIds: [customerId], fieldChoices: {} } })
      .refused('MERGE_WITH_ITSELF');
  });

  it('takes nobody who is absorbed or erased, or about to be', () => {
    merge(['new'], knowing(party('new', { status: 'Absorbed', survivorId: idOf('else') }))).refused(
      'PARTY_ABSORBED',
      {
        survivorId: idOf('else'),
      },
    );
    for (const status of ['ErasurePending', 'Erased'] as const)
      merge(['new'], knowing(party('new', { status }))).refused('PARTY_ERASED');
    for (const status of ['∅', 'Bare', 'Registered'] as const)
      expect(merge(['new'], knowing(party('new', { status }))).facts()).toHaveLength(1);
  });

  it('lets fields come from the parties of the merge', () => {
    expect(merge(['new'], {}, { fieldChoices: { displayName: idOf('new') } }).facts()).toHaveLength(1);
    expect(merge(['new'], {}, { fieldChoices: { displayName: customerId } }).facts()).toHaveLength(1);
    merge(['new'], {}, { fieldChoices: { displayName: idOf('else') } }).refused('UNKNOWN_PARTY');
  });

  it('takes an id of a merge once, and fifty parties at most', () => {
    merge(['new'], {}, { mergeId: idOf('first') }, merged('first', 'other')).refused('DUPLICATE_MERGE');
    const many = Array.from({ length: 50 }, (_, i) => `party ${i}`);
    expect(merge(many).facts()).toHaveLength(1);
    merge([...many, 'one more']).refused('LIMIT_EXCEEDED', { limit: 'absorbedParties', value: 50 });
    merge(['one more'], {}, {}, merged('first', ...many)).refused('LIMIT_EXCEEDED');
    // Undone merges do not count.
    expect(
      merge(['one more'], {}, {}, merged('first', ...many), unmerged('first', ...many)).facts(),
    ).toHaveLength(1);
  });
});

describe('AbsorbCustomer', () => {
  const data = { mergeId: idOf('merge'), survivorId: idOf('survivor') };
  const absorb = (over: Partial<CustomerContext>, ...history: readonly CustomerFact[]) =>
    given(...history).when({ name: 'AbsorbCustomer', data }, over);
  const survivor = (more: Partial<OtherParty> = {}): OtherParty =>
    party('survivor', { merges: [{ mergeId: data.mergeId, absorbedIds: [customerId] }], ...more });

  it('is one event, also for a party nobody has registered', () => {
    absorb(survivorKnows).then(absorbed);
    expect(given(absorbed).state()).toMatchObject({ status: 'Absorbed', survivorId: idOf('survivor') });
  });

  it('needs the merge to stand on the survivor’s stream', () => {
    absorb({}).refused('MERGE_UNDONE');
    absorb(knowing(survivor({ merges: [] }))).refused('MERGE_UNDONE');
    absorb(knowing(survivor({ merges: [{ mergeId: data.mergeId, absorbedIds: [idOf('else')] }] }))).refused(
      'MERGE_UNDONE',
    );
  });

  it('is refused where the survivors lead back here', () => {
    const above = party('above', { status: 'Absorbed', survivorId: customerId });
    absorb(knowing(survivor({ status: 'Absorbed', survivorId: idOf('above') }), above)).refused(
      'MERGE_UNDONE',
    );
    absorb(knowing(survivor({ status: 'Absorbed', survivorId: idOf('above') }), party('above'))).then(
      absorbed,
    );
  });

  it('lets the lower id survive when two merges cross', () => {
    const crossing = (self: string) =>
      given(registered, merged('mine', 'survivor')).when(
        { name: 'AbsorbCustomer', data },
        {
          id: self,
          ...knowing(survivor({ merges: [{ mergeId: data.mergeId, absorbedIds: [self] }] })),
        },
      );
    crossing('ffffffff-ffff-4fff-bfff-ffffffffffff').then(absorbed);
    crossing('00000000-0000-4000-8000-000000000000').refused('MERGE_UNDONE');
  });
});

describe('UnmergeCustomer', () => {
  const unmerge = (
    history: readonly CustomerFact[],
    over: Partial<CustomerContext> = {},
    ifIncomplete?: true,
  ) =>
    given(registered, ...history).when(
      {
        name: 'UnmergeCustomer',
        data: { mergeId: idOf('merged'), reason: 'two people', ...(ifIncomplete && { ifIncomplete }) },
      },
      over,
    );
  const whole = knowing(absorbedParty('a', 'merged'), absorbedParty('b', 'merged'));

  it('names everybody who was absorbed by that merge', () => {
    unmerge([merged('first', 'c'), merged('merged', 'a', 'b')]).then({
      ...unmerged('merged', 'a', 'b'),
      data: { ...unmerged('merged', 'a', 'b').data, reason: 'two people' },
    });
  });

  it('knows the merge, and undoes it once', () => {
    unmerge([merged('first', 'a')]).refused('UNKNOWN_MERGE');
    unmerge([merged('merged', 'a'), unmerged('merged', 'a')]).refused('UNKNOWN_MERGE');
  });

  it('says nothing of a merge that is whole when it is asked only for one that is not', () => {
    unmerge([merged('merged', 'a', 'b')], whole, true).then([]);
    unmerge([merged('merged', 'a', 'b'), unmerged('merged', 'a', 'b')], whole, true).then([]);
    const half = knowing(absorbedParty('a', 'merged'), absorbedParty('b', 'another'));
    expect(unmerge([merged('merged', 'a', 'b')], half, true).facts()).toHaveLength(1);
    expect(unmerge([merged('merged', 'a', 'b')], {}, true).facts()).toHaveLength(1);
  });

  it('undoes a ring of merges', () => {
    const ring = knowing(
      absorbedParty('a', 'merged'),
      party('survivor', { status: 'Absorbed', survivorId: customerId }),
    );
    expect(unmerge([merged('merged', 'a'), absorbed], ring, true).facts()).toHaveLength(1);
    const chain = knowing(absorbedParty('a', 'merged'), party('survivor'));
    unmerge([merged('merged', 'a'), absorbed], chain, true).then([]);
  });
});

describe('RestoreCustomer', () => {
  it('leads back to what was before', () => {
    expect(given(absorbed, restored).state()).toMatchObject({
      status: 'Bare',
      survivorId: null,
      absorbed: null,
    });
    expect(given(registered, absorbed, restored).state().status).toBe('Registered');
    expect(given(absorbed, restored, registered).state().status).toBe('Registered');
  });

  it('undoes only the merge that absorbed', () => {
    given(absorbed)
      .when({ name: 'RestoreCustomer', data: { mergeId: idOf('another') } })
      .refused('OTHER_MERGE');
  });
});

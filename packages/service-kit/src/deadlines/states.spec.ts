// Deadlines that follow from the state of an aggregate: what it waits for now takes the place of what it waited for.
import type { DecodedEvent } from '@tenure/events';
import { describe, expect, it } from 'vitest';
import { accountSpec, bank, id, NOW, toyPolicies } from '../../test/toy.ts';
import { defineService } from '../define-service.ts';
import type { Deadlines } from '../definition.ts';
import { deadlinesIn, deadlinesProjection, DUE_DAY } from './projection.ts';

/** A poor account is closed at the end of a day that its balance names; one with 100 waits for nothing. */
const deadlines: Deadlines = {
  on: {},
  states: {
    account: (state, { id: accountId, customerId }) => {
      const { status, balance } = state as { readonly status: string; readonly balance: number };
      if (status !== 'Open' || balance >= 100) return [];
      return [
        {
          set: `account-${accountId}/poor`,
          day: `2026-12-${String(10 + balance)}`,
          command: { aggregate: 'account', id: accountId, customerId, command: 'CloseAccount', body: {} },
        },
      ];
    },
  },
};
const definition = deadlinesProjection(defineService({ ...bank, aggregates: [accountSpec], deadlines }), {
  policies: toyPolicies,
  zone: 'UTC',
});
if (definition === null) throw new Error('the bank has deadlines');

const event = (type: string, data: object, backfill = false): DecodedEvent => ({
  ...{ id: id(type), type, stream: `account-${id('a')}`, revision: 0, source: 'bank', position: 1 },
  ...{ key: id('kim'), occurredAt: NOW, recordedAt: NOW, schemaId: 1, data, sealed: null },
  meta: { commandId: id('c'), correlationId: id('c'), actor: { kind: 'user', id: 'kim' }, backfill },
});
const opened = event('AccountOpened', { holder: 'Kim' });
const paid = (amount: number, backfill = false) => event('MoneyPaidIn', { amount }, backfill);

const waiting = (...events: readonly DecodedEvent[]) => {
  const slice = definition.slices['bank'];
  const folded = events.reduce((state, one) => slice?.on[one.type]?.(state, one, one.stream), slice?.init());
  const document = { id: 'account', slices: { bank: folded }, summary: null };
  const due = definition.columns.find(({ name }) => name === DUE_DAY)?.value(document);
  return { keys: deadlinesIn(document.slices).map(([key]) => key), due };
};

describe('what a state waits for', () => {
  it('is asked after each event', () => {
    expect(waiting(opened)).toEqual({ keys: [`account-${id('a')}/poor`], due: '2026-12-10' });
    expect(waiting(opened, paid(5))).toMatchObject({ due: '2026-12-15' });
    expect(waiting(opened, paid(5), paid(6))).toMatchObject({ due: '2026-12-21' });
  });

  it('goes when the state waits for nothing any more', () => {
    expect(waiting(opened, paid(100))).toEqual({ keys: [], due: null });
    expect(waiting(opened, event('AccountClosed', {}))).toEqual({ keys: [], due: null });
  });

  it('is not set by imported history, which the state still holds', () => {
    expect(waiting(event('AccountOpened', { holder: 'Kim' }, true), paid(3, true))).toEqual({
      keys: [],
      due: null,
    });
    expect(waiting(event('AccountOpened', { holder: 'Kim' }, true), paid(3, true), paid(4))).toMatchObject({
      due: '2026-12-17',
    });
    expect(definition.documentId?.(paid(3, true))).toBe(`account-${id('a')}`);
  });
});

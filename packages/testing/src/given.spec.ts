import { NOTHING, ruleViolated, type Aggregate } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import { idOf, SCENARIO_NOW, scenarios } from './given.ts';

type Events = { readonly Opened: { readonly by: string }; readonly PaidIn: { readonly amount: number } };
type Account = {
  readonly state: { readonly status: string; readonly balance: number; readonly last: number };
  readonly events: Events;
  readonly facts: Events;
  readonly commands: { readonly Open: object; readonly PayIn: { readonly amount: number } };
  readonly context: { readonly limit: number };
};
const account: Aggregate<Account> = {
  name: 'account',
  initial: { status: NOTHING, balance: 0, last: 0 },
  transitions: { Open: [NOTHING], PayIn: ['Open'] },
  decide: {
    Open: (_, __, { actor }) => [{ type: 'Opened', data: { by: actor.id } }],
    PayIn: (state, { amount }, { limit }) => {
      if (state.balance + amount > limit) throw ruleViolated('TOO_MUCH', 'Too much.', { limit });
      return amount === 0 ? [] : [{ type: 'PaidIn', data: { amount } }];
    },
  },
  evolve: {
    Opened: (state) => ({ ...state, status: 'Open' }),
    PaidIn: (state, { data, occurredAt }) => ({
      ...state,
      balance: state.balance + data.amount,
      last: occurredAt,
    }),
  },
};
const given = scenarios(account, { limit: 100 });
const opened = { type: 'Opened', data: { by: 'agent-1' } } as const;
const paidIn = (amount: number, occurredAt?: number) =>
  ({ type: 'PaidIn', data: { amount }, ...(occurredAt !== undefined && { occurredAt }) }) as const;
const payIn = (amount: number) => ({ name: 'PayIn', data: { amount } }) as const;

describe('given, when, then', () => {
  it('accepts the facts that are decided, and no others', () => {
    given(opened, paidIn(1)).when(payIn(2)).then(paidIn(2));
    given(opened, paidIn(1))
      .when(payIn(2))
      .then([paidIn(2)]);
    given(opened).when(payIn(0)).then([]);
    expect(() => given(opened).when(payIn(2)).then(paidIn(3))).toThrow(/expected/);
    expect(() => given(opened).when(payIn(2)).then([])).toThrow(/expected/);
    expect(() =>
      given(opened)
        .when(payIn(2))
        .then([paidIn(2), paidIn(2)]),
    ).toThrow(/expected/);
  });

  it('accepts the refusal with this code and data, and no other', () => {
    given(opened, paidIn(99)).when(payIn(2)).refused('TOO_MUCH', { limit: 100 });
    given()
      .when(payIn(2))
      .refused('ILLEGAL_STATE', { allowedCommands: ['Open'] });
    expect(() => given(opened).when(payIn(2)).refused('TOO_MUCH')).toThrow(/accepted/);
    expect(() => given(opened, paidIn(99)).when(payIn(2)).refused('OTHER')).toThrow(/OTHER/);
    expect(() => given(opened, paidIn(99)).when(payIn(2)).refused('TOO_MUCH', { limit: 1 })).toThrow(
      /TOO_MUCH|match/,
    );
  });

  it('takes context for a scenario and for one command', () => {
    given()
      .when({ name: 'Open', data: {} }, { actor: { kind: 'process', id: 'p' } })
      .then({ type: 'Opened', data: { by: 'p' } });
    expect(given(opened, paidIn(99)).when(payIn(2), { limit: 200 }).facts()).toEqual([paidIn(2)]);
  });

  it('gives events fixed times unless they say their own', () => {
    expect(given(opened, paidIn(1)).state()).toEqual({ status: 'Open', balance: 1, last: SCENARIO_NOW });
    expect(given(opened, paidIn(1, 5)).state().last).toBe(5);
    expect(idOf('x')).toBe(idOf('x'));
    expect(idOf('x')).not.toBe(idOf('y'));
  });
});

import { idOf, SCENARIO_NOW } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  candidate,
  commands,
  context,
  customerId,
  falseAlarm,
  given,
  histories,
  lost,
  offered,
  opened,
  queueId,
  retentionCaseId,
  saved,
  type CaseCommand,
} from '../test/desk.ts';
import { cny } from '../test/members.ts';
import { retentionCase, retentionCaseIdOf, type RetentionStatus } from './retention-case.ts';
import type { Candidate } from './retention-rules.ts';

const TABLE: {
  readonly [C in CaseCommand['name']]: readonly [readonly RetentionStatus[], RetentionStatus];
} = {
  OpenRetentionCase: [['∅'], 'Opened'],
  MakeRetentionOffer: [['Opened', 'Offered'], 'Offered'],
  CloseRetentionSaved: [['Opened', 'Offered'], 'Saved'],
  CloseRetentionLost: [['Opened', 'Offered'], 'Lost'],
  CloseRetentionFalseAlarm: [['Opened'], 'FalseAlarm'],
};
const names = Object.keys(TABLE) as readonly CaseCommand['name'][];
const statuses = Object.keys(histories) as readonly RetentionStatus[];
const later = { now: SCENARIO_NOW + 1 };

describe('the states of a retention case', () => {
  it('are reached by the histories of this specification, with the commands of the domain', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
    expect(Object.keys(retentionCase.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      const outcome = given(...histories[status]).when(commands[name], later);
      if (!from.includes(status)) {
        const allowedCommands = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands });
        continue;
      }
      const facts = outcome.facts();
      expect(facts).toHaveLength(1);
      expect(given(...histories[status], ...(facts as never[])).state().status).toBe(to);
    }
  });
});

describe('OpenRetentionCase', () => {
  const open = (change: Partial<Candidate>, more: object = {}) =>
    given().when(commands.OpenRetentionCase, { candidate: { ...candidate, ...change }, ...more });

  it('goes to the owner of the customer, else to the queue of the desk', () => {
    open({}).then(opened);
    open({ ownerId: null }).then({ ...opened, data: { ...opened.data, ownerId: null, queueId } });
    expect(queueId).toBe('d02330d9-4a7d-58d8-8f06-90c2bf8d7d12');
    const data = { ...commands.OpenRetentionCase.data, ownerId: idOf('colleague') };
    given()
      .when({ name: 'OpenRetentionCase', data })
      .then({ ...opened, data: { ...opened.data, ownerId: idOf('colleague') } });
  });

  it('is for registered customers who are neither of the house nor gone', () => {
    open({ registered: false }).refused('NOT_REGISTERED');
    open({ internal: true }).refused('CUSTOMER_INTERNAL');
    open({ lost: true }).refused('CUSTOMER_LOST');
  });

  it('opens one case at a time, under the id that counts the ones before', () => {
    open({ cases: 1, hasOpenCase: true }).refused('RETENTION_CASE_OPEN');
    const next = retentionCaseIdOf(customerId, 1);
    open({ cases: 1 }).refused('CASE_ID_FIXED', { retentionCaseId: next });
    expect(open({ cases: 1 }, { id: next }).facts()).toHaveLength(1);
  });

  it('waits thirty days after a false alarm', () => {
    const id = retentionCaseIdOf(customerId, 1);
    open({ cases: 1, falseAlarmOn: '2025-12-17' }, { id }).refused('FALSE_ALARM_RECENT');
    expect(open({ cases: 1, falseAlarmOn: '2025-12-16' }, { id }).facts()).toHaveLength(1);
  });
});

describe('MakeRetentionOffer', () => {
  const offer = (minor: number, roles: readonly string[], currency = 'CNY', kind = 'SERVICE_RECOVERY') =>
    given(opened).when({ name: 'MakeRetentionOffer', data: { kind, cost: { minor, currency } } }, { roles });

  it('records what was offered and what it costs', () => {
    given(opened).when(commands.MakeRetentionOffer).then(offered);
    expect(given(opened, offered).state().offers).toMatchObject([
      { kind: 'SERVICE_RECOVERY', cost: cny(10_000) },
    ]);
  });

  it('costs at most what the role may grant', () => {
    for (const [minor, role] of [
      [20_000, 'agent'],
      [200_000, 'supervisor'],
      [20_001, 'admin'],
    ] as const)
      expect(offer(minor, [role]).facts()).toHaveLength(1);
    offer(20_001, ['agent']).refused('FORBIDDEN', { needs: ['supervisor', 'admin'] });
    offer(200_001, ['supervisor']).refused('LIMIT_EXCEEDED', { value: 200_000 });
  });

  it('is one of the policy, in the home currency', () => {
    offer(100, ['agent'], 'EUR').refused('CURRENCY_MISMATCH');
    offer(100, ['agent'], 'CNY', 'VOUCHER').refused('UNKNOWN_OFFER', {
      allowed: ['CALL_BACK', 'SERVICE_RECOVERY', 'POINTS', 'DISCOUNT', 'TERMS'],
    });
  });

  it('is made so many times', () => {
    const many = Array.from({ length: context.policy.offersPerCase }, () => offered);
    given(opened, ...many)
      .when(commands.MakeRetentionOffer)
      .refused('LIMIT_EXCEEDED', { limit: 'offersPerCase' });
  });
});

describe('CloseRetentionSaved', () => {
  it('cites what followed the opening', () => {
    given(opened, offered).when(commands.CloseRetentionSaved, later).then(saved);
  });

  it('is not saved by what happened before, or at that moment', () => {
    given(opened).when(commands.CloseRetentionSaved, { now: SCENARIO_NOW }).then([]);
    given(opened)
      .when(commands.CloseRetentionSaved, { now: SCENARIO_NOW - 1 })
      .then([]);
  });
});

describe('CloseRetentionLost', () => {
  const lose = (reasonCode: string, kind: 'user' | 'process') =>
    given(opened).when(
      { name: 'CloseRetentionLost', data: { reasonCode } },
      { actor: { kind, id: 'somebody' } },
    );

  it('says why, by a code of the policy; that a customer churned says the assessment alone', () => {
    lose('PRICE', 'user').then(lost);
    lose('CHURNED', 'process').then({ ...lost, data: { ...lost.data, reasonCode: 'CHURNED' } });
    lose('CHURNED', 'user').refused('UNKNOWN_REASON');
    lose('PRICE', 'process').refused('UNKNOWN_REASON');
    lose('BORED', 'user').refused('UNKNOWN_REASON', {
      allowed: 'PRICE COMPETITOR SERVICE PRODUCT NO_NEED MOVED NO_ANSWER'.split(' '),
    });
  });
});

describe('CloseRetentionFalseAlarm', () => {
  it('names the signals that were wrong', () => {
    given(opened).when(commands.CloseRetentionFalseAlarm).then(falseAlarm);
    expect(given(opened).state()).toMatchObject({ signalIds: [idOf('gap')] });
    expect(retentionCaseId).toBe(retentionCaseIdOf(customerId, 0));
  });
});

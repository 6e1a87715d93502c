import { decide, evolve } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  assigned,
  at,
  breached,
  caseId,
  clockId,
  closed,
  commands,
  context,
  denied,
  firstStarted,
  given,
  histories,
  merged,
  on,
  opened,
  OPENED,
  pended,
  replied,
  reopened,
  resolutionStarted,
  resolved,
  responded,
  running,
  sealed,
  started,
  verified,
  verifiedAs,
  escalated,
  type CaseCommand,
  type CaseFact,
} from '../test/cases.ts';
import { serviceCase } from './case.ts';
import { noCase, type CaseState, type CaseStatus } from './case-parts.ts';
import { policyId } from './case-rules.ts';

/** The table of the domain: where a command is legal, the events it gives, and where it leads; null: the status stays. */
const TABLE: {
  readonly [C in CaseCommand['name']]: readonly [readonly CaseStatus[], string, CaseStatus | null];
} = {
  OpenCase: [['∅'], 'CaseOpened', 'New'],
  VerifyEntitlement: [['New', 'Assigned'], 'EntitlementVerified', null],
  DenyEntitlement: [['New', 'Assigned'], 'EntitlementDenied', null],
  StartSlaClock: [['New', 'Assigned', 'InProgress'], 'SlaClockStarted', null],
  AssignCase: [['New', 'Assigned', 'InProgress'], 'CaseAssigned', 'Assigned'],
  RespondToCase: [['New', 'Assigned', 'InProgress'], 'CaseResponded', 'InProgress'],
  PendOnCustomer: [['Assigned', 'InProgress'], 'CasePendedOnCustomer', 'PendingCustomer'],
  RecordCustomerReply: [['PendingCustomer', 'Resolved'], 'CustomerReplyReceived', 'InProgress'],
  EscalateCase: [['New', 'Assigned', 'InProgress', 'PendingCustomer'], 'CaseEscalated', null],
  BreachSla: [['New', 'Assigned', 'InProgress'], 'SlaBreached', null],
  ResolveCase: [['Assigned', 'InProgress', 'PendingCustomer'], 'CaseResolved', 'Resolved'],
  CloseCase: [['Resolved'], 'CaseClosed', 'Closed'],
  ReopenCase: [['Resolved'], 'CaseReopened', 'InProgress'],
  MergeCase: [['New', 'Assigned', 'InProgress', 'PendingCustomer'], 'CaseMerged', 'Closed'],
};
const statuses = Object.keys(histories) as readonly CaseStatus[];
const names = Object.keys(TABLE) as readonly CaseCommand['name'][];

const supervisor = { roles: ['supervisor'] };
const process = { actor: { kind: 'process', id: 'CaseSla' }, roles: ['service:service'] } as const;
const clock = (now: string) =>
  ({
    actor: { kind: 'clock', id: 'BreachSla' },
    roles: ['service:service'],
    now: at(now),
    today: now.slice(0, 10),
  }) as const;
const open = { other: { status: 'New', sameCustomer: true } } as const;

describe('the states of a case', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('has the commands of the domain, in its order', () => {
    expect(Object.keys(serviceCase.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, event, to] = TABLE[name];
    for (const status of statuses) {
      // A clock starts where none runs; everything else is what CaseSla leaves behind.
      const history = histories[status].filter(
        ({ type }) => name !== 'StartSlaClock' || type !== 'SlaClockStarted',
      );
      const more = { ...supervisor, ...open, now: at('2026-03-17T14:00:00Z') };
      const outcome = given(...history).when(commands[name], more);
      if (!from.includes(status)) {
        const allowedCommands = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands });
        continue;
      }
      const facts = outcome.facts();
      expect(facts.map(({ type }) => type)).toEqual([event]);
      expect(given(...history, ...(facts as never[])).state().status).toBe(to ?? status);
    }
  });
});

describe('OpenCase', () => {
  it('records what the customer asked for', () => {
    given()
      .when(commands.OpenCase)
      .then({ type: 'CaseOpened', data: { ...commands.OpenCase.data, caseId } });
  });

  it('waits for a first response and a solution from then on', () => {
    expect(given(opened).state().clocks.waiting).toEqual({
      FIRST_RESPONSE: { since: OPENED, nth: 1, clock: null },
      NEXT_RESPONSE: null,
      RESOLUTION: { since: OPENED, nth: 1, clock: null },
    });
  });

  it('stops at fifty open cases of one customer', () => {
    given().when(commands.OpenCase, { openCases: 49 }).facts();
    given()
      .when(commands.OpenCase, { openCases: 50 })
      .refused('LIMIT_EXCEEDED', { limit: 'openCases', value: 50 });
  });

  it('follows a closed case of the same customer', () => {
    const data = { ...commands.OpenCase.data, followsCaseId: idOf('other') };
    const follow = (other: typeof context.other) => given().when({ name: 'OpenCase', data }, { other });
    follow({ status: 'Closed', sameCustomer: true }).then({
      type: 'CaseOpened',
      data: { ...data, caseId },
    });
    follow({ status: 'Resolved', sameCustomer: true }).refused('CASE_NOT_CLOSED');
    follow({ status: 'Closed', sameCustomer: false }).refused('CUSTOMER_MISMATCH');
    follow(null).refused('UNKNOWN_CASE');
  });
});

describe('VerifyEntitlement', () => {
  it('promises standard service, by the versions in force', () => {
    given(opened).when({ name: 'VerifyEntitlement', data: {} }, process).then(strip(verified));
    given(opened)
      .when({ name: 'VerifyEntitlement', data: {} }, { ...process, calendarVersionAt: () => 7 })
      .then({ type: 'EntitlementVerified', data: { ...verified.data, calendarVersion: 7 } });
  });

  it('promises more only when a supervisor says so', () => {
    given(opened)
      .when(commands.VerifyEntitlement, supervisor)
      .then(strip(verifiedAs('premium')));
    given(opened)
      .when(commands.VerifyEntitlement)
      .refused('FORBIDDEN', { needs: ['supervisor', 'admin'] });
  });

  it('knows the promises there are', () => {
    given(opened)
      .when({ name: 'VerifyEntitlement', data: { slaPolicyId: 'gold' } }, supervisor)
      .refused('UNKNOWN_SLA_POLICY');
  });

  it('says nothing twice', () => {
    given(opened, verified).when({ name: 'VerifyEntitlement', data: {} }).then([]);
  });

  it('is no news when a supervisor was faster than the process', () => {
    const late = { name: 'VerifyEntitlement', data: {} } as const;
    given(opened, verifiedAs('premium')).when(late, process).then([]);
    given(opened, denied).when(late, process).then([]);
    // A person means it.
    given(opened, verifiedAs('premium')).when(late).then(strip(verified));
  });
});

describe('DenyEntitlement', () => {
  it('says why, by a code of the desk, and whether it can be had for money', () => {
    given(...running)
      .when(commands.DenyEntitlement, supervisor)
      .then(denied);
    given(...running)
      .when({ name: 'DenyEntitlement', data: { reasonCode: 'MOOD', chargeable: false } }, supervisor)
      .refused('UNKNOWN_REASON', { allowed: ['NO_CONTRACT', 'OUT_OF_WARRANTY', 'NOT_COVERED', 'MISUSE'] });
  });

  it('ends what was promised, until somebody promises it again', () => {
    const state = given(...running, denied).state();
    expect(state.entitlement).toBeNull();
    expect(state.clocks.waiting.FIRST_RESPONSE?.clock).toBeNull();
    given(...running, denied)
      .when(commands.StartSlaClock, process)
      .then([]);
    given(...running, denied)
      .when(commands.BreachSla, clock('2026-03-17T14:00:00Z'))
      .then([]);
    given(...running, denied, verified)
      .when(commands.StartSlaClock, process)
      .then(firstStarted);
  });

  it('makes no promise whole that was broken: its clock never starts again', () => {
    given(...running, breached('FIRST_RESPONSE', '2026-03-17T14:00:00Z'), denied, verified)
      .when(commands.StartSlaClock, process)
      .then([]);
  });

  it('says nothing twice', () => {
    given(opened, denied).when(commands.DenyEntitlement, supervisor).then([]);
  });
});

describe('StartSlaClock', () => {
  const start = (kind: 'FIRST_RESPONSE' | 'NEXT_RESPONSE' | 'RESOLUTION') =>
    ({ name: 'StartSlaClock', data: { kind } }) as const;

  it('counts in business time from the opening, however late it is issued', () => {
    const late = { ...process, now: at('2026-03-18T10:00:00Z') };
    given(opened, verified).when(start('FIRST_RESPONSE'), late).then(firstStarted);
    given(opened, verified).when(start('RESOLUTION'), late).then(resolutionStarted);
  });

  it.each([
    ['URGENT', 'standard', 'FIRST_RESPONSE', '2026-03-17T09:30:00Z'],
    ['URGENT', 'standard', 'RESOLUTION', '2026-03-17T18:00:00Z'],
    ['HIGH', 'standard', 'FIRST_RESPONSE', '2026-03-17T10:00:00Z'],
    ['HIGH', 'standard', 'RESOLUTION', '2026-03-18T18:00:00Z'],
    ['LOW', 'standard', 'FIRST_RESPONSE', '2026-03-17T18:00:00Z'],
    ['LOW', 'standard', 'RESOLUTION', '2026-03-30T18:00:00Z'],
    ['URGENT', 'premium', 'FIRST_RESPONSE', '2026-03-17T00:15:00Z'],
    ['URGENT', 'premium', 'RESOLUTION', '2026-03-17T04:00:00Z'],
    ['HIGH', 'premium', 'RESOLUTION', '2026-03-17T08:00:00Z'],
    ['NORMAL', 'premium', 'FIRST_RESPONSE', '2026-03-17T02:00:00Z'],
    ['LOW', 'premium', 'RESOLUTION', '2026-03-19T00:00:00Z'],
  ] as const)('%s under %s: %s is due at %s', (priority, policy, kind, due) => {
    const fact = { ...opened, data: { ...opened.data, priority } };
    const facts = given(fact, verifiedAs(policy)).when(start(kind), process).facts();
    expect(facts[0]?.data).toMatchObject({ kind, dueAt: at(due), clockId: clockId(kind) });
  });

  it('changes nothing while the clock runs, or when nobody waits any more', () => {
    given(...running)
      .when(start('FIRST_RESPONSE'), process)
      .then([]);
    given(...running, assigned, responded(true))
      .when(start('FIRST_RESPONSE'), process)
      .then([]);
    given(...running)
      .when(start('NEXT_RESPONSE'), process)
      .then([]);
  });

  it('verifies what a case is entitled to that was answered before anybody could', () => {
    given(opened, responded(false))
      .when(start('RESOLUTION'), process)
      .then([strip(verified), resolutionStarted]);
  });

  it('counts anew for the same wait when more is promised', () => {
    given(...running, verifiedAs('premium'))
      .when(start('FIRST_RESPONSE'), process)
      .then(started('FIRST_RESPONSE', 120, '2026-03-17T02:00:00Z'));
  });

  it('leaves a broken promise broken', () => {
    given(...running, breached('FIRST_RESPONSE', '2026-03-17T14:00:00Z'), verifiedAs('premium'))
      .when(start('FIRST_RESPONSE'), process)
      .then([]);
  });

  it('does not count the time in which the customer was asked, also when it starts behind it', () => {
    given(opened, assigned, on(pended, '2026-03-17T10:00:00Z'), on(replied(), '2026-03-18T09:00:00Z'))
      .when(start('FIRST_RESPONSE'), process)
      .then([strip(verified), started('FIRST_RESPONSE', 240, '2026-03-18T12:00:00Z')]);
  });

  it('keeps the versions of the stream when calendars change', () => {
    const asked: (readonly [string, number])[] = [];
    given(opened, { ...verified, data: { ...verified.data, calendarVersion: 3, slaPolicyVersion: 2 } })
      .when(start('FIRST_RESPONSE'), {
        ...process,
        calendar: (id, version) => {
          asked.push([id, version]);
          return context.calendar(id, 1);
        },
        sla: (id, version) => {
          asked.push([id, version]);
          return context.sla(id, 1);
        },
      })
      .then(firstStarted);
    expect(asked).toEqual([
      ['standard', 2],
      ['business', 3],
    ]);
  });
});

describe('AssignCase', () => {
  const assign = (data: object) => ({ name: 'AssignCase', data }) as const;
  const candidates = [
    { agentId: idOf('ann'), openCases: 3 },
    { agentId: idOf('ben'), openCases: 1 },
    { agentId: idOf('cai'), openCases: 1 },
  ];

  it('takes the agent that is named', () => {
    given(...running)
      .when(assign({ agentId: idOf('agent') }))
      .then(assigned);
  });

  it('gives it to the one of the queue with the fewest open cases, of equals to the first', () => {
    given(...running)
      .when(assign({ skill: 'optics' }), { candidates })
      .then({
        type: 'CaseAssigned',
        data: {
          ...{ caseId, agentId: idOf('ben'), queueId: policyId('service') },
          ...{ skill: 'optics', ruleId: 'least-busy@1' },
        },
      });
  });

  it('needs somebody', () => {
    given(...running)
      .when(assign({ queueId: idOf('empty') }))
      .refused('NO_OWNER_AVAILABLE');
  });

  it('takes an answered case back into the hands of somebody, and says nothing twice', () => {
    given(...running, assigned)
      .when(assign({ agentId: idOf('agent') }))
      .then([]);
    given(...running, assigned, responded(true))
      .when(assign({ agentId: idOf('agent') }))
      .then(assigned);
  });
});

describe('RespondToCase', () => {
  it('is the first response when a person gives it', () => {
    given(...running)
      .when(commands.RespondToCase)
      .then({ type: 'CaseResponded', data: { ...responded(true).data, interactionId: undefined } });
    const waiting = given(...running, responded(true)).state().clocks.waiting;
    expect(waiting.FIRST_RESPONSE).toBeNull();
    expect(waiting.RESOLUTION?.clock).not.toBeNull();
  });

  it('stops nothing when a machine gives it', () => {
    const automatic = given(...running, responded(false));
    expect(automatic.state().clocks.waiting.FIRST_RESPONSE?.clock).not.toBeNull();
    expect(automatic.when(commands.RespondToCase).facts()[0]?.data).toMatchObject({ first: true });
    expect(
      automatic.when({ name: 'RespondToCase', data: { byHuman: false } }).facts()[0]?.data,
    ).toMatchObject({ first: false });
  });

  it('is the first once', () => {
    expect(
      given(...running, responded(true))
        .when(commands.RespondToCase)
        .facts()[0]?.data,
    ).toMatchObject({ first: false, byHuman: true });
  });

  it('answers the customer who wrote again', () => {
    const next = started('NEXT_RESPONSE', 480, '2026-03-20T11:00:00Z');
    const history = [...running, assigned, pended, replied(), next] as const;
    expect(given(...history).state().clocks.waiting.NEXT_RESPONSE?.clock).not.toBeNull();
    expect(given(...history, responded(true)).state().clocks.waiting.NEXT_RESPONSE).toBeNull();
  });
});

/** As a decider writes it: without a time of its own. */
const strip = <F extends CaseFact>({ type, data }: F): { type: F['type']; data: F['data'] } => ({
  type,
  data,
});

describe('PendOnCustomer and RecordCustomerReply', () => {
  const answeredAt = '2026-03-17T15:30:00Z';
  const asked = [
    ...running,
    assigned,
    on(responded(true), answeredAt),
    on(pended, '2026-03-17T16:30:00Z'),
  ] as const;
  const reply = (history: readonly CaseFact[], now: string) =>
    given(...history)
      .when(commands.RecordCustomerReply, { now: at(now) })
      .facts()[0]?.data as { readonly resumed: readonly object[] };

  it('stop the clock: 390 minutes used, 2,010 left, counted from the answer', () => {
    expect(reply(asked, '2026-03-19T11:00:00Z').resumed).toEqual([
      { clockId: clockId('RESOLUTION'), dueAt: at('2026-03-25T13:30:00Z') },
    ]);
  });

  it('also stop a first response that still runs', () => {
    const history = [...running, assigned, on(pended, '2026-03-17T10:00:00Z')];
    expect(reply(history, '2026-03-18T09:00:00Z').resumed).toEqual([
      { clockId: clockId('FIRST_RESPONSE'), dueAt: at('2026-03-18T12:00:00Z') },
      { clockId: clockId('RESOLUTION'), dueAt: at('2026-03-24T17:00:00Z') },
    ]);
  });

  it('count again and again', () => {
    const first = { clockId: clockId('RESOLUTION'), dueAt: at('2026-03-25T13:30:00Z') };
    const history = [
      ...asked,
      on(replied(first), '2026-03-19T11:00:00Z'),
      on(pended, '2026-03-19T12:00:00Z'),
    ];
    expect(reply(history, '2026-03-19T14:00:00Z').resumed).toEqual([
      { clockId: clockId('RESOLUTION'), dueAt: at('2026-03-25T14:30:00Z') },
    ]);
  });

  it('end the wait for a next response: the customer is the one to write', () => {
    const next = started('NEXT_RESPONSE', 480, '2026-03-20T11:00:00Z');
    const history = [...asked, replied(), next, pended] as const;
    expect(given(...history).state().clocks.waiting.NEXT_RESPONSE).toBeNull();
    given(...history, replied())
      .when({ name: 'StartSlaClock', data: { kind: 'NEXT_RESPONSE' } }, process)
      .then(started('NEXT_RESPONSE', 480, '2026-01-16T10:00:00Z', 2));
  });

  it('move no broken promise', () => {
    const history = [...running, assigned, breached('FIRST_RESPONSE', '2026-03-17T14:00:00Z')];
    const due = reply([...history, on(pended, '2026-03-17T16:30:00Z')], '2026-03-19T11:00:00Z');
    expect(due.resumed).toEqual([{ clockId: clockId('RESOLUTION'), dueAt: at('2026-03-25T13:30:00Z') }]);
  });

  it('leave due what was used up before the question', () => {
    const history = [...running, assigned, on(pended, '2026-03-17T15:00:00Z')];
    expect(reply(history, '2026-03-18T09:00:00Z').resumed[0]).toEqual({
      clockId: clockId('FIRST_RESPONSE'),
      dueAt: at('2026-03-17T14:00:00Z'),
    });
  });

  it('are asked so often and no more for one solution', () => {
    const round = [pended, replied()] as const;
    const rounds = (count: number) => Array.from({ length: count }, () => round).flat();
    const ask = (count: number) =>
      given(...running, assigned, ...rounds(count)).when(commands.PendOnCustomer);
    expect(ask(199).facts()).toHaveLength(1);
    ask(200).refused('LIMIT_EXCEEDED', { limit: 'questions', value: 200 });
  });

  it('pause nothing when the answer is said to be older than the question', () => {
    expect(reply(asked, '2026-03-17T16:00:00Z').resumed).toEqual([
      { clockId: clockId('RESOLUTION'), dueAt: at('2026-03-23T18:00:00Z') },
    ]);
  });

  it('start the solution anew where the case was resolved', () => {
    const history = [...asked, resolved];
    expect(reply(history, '2026-03-19T11:00:00Z').resumed).toEqual([]);
    const state = given(...history, on(replied(), '2026-03-19T11:00:00Z')).state();
    expect(state).toMatchObject({
      status: 'InProgress',
      resolutionCode: null,
      resolvedAt: null,
      reopened: 0,
    });
    expect(state.clocks.waiting.RESOLUTION).toEqual({
      since: at('2026-03-19T11:00:00Z'),
      nth: 2,
      clock: null,
    });
  });
});

describe('EscalateCase', () => {
  it('goes to the team of the next step, or to the one that is named', () => {
    given(...running)
      .when(commands.EscalateCase)
      .then({
        type: 'CaseEscalated',
        data: { caseId, level: 1, toTeamId: policyId('team-lead'), reasonCode: 'EXPERTISE' },
      });
    expect(
      given(...running, escalated(1))
        .when({ name: 'EscalateCase', data: { reasonCode: 'EXPERTISE', level: 3, toTeamId: idOf('lab') } })
        .facts()[0]?.data,
    ).toMatchObject({ level: 3, toTeamId: idOf('lab') });
  });

  it('never goes to a step that was reached', () => {
    for (const level of [1, 2])
      given(...running, escalated(2))
        .when({ name: 'EscalateCase', data: { reasonCode: 'SLA_FIRST', level } }, process)
        .refused('LEVEL_REACHED', { level: 2 });
    given(...running, escalated(3))
      .when(commands.EscalateCase)
      .refused('LEVEL_REACHED', { level: 3 });
  });

  it('says why, by a code of the desk', () => {
    given(...running)
      .when({ name: 'EscalateCase', data: { reasonCode: 'toString' } })
      .refused('UNKNOWN_REASON');
  });
});

describe('BreachSla', () => {
  it('breaks a promise at its end', () => {
    given(...running)
      .when(commands.BreachSla, clock('2026-03-17T14:00:00Z'))
      .then(strip(breached('FIRST_RESPONSE', '2026-03-17T14:00:00Z')));
  });

  it('breaks it once', () => {
    given(...running, breached('FIRST_RESPONSE', '2026-03-17T14:00:00Z'))
      .when(commands.BreachSla, clock('2026-03-17T14:00:00Z'))
      .then([]);
  });

  it('comes too late for what was kept, and too early for what runs on', () => {
    given(...running, responded(true))
      .when(commands.BreachSla, clock('2026-03-17T14:00:00Z'))
      .then([]);
    const later = { clockId: clockId('FIRST_RESPONSE'), dueAt: at('2026-03-18T13:00:00Z') };
    given(...running, assigned, pended, replied(later))
      .when(commands.BreachSla, clock('2026-03-18T14:00:00Z'))
      .then([]);
    given(...running)
      .when(commands.BreachSla, clock('2026-03-17T13:59:59Z'))
      .then([]);
  });

  it('is not for people who are asked', () => {
    given(...running, assigned, pended)
      .when(commands.BreachSla, clock('2026-03-17T14:00:00Z'))
      .refused('ILLEGAL_STATE');
  });
});

describe('ResolveCase', () => {
  it('says how, by a code of the desk', () => {
    given(...running, assigned)
      .when({ name: 'ResolveCase', data: { resolutionCode: 'HOPED', firstContact: false } })
      .refused('UNKNOWN_REASON', { allowed: Object.keys(context.desk.resolutions) });
  });

  it('stops every clock', () => {
    expect(given(...running, assigned, resolved).state().clocks.waiting).toEqual({
      FIRST_RESPONSE: null,
      NEXT_RESPONSE: null,
      RESOLUTION: null,
    });
  });
});

describe('ReopenCase and CloseCase', () => {
  const done = [...running, assigned, resolved] as const;

  it('reopen up to and including the seventh day', () => {
    given(...done)
      .when(commands.ReopenCase, { today: '2026-03-24' })
      .then({ type: 'CaseReopened', data: { caseId, reason: 'Dark again', count: 1 } });
    given(...done)
      .when(commands.ReopenCase, { today: '2026-03-25' })
      .refused('REOPEN_WINDOW_OVER', { lastDay: '2026-03-24' });
  });

  it('count how often, and give a new solution the full target', () => {
    const again = [...done, on(reopened(1), '2026-03-19T11:00:00Z')] as const;
    given(...again)
      .when({ name: 'StartSlaClock', data: { kind: 'RESOLUTION' } }, process)
      .then(started('RESOLUTION', 2400, '2026-03-26T11:00:00Z', 2));
    given(...again)
      .when({ name: 'StartSlaClock', data: { kind: 'NEXT_RESPONSE' } }, process)
      .then(started('NEXT_RESPONSE', 480, '2026-03-20T11:00:00Z'));
    given(...again, resolved)
      .when(commands.ReopenCase)
      .then({ type: 'CaseReopened', data: { caseId, reason: 'Dark again', count: 2 } });
  });

  it('by the rules that held when it was resolved', () => {
    const asked: string[] = [];
    given(...done)
      .when(commands.ReopenCase, {
        today: '2026-03-20',
        deskAt: (date) => {
          asked.push(date);
          return { ...context.desk, reopenDays: 2 };
        },
      })
      .refused('REOPEN_WINDOW_OVER', { lastDay: '2026-03-19' });
    expect(asked).toEqual(['2026-03-17']);
  });

  it('close for the customer at once, by the clock when the window is over', () => {
    given(...done)
      .when(commands.CloseCase)
      .then(closed);
    given(...done)
      .when(commands.CloseCase, clock('2026-03-24T23:59:59Z'))
      .refused('REOPEN_WINDOW_OPEN', { lastDay: '2026-03-24' });
    given(...done)
      .when(commands.CloseCase, clock('2026-03-25T00:00:00Z'))
      .then(closed);
  });
});

describe('MergeCase', () => {
  it('goes on in an open case of the same customer', () => {
    const merge = (other: typeof context.other) => given(...running).when(commands.MergeCase, { other });
    merge({ status: 'PendingCustomer', sameCustomer: true }).then(merged);
    merge({ status: 'Resolved', sameCustomer: true }).refused('CASE_NOT_OPEN');
    merge({ status: 'Closed', sameCustomer: true }).refused('CASE_NOT_OPEN');
    merge({ status: 'New', sameCustomer: false }).refused('CUSTOMER_MISMATCH');
    merge(null).refused('UNKNOWN_CASE');
  });

  it('never goes on in itself', () => {
    given(...running)
      .when({ name: 'MergeCase', data: { intoCaseId: caseId } }, open)
      .refused('MERGE_INTO_ITSELF');
  });

  it('stops every clock', () => {
    const state = given(...running, merged).state();
    expect(state.clocks.waiting.RESOLUTION).toBeNull();
    expect(state.intoCaseId).toBe(idOf('other'));
  });
});

describe('an imported case', () => {
  const imported = (...facts: readonly CaseFact[]): CaseState =>
    facts.reduce<CaseState>(
      (state, fact, revision) =>
        evolve(serviceCase, state, [
          { ...fact, occurredAt: fact.occurredAt ?? OPENED, revision, meta: { backfill: true } } as never,
        ]),
      noCase,
    );
  const decided = (state: CaseState, command: CaseCommand) =>
    decide(serviceCase, state, command, { ...context, ...SCENARIO_CONTEXT, ...process });
  const start = (kind: string) => ({ name: 'StartSlaClock', data: { kind } }) as CaseCommand;

  it('was promised nothing here: no clock starts for what lies behind', () => {
    for (const history of [
      [opened],
      [opened, assigned, pended, replied()],
      [opened, assigned, resolved, reopened(1)],
    ])
      for (const kind of ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION'])
        expect(decided(imported(...history), start(kind))).toEqual([]);
  });

  it('is promised an answer as soon as the customer writes again', () => {
    const reply = { ...on(replied(), '2026-03-19T11:00:00Z'), meta: {} };
    const state = evolve(serviceCase, imported(opened, assigned, pended), [reply as never]);
    expect(decided(state, start('RESOLUTION'))).toEqual([]);
    expect(decided(state, start('NEXT_RESPONSE'))).toEqual([
      strip(verified),
      started('NEXT_RESPONSE', 480, '2026-03-20T11:00:00Z'),
    ]);
  });
});

describe('what a case keeps', () => {
  it('are references to personal texts, never the texts', () => {
    const state = given(...running, assigned, pended, resolved, reopened(1)).state();
    expect(state).toMatchObject({
      subject: sealed('subject'),
      question: sealed('question'),
      reopenReason: sealed('reason'),
    });
  });
});

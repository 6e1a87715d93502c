import { describe, expect, it } from 'vitest';
import { day, folded, idOf, recorded, happened, type Told } from '../test/stories.ts';
import { serviceSlice, type ServiceSlice } from './service-slice.ts';

const after = (...events: readonly Told[]): ServiceSlice =>
  folded(serviceSlice('UTC'), recorded('service', events));
const kase = { caseId: idOf('case') };
const complaint = { complaintId: idOf('complaint') };
const opened = (name = 'case', on = day(0)): Told =>
  happened('CaseOpened', on, {
    caseId: idOf(name),
    channel: 'EMAIL',
    category: 'PRODUCT_FAULT',
    priority: 'NORMAL',
  });
const due = Date.UTC(1997, 0, 3, 14);
const started = (kind: 'FIRST_RESPONSE' | 'NEXT_RESPONSE' | 'RESOLUTION'): Told =>
  happened('SlaClockStarted', day(0), { ...kase, clockId: idOf(kind), kind, targetMinutes: 240, dueAt: due });
const answered = (byHuman = true): Told =>
  happened('CaseResponded', day(1), { ...kase, first: true, byHuman });
const pended = happened('CasePendedOnCustomer', day(1), kase);
const resolved = happened('CaseResolved', day(2), { ...kase, resolutionCode: 'SOLVED', firstContact: true });
const clocksOf = ({ openCases: [listed] }: ServiceSlice) =>
  listed?.clocks.map(({ kind, dueAt, breached }) => [kind, dueAt, breached]);
const AT = '1997-01-03T14:00:00.000Z';

describe('an open case', () => {
  it('is listed with the promises that run', () => {
    const state = after(opened(), started('FIRST_RESPONSE'), started('RESOLUTION'));
    expect(state.openCases).toMatchObject([{ ...kase, status: 'New', openedOn: day(0), priority: 'NORMAL' }]);
    expect(clocksOf(state)).toEqual([
      ['FIRST_RESPONSE', AT, false],
      ['RESOLUTION', AT, false],
    ]);
    expect(state.openCases[0]?.clocks[0]?.dueOn).toBe('1997-01-03');
  });

  it('keeps the promise of an answer when a person answers, and only then', () => {
    const both = [opened(), started('FIRST_RESPONSE'), started('RESOLUTION')];
    expect(clocksOf(after(...both, answered(false)))).toHaveLength(2);
    expect(clocksOf(after(...both, answered()))).toEqual([['RESOLUTION', AT, false]]);
  });

  it('is promised nothing once its service is not covered', () => {
    const denied = happened('EntitlementDenied', day(0), {
      ...kase,
      reasonCode: 'NOT_COVERED',
      chargeable: true,
    });
    expect(clocksOf(after(opened(), started('RESOLUTION'), denied))).toEqual([]);
  });

  it('stands still while the customer is asked, and runs on with the due times of the reply', () => {
    const waiting = [opened(), started('NEXT_RESPONSE'), started('RESOLUTION'), pended];
    expect(clocksOf(after(...waiting))).toEqual([['RESOLUTION', null, false]]);
    const resumed = [{ clockId: idOf('RESOLUTION'), dueAt: due + 3_600_000 }];
    const state = after(...waiting, happened('CustomerReplyReceived', day(2), { ...kase, resumed }));
    expect(clocksOf(state)).toEqual([['RESOLUTION', '1997-01-03T15:00:00.000Z', false]]);
    expect(state.openCases[0]?.status).toBe('InProgress');
  });

  it('shows a broken promise until it is kept', () => {
    const breach = happened('SlaBreached', day(1), {
      ...kase,
      clockId: idOf('RESOLUTION'),
      kind: 'RESOLUTION',
      dueAt: due,
    });
    const state = after(opened(), started('RESOLUTION'), breach);
    expect(clocksOf(state)).toEqual([['RESOLUTION', AT, true]]);
    expect(state.cases.breached).toBe(1);
  });

  it('rises on the ladder and has an agent', () => {
    const assigned = happened('CaseAssigned', day(0), { ...kase, agentId: idOf('agent') });
    const escalated = happened('CaseEscalated', day(1), {
      ...kase,
      level: 2,
      toTeamId: idOf('team'),
      reasonCode: 'SLA_RESOLUTION',
    });
    expect(after(opened(), assigned, escalated).openCases).toMatchObject([
      { agentId: idOf('agent'), level: 2, status: 'Assigned' },
    ]);
  });
});

describe('a case that is settled', () => {
  it('leaves the open ones, with how it was solved', () => {
    expect(after(opened(), started('RESOLUTION'), resolved)).toMatchObject({
      cases: { opened: 1, resolved: 1, firstContact: 1 },
      openCases: [],
      recentCases: [{ ...kase, clocks: [], status: 'Resolved', resolutionCode: 'SOLVED' }],
    });
    expect(after(opened(), resolved, happened('CaseClosed', day(9), kase)).recentCases[0]?.status).toBe(
      'Closed',
    );
    expect(
      after(opened(), happened('CaseMerged', day(1), { ...kase, intoCaseId: idOf('other') })),
    ).toMatchObject({
      openCases: [],
      recentCases: [{ status: 'Closed' }],
    });
  });

  it('comes back when it is reopened, or when the customer writes again', () => {
    const reopened = happened('CaseReopened', day(3), { ...kase, count: 1 });
    expect(after(opened(), resolved, reopened)).toMatchObject({
      cases: { reopened: 1 },
      openCases: [{ reopened: 1, resolutionCode: null, status: 'InProgress' }],
      recentCases: [],
    });
    const reply = happened('CustomerReplyReceived', day(3), { ...kase, resumed: [] });
    expect(after(opened(), resolved, reply)).toMatchObject({
      openCases: [{ reopened: 0, status: 'InProgress' }],
    });
  });

  it('stays among the newest twenty', () => {
    const many = Array.from({ length: 25 }, (_, i) => [
      opened(`case ${i}`, day(i)),
      happened('CaseResolved', day(i), {
        caseId: idOf(`case ${i}`),
        resolutionCode: 'SOLVED',
        firstContact: false,
      }),
    ]).flat();
    expect(after(...many).recentCases.map(({ openedOn }) => openedOn)).toEqual(
      Array.from({ length: 20 }, (_, i) => day(24 - i)),
    );
  });
});

describe('a complaint', () => {
  const registered = (name = 'complaint', on = day(0)): Told =>
    happened('ComplaintRegistered', on, {
      complaintId: idOf(name),
      topic: 'PRODUCT',
      severity: 'MEDIUM',
      channel: 'EMAIL',
    });
  const offered = happened('RemedyOffered', day(1), {
    ...complaint,
    kind: 'POINTS',
    points: 300,
    value: null,
  });

  it('goes from its registration to its end', () => {
    const steps = [
      [
        happened('ComplaintAcknowledged', day(1), complaint),
        { status: 'Acknowledged', acknowledgedOn: day(1) },
      ],
      [happened('ComplaintInvestigated', day(1), complaint), { status: 'Investigating' }],
      [offered, { status: 'RemedyOffered', remedy: { kind: 'POINTS', points: 300, value: null } }],
      [happened('RemedyDeclined', day(2), complaint), { status: 'Investigating', declined: 1 }],
      [
        happened('RemedyAccepted', day(3), { ...complaint, kind: 'POINTS' }),
        { status: 'Settled', declined: 1 },
      ],
    ] as const;
    const story: Told[] = [registered()];
    for (const [event, expected] of steps) {
      story.push(event);
      expect(after(...story).complaints).toEqual([expect.objectContaining(expected)]);
    }
    expect(after(...story).registeredComplaints).toBe(1);
  });

  it('ends rejected or outside the house as well', () => {
    expect(after(registered(), happened('ComplaintRejected', day(1), complaint)).complaints[0]?.status).toBe(
      'Rejected',
    );
    expect(
      after(registered(), happened('ComplaintEscalated', day(1), { ...complaint, body: 'court' }))
        .complaints[0]?.status,
    ).toBe('EscalatedExternally');
  });

  it('that is open is never pushed out by others', () => {
    const settled = Array.from({ length: 60 }, (_, i) => [
      registered(`c${i}`, day(i + 1)),
      happened('ComplaintRejected', day(i + 1), { complaintId: idOf(`c${i}`) }),
    ]).flat();
    const { complaints } = after(registered(), ...settled);
    expect(complaints).toHaveLength(40);
    expect(complaints.at(-1)).toMatchObject({ ...complaint, status: 'Registered' });
  });
});

import type { DecodedEvent } from '@tenure/events';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { at } from '../test/cases.ts';
import { desk, policies, policiesWith } from '../test/shipped.ts';
import { clockIdOf } from './clocks.ts';
import { deadlines } from './deadlines.ts';

const caseId = idOf('case');
const stream = `case-${caseId}`;

const changes = (
  type: string,
  data: object = {},
  occurredAt = '2026-03-17T10:00:00Z',
  book = policies,
  zone = 'UTC',
) =>
  deadlines.on[type]?.(
    { type, stream, key: idOf('customer'), occurredAt: at(occurredAt), data } as unknown as DecodedEvent,
    { policies: book, zone },
  );

const command = (name: string, body: object = {}) => ({
  ...{ aggregate: 'case', id: caseId, customerId: idOf('customer') },
  ...{ command: name, body },
});
const clear = (...keys: readonly string[]) => keys.map((key) => ({ clear: `${stream}/${key}` }));
const ALL = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION'];

describe('the deadlines of a case', () => {
  it('break a promise at its end', () => {
    const clock = { clockId: clockIdOf(caseId, 'RESOLUTION', 1), dueAt: at('2026-03-23T18:00:00Z') };
    expect(changes('SlaClockStarted', { caseId, kind: 'RESOLUTION', targetMinutes: 2400, ...clock })).toEqual(
      [
        {
          set: `${stream}/RESOLUTION`,
          at: clock.dueAt,
          command: command('BreachSla', { clockId: clock.clockId, dueAt: clock.dueAt }),
        },
      ],
    );
    expect(changes('SlaClockStarted', { caseId, kind: 'UNKNOWN', ...clock })).toEqual([]);
  });

  it('are gone when a person answers, not when a machine does', () => {
    expect(changes('CaseResponded', { byHuman: true })).toEqual(clear('FIRST_RESPONSE', 'NEXT_RESPONSE'));
    expect(changes('CaseResponded', { byHuman: false })).toEqual([]);
  });

  it('wait with the case, and run on at the new times', () => {
    expect(changes('CasePendedOnCustomer')).toEqual(clear(...ALL));
    const [first, resolution] = [clockIdOf(caseId, 'FIRST_RESPONSE', 1), clockIdOf(caseId, 'RESOLUTION', 3)];
    const resumed = [
      { clockId: first, dueAt: 5 },
      { clockId: resolution, dueAt: 7 },
    ];
    expect(changes('CustomerReplyReceived', { caseId, resumed })).toEqual([
      { set: `${stream}/FIRST_RESPONSE`, at: 5, command: command('BreachSla', resumed[0]) },
      { set: `${stream}/RESOLUTION`, at: 7, command: command('BreachSla', resumed[1]) },
      ...clear('close'),
    ]);
  });

  it('end with the case and with the promise', () => {
    expect(changes('CaseMerged')).toEqual(clear(...ALL, 'overdue'));
    expect(changes('EntitlementDenied')).toEqual(clear(...ALL, 'overdue'));
    expect(changes('CaseReopened')).toEqual(clear('close'));
    expect(changes('CaseClosed')).toEqual(clear('close'));
  });

  it('take a case that stays open to the last step, 960 business minutes after its solution was due', () => {
    const broken = { kind: 'RESOLUTION', dueAt: at('2026-03-25T13:30:00Z') };
    expect(changes('SlaBreached', broken)).toEqual([
      ...clear('RESOLUTION'),
      {
        set: `${stream}/overdue`,
        at: at('2026-03-27T13:30:00Z'),
        command: command('EscalateCase', { level: 3, reasonCode: 'SLA_OVERDUE' }),
      },
    ]);
    expect(changes('SlaBreached', { ...broken, kind: 'NEXT_RESPONSE' })).toEqual(clear('NEXT_RESPONSE'));
    expect(changes('SlaBreached', { ...broken, kind: 'UNKNOWN' })).toEqual([]);
  });

  it('are needless where the last step is reached', () => {
    expect(changes('CaseEscalated', { level: 2 })).toEqual([]);
    expect(changes('CaseEscalated', { level: 3 })).toEqual(clear('overdue'));
  });

  it('close a resolved case when its seventh day has closed', () => {
    const closes = (day: string) => [
      ...clear(...ALL, 'overdue'),
      { set: `${stream}/close`, day, command: command('CloseCase') },
    ];
    expect(changes('CaseResolved', {}, '2026-05-20T00:00:00Z')).toEqual(closes('2026-05-27'));
    expect(changes('CaseResolved', {}, '2026-05-20T20:00:00Z', policies, 'Asia/Shanghai')).toEqual(
      closes('2026-05-28'),
    );
  });

  it('count by the rules in force then', () => {
    const book = policiesWith({ ...desk, version: 2, validFrom: '2026-06-01', reopenDays: 3 } as never);
    const day = (resolvedOn: string) =>
      changes('CaseResolved', {}, `${resolvedOn}T00:00:00Z`, book)?.flatMap((one) =>
        'day' in one ? one.day : [],
      );
    expect(day('2026-05-31')).toEqual(['2026-06-07']);
    expect(day('2026-06-01')).toEqual(['2026-06-04']);
  });
});

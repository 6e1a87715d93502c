import { describe, expect, it } from 'vitest';
import { caseOf, seen, severity } from '../../test/story.ts';
import { caseUnresolved } from './case-unresolved.ts';

const due = (at: string) => ({ kind: 'RESOLUTION', dueAt: Date.parse(at) });
const opened = caseOf('CaseOpened', '2026-03-17');
const clock = caseOf('SlaClockStarted', '2026-03-17', 'case', due('2026-03-23T18:00:00Z')); // 6.75 days

describe('CASE_UNRESOLVED', () => {
  it('is medium after twice the resolution target in calendar time: 14 d > 13.5 d', () => {
    expect(severity(caseUnresolved, '2026-03-30', opened, clock)).toBe(0);
    expect(severity(caseUnresolved, '2026-03-31', opened, clock)).toBe(2);
  });

  it('is medium after 14 days whatever was promised, high after 30', () => {
    expect(severity(caseUnresolved, '2026-03-31', opened)).toBe(0);
    expect(severity(caseUnresolved, '2026-04-01', opened)).toBe(2);
    expect(severity(caseUnresolved, '2026-04-16', opened)).toBe(2);
    expect(severity(caseUnresolved, '2026-04-17', opened)).toBe(3);
  });

  it('is high with two that are open for more than 14 days', () => {
    const second = caseOf('CaseOpened', '2026-03-17', 'second');
    expect(severity(caseUnresolved, '2026-03-31', opened, second)).toBe(0);
    expect(seen(caseUnresolved, '2026-04-01', opened, second)).toMatchObject({
      severity: 3,
      observed: { cases: 2, oldestOpenedOn: '2026-03-17' },
    });
  });

  it('keeps the first target: a clock that starts anew promises nothing for the past', () => {
    const anew = caseOf('SlaClockStarted', '2026-03-20', 'case', due('2026-05-01T00:00:00Z'));
    expect(severity(caseUnresolved, '2026-03-31', opened, clock, anew)).toBe(2);
  });

  it.each(['CaseResolved', 'CaseClosed', 'CaseMerged'])('is over with %s', (type) => {
    expect(severity(caseUnresolved, '2026-05-01', opened, caseOf(type, '2026-04-02'))).toBe(0);
  });

  it.each(['CaseReopened', 'CustomerReplyReceived'])('is open again with %s, as old as it was', (type) => {
    const again = [caseOf('CaseResolved', '2026-04-02'), caseOf(type, '2026-04-05')];
    expect(severity(caseUnresolved, '2026-05-01', opened, ...again)).toBe(3);
  });
});

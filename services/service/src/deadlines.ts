// What the passing of time does to a case: promises break, a case that stays open goes up, a resolved one closes.
import { addBusinessMinutes, addDays, dateAt } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { ServiceEvents, SlaClockKind } from '@tenure/events/generated/service';
import type { CalendarPolicy, DeadlineChange, Deadlines } from '@tenure/service-kit';
import { calendarFrom } from './calendars.ts';
import { CLOCK_KINDS, kindOfResumed } from './clocks.ts';
import { issue } from './issue.ts';
import type { DeskPolicy } from './policy.ts';

type Data<T extends keyof ServiceEvents> = ServiceEvents[T];

/** One clock of a kind runs at a time: its deadline takes the place of the one before. */
const breachKey = ({ stream }: DecodedEvent, kind: SlaClockKind): string => `${stream}/${kind}`;
const overdueKey = ({ stream }: DecodedEvent): string => `${stream}/overdue`;
const closeKey = ({ stream }: DecodedEvent): string => `${stream}/close`;

const breachAt = (
  event: DecodedEvent,
  kind: SlaClockKind,
  { clockId, dueAt }: { readonly clockId: string; readonly dueAt: number },
): DeadlineChange => ({
  set: breachKey(event, kind),
  at: dueAt,
  command: issue(event, 'BreachSla', { clockId, dueAt }),
});

const clearClocks = (event: DecodedEvent, ...kinds: readonly SlaClockKind[]): readonly DeadlineChange[] =>
  kinds.map((kind) => ({ clear: breachKey(event, kind) }));

const clearAll = (event: DecodedEvent): readonly DeadlineChange[] => [
  ...clearClocks(event, ...CLOCK_KINDS),
  { clear: overdueKey(event) },
];

export const deadlines: Deadlines = {
  on: {
    SlaClockStarted(event: DecodedEvent) {
      const { kind, ...clock } = event.data as Data<'SlaClockStarted'>;
      return kind === 'UNKNOWN' ? [] : [breachAt(event, kind, clock)];
    },
    CaseResponded: (event: DecodedEvent) =>
      (event.data as Data<'CaseResponded'>).byHuman
        ? clearClocks(event, 'FIRST_RESPONSE', 'NEXT_RESPONSE')
        : [],
    CasePendedOnCustomer: (event: DecodedEvent) => clearClocks(event, ...CLOCK_KINDS),
    CustomerReplyReceived(event: DecodedEvent) {
      const { caseId, resumed } = event.data as Data<'CustomerReplyReceived'>;
      return [
        ...resumed.map((clock) => breachAt(event, kindOfResumed(caseId, clock.clockId), clock)),
        { clear: closeKey(event) }, // a resolved case goes on
      ];
    },
    /** The step after a broken RESOLUTION counts by the rules in force when it broke. */
    SlaBreached(event: DecodedEvent, { policies, zone }) {
      const { kind, dueAt } = event.data as Data<'SlaBreached'>;
      if (kind === 'UNKNOWN') return [];
      const broken = { clear: breachKey(event, kind) };
      if (kind !== 'RESOLUTION') return [broken];
      const date = dateAt(dueAt, zone);
      const { overdue } = policies.at<DeskPolicy>('desk', date).ladder;
      const { calendar, afterMinutes, ...step } = overdue;
      const hours = calendarFrom(policies.at<CalendarPolicy>('calendar', date, calendar));
      const at = addBusinessMinutes(hours, dueAt, afterMinutes);
      return [broken, { set: overdueKey(event), at, command: issue(event, 'EscalateCase', step) }];
    },
    CaseEscalated(event: DecodedEvent, { policies, zone }) {
      const { overdue } = policies.at<DeskPolicy>('desk', dateAt(event.occurredAt, zone)).ladder;
      const reached = (event.data as Data<'CaseEscalated'>).level >= overdue.level;
      return reached ? [{ clear: overdueKey(event) }] : [];
    },
    EntitlementDenied: clearAll,
    CaseMerged: clearAll,
    CaseResolved(event: DecodedEvent, { policies, zone }) {
      const resolvedOn = dateAt(event.occurredAt, zone);
      const { reopenDays } = policies.at<DeskPolicy>('desk', resolvedOn);
      const day = addDays(resolvedOn, reopenDays);
      return [...clearAll(event), { set: closeKey(event), day, command: issue(event, 'CloseCase') }];
    },
    CaseReopened: (event: DecodedEvent) => [{ clear: closeKey(event) }],
    CaseClosed: (event: DecodedEvent) => [{ clear: closeKey(event) }],
  },
};

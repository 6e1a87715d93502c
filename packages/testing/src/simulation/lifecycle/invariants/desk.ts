// Cases and the retention desk: promises break once, the ladder is climbed step by step, one open case per customer.
import { groupBy, holds } from '../../invariants/facts.ts';
import { stateOf } from './commands.ts';
import type { Facts } from './facts.ts';

const LADDER = { FIRST_RESPONSE: 1, NEXT_RESPONSE: 1, RESOLUTION: 2, UNKNOWN: 0 } as const;

export const checkCases = (facts: Facts): void => {
  for (const [clockId, own] of groupBy(facts.of('SlaBreached'), ({ data }) => data.clockId))
    holds(own.length === 1, 'a clock breaches once', `${clockId}: ${own.length} times`);
  for (const [clockId, own] of groupBy(facts.of('SlaClockStarted'), ({ data }) => data.clockId))
    holds(own.length === 1, 'a clock starts once', `${clockId}: ${own.length} times`);
  for (const { data, stream, occurredAt } of facts.of('SlaBreached')) {
    holds(occurredAt >= data.dueAt, 'no promise breaks before its time', data.clockId);
    const reached = facts
      .of('CaseEscalated')
      .some((one) => one.stream === stream && one.data.level >= LADDER[data.kind]);
    const over = ['Resolved', 'Closed'].includes(stateOf(facts, stream).status);
    holds(reached || over, 'a broken promise goes up the ladder', `${stream} ${data.kind}`);
  }
  for (const [stream, own] of groupBy(facts.of('CaseEscalated'), (event) => event.stream)) {
    const levels = own.map(({ data }) => data.level);
    const rises = levels.every((level, i) => level > (levels[i - 1] ?? 0));
    holds(rises, 'no level of the ladder is reached twice', `${stream}: ${levels.join(', ')}`);
  }
  for (const { stream } of facts.of('CaseOpened')) {
    const kinds = facts
      .of('SlaClockStarted')
      .filter((event) => event.stream === stream)
      .map(({ data }) => data.kind);
    const denied = facts.of('EntitlementDenied').some((event) => event.stream === stream);
    const verified = facts.of('EntitlementVerified').some((event) => event.stream === stream);
    const answered = facts.of('CaseResponded').some((event) => event.stream === stream);
    const ended = [
      ...facts.of('CaseResolved'),
      ...facts.of('CaseMerged'),
      ...facts.of('CasePendedOnCustomer'),
    ];
    const left = ended.some((event) => event.stream === stream);
    holds(denied || verified || answered || left, 'a case is checked against its terms', stream);
    holds(denied || left || kinds.includes('RESOLUTION'), 'a case has its clocks', stream);
  }
};

const CLOSED = ['CustomerSaved', 'CustomerLost', 'RetentionFalseAlarm'];

export const checkRetention = (facts: Facts): void => {
  const events = facts.bySource.get('loyalty') ?? [];
  const open = new Map<string, string>();
  for (const { type, key, stream } of events) {
    if (type === 'RetentionCaseOpened') {
      holds(!open.has(key), 'one open retention case per customer', `${key}: ${open.get(key)} and ${stream}`);
      open.set(key, stream);
    }
    if (CLOSED.includes(type)) open.delete(key);
  }
  const heard = [...(facts.bySource.get('order') ?? []), ...(facts.bySource.get('churn') ?? [])];
  for (const { data, occurredAt, key } of facts.of('CustomerSaved')) {
    const by = heard.find(({ id }) => id === data.byEventId);
    holds(by?.type === 'OrderPlaced' && by.occurredAt <= occurredAt, 'an order saved the customer', key);
  }
};

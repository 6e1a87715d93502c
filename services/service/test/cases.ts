// Cases for specifications: facts by short names, a history for every status, the context that deciders need.
import { parseInstant } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import type { SlaClockKind } from '@tenure/events/generated/service';
import { idOf, SCENARIO_CONTEXT, scenarios, type Command, type Given } from '@tenure/testing';
import type { CalendarPolicy } from '@tenure/service-kit';
import { calendarFrom } from '../src/calendars.ts';
import { serviceCase } from '../src/case.ts';
import type { CaseContext, CaseParts, CaseStatus } from '../src/case-parts.ts';
import { clockIdOf } from '../src/clocks.ts';
import { desk, policies, sla } from './shipped.ts';

export const caseId = SCENARIO_CONTEXT.id;

export const at = (text: string): number => {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`${text} is no instant`);
  return instant;
};

/** The tour opens its case when this Tuesday begins. */
export const OPENED = at('2026-03-17T00:00:00Z');

export const context: CaseContext = {
  zone: 'UTC',
  desk,
  deskAt: () => desk,
  slaAt: (id) => (id === 'standard' || id === 'premium' ? sla(id) : null),
  sla,
  calendarVersionAt: () => 1,
  calendar: (id, version) => calendarFrom(policies.version<CalendarPolicy>('calendar', version, id)),
  openCases: 0,
  other: null,
  candidates: [],
};

export const given = scenarios<CaseParts>(serviceCase, { ...context, now: OPENED, today: '2026-03-17' });

export type CaseFact = Given<CaseParts>;
export type CaseCommand = Command<CaseParts>;

/** A text sealed in some event. */
export const sealed = (field: string): Sealable<string> => ({ $sealed: idOf('some event'), field });

/** The fact, at an instant. */
export const on = <F extends CaseFact>(fact: F, instant: string): F => ({ ...fact, occurredAt: at(instant) });

export const opened = {
  type: 'CaseOpened',
  occurredAt: OPENED,
  data: {
    caseId,
    interactionId: null,
    channel: 'EMAIL',
    category: 'PRODUCT_FAULT',
    priority: 'NORMAL',
    subject: sealed('subject'),
    productId: null,
    orderId: idOf('order'),
    assetId: null,
    followsCaseId: null,
  },
} as const satisfies CaseFact;

export const verifiedAs = (slaPolicyId: 'standard' | 'premium') =>
  ({
    type: 'EntitlementVerified',
    occurredAt: OPENED,
    data: {
      caseId,
      serviceContractId: null,
      slaPolicyId,
      slaPolicyVersion: 1,
      calendarId: sla(slaPolicyId).calendar,
      calendarVersion: 1,
    },
  }) as const satisfies CaseFact;
export const verified = verifiedAs('standard');

export const denied = {
  type: 'EntitlementDenied',
  data: { caseId, reasonCode: 'MISUSE', chargeable: true },
} as const satisfies CaseFact;

export const clockId = (kind: SlaClockKind, nth = 1): string => clockIdOf(caseId, kind, nth);

export const started = (kind: SlaClockKind, targetMinutes: number, dueAt: string, nth = 1) =>
  ({
    type: 'SlaClockStarted',
    data: { caseId, clockId: clockId(kind, nth), kind, targetMinutes, dueAt: at(dueAt) },
  }) as const satisfies CaseFact;

export const firstStarted = started('FIRST_RESPONSE', 240, '2026-03-17T14:00:00Z');
export const resolutionStarted = started('RESOLUTION', 2400, '2026-03-23T18:00:00Z');

export const assigned = {
  type: 'CaseAssigned',
  data: { caseId, agentId: idOf('agent'), queueId: null, skill: null, ruleId: 'manual' },
} as const satisfies CaseFact;

export const responded = (byHuman: boolean, first = byHuman) =>
  ({
    type: 'CaseResponded',
    data: { caseId, interactionId: null, first, byHuman },
  }) as const satisfies CaseFact;

export const pended = {
  type: 'CasePendedOnCustomer',
  data: { caseId, question: sealed('question') },
} as const satisfies CaseFact;

export const replied = (...resumed: readonly { readonly clockId: string; readonly dueAt: number }[]) =>
  ({
    type: 'CustomerReplyReceived',
    data: { caseId, interactionId: null, resumed },
  }) as const satisfies CaseFact;

export const escalated = (level: number) =>
  ({
    type: 'CaseEscalated',
    data: { caseId, level, toTeamId: idOf('team'), reasonCode: 'SLA_FIRST' },
  }) as const satisfies CaseFact;

export const breached = (kind: SlaClockKind, dueAt: string, nth = 1) =>
  ({
    type: 'SlaBreached',
    occurredAt: at(dueAt),
    data: { caseId, clockId: clockId(kind, nth), kind, dueAt: at(dueAt) },
  }) as const satisfies CaseFact;

export const resolved = {
  type: 'CaseResolved',
  occurredAt: OPENED,
  data: { caseId, resolutionCode: 'SOLVED', articleId: null, firstContact: true },
} as const satisfies CaseFact;

export const closed = { type: 'CaseClosed', data: { caseId } } as const satisfies CaseFact;

export const reopened = (count: number) =>
  ({
    type: 'CaseReopened',
    data: { caseId, reason: sealed('reason'), count },
  }) as const satisfies CaseFact;

export const merged = {
  type: 'CaseMerged',
  data: { caseId, intoCaseId: idOf('other') },
} as const satisfies CaseFact;

/** What CaseSla makes of a new case. */
export const running = [opened, verified, firstStarted, resolutionStarted] as const;

/** A history that ends in each status. */
export const histories: Readonly<Record<CaseStatus, readonly CaseFact[]>> = {
  '∅': [],
  New: running,
  Assigned: [...running, assigned],
  InProgress: [...running, assigned, responded(false)],
  PendingCustomer: [...running, assigned, pended],
  Resolved: [...running, assigned, resolved],
  Closed: [...running, assigned, resolved, closed],
};

/** A command of each name that no rule but the state could refuse after these histories. */
export const commands: { readonly [C in CaseCommand['name']]: Extract<CaseCommand, { name: C }> } = {
  OpenCase: {
    name: 'OpenCase',
    data: { channel: 'EMAIL', category: 'PRODUCT_FAULT', priority: 'NORMAL', subject: 'No light' },
  },
  VerifyEntitlement: { name: 'VerifyEntitlement', data: { slaPolicyId: 'premium' } },
  DenyEntitlement: { name: 'DenyEntitlement', data: { reasonCode: 'MISUSE', chargeable: true } },
  StartSlaClock: { name: 'StartSlaClock', data: { kind: 'FIRST_RESPONSE' } },
  AssignCase: { name: 'AssignCase', data: { agentId: idOf('another') } },
  RespondToCase: { name: 'RespondToCase', data: { byHuman: true } },
  PendOnCustomer: { name: 'PendOnCustomer', data: { question: 'Which colour?' } },
  RecordCustomerReply: { name: 'RecordCustomerReply', data: {} },
  EscalateCase: { name: 'EscalateCase', data: { reasonCode: 'EXPERTISE' } },
  BreachSla: {
    name: 'BreachSla',
    data: { clockId: clockId('FIRST_RESPONSE'), dueAt: firstStarted.data.dueAt },
  },
  ResolveCase: { name: 'ResolveCase', data: { resolutionCode: 'SOLVED', firstContact: true } },
  CloseCase: { name: 'CloseCase', data: {} },
  ReopenCase: { name: 'ReopenCase', data: { reason: 'Dark again' } },
  MergeCase: { name: 'MergeCase', data: { intoCaseId: idOf('other') } },
};

// Retention cases for specifications.
import { idOf, SCENARIO_CONTEXT, scenarios, type Command, type Given } from '@tenure/testing';
import { RetentionPolicy } from '../src/policy.ts';
import { queueIdOf } from '../src/queues.ts';
import {
  retentionCase,
  retentionCaseIdOf,
  type RetentionCaseParts,
  type RetentionContext,
  type RetentionStatus,
} from '../src/retention-case.ts';
import type { Candidate } from '../src/retention-rules.ts';
import { cny, shipped } from './members.ts';

export const customerId = SCENARIO_CONTEXT.customerId;
export const retentionCaseId = retentionCaseIdOf(customerId, 0);
export const policy = RetentionPolicy.parse(shipped('retention'));
export const queueId = queueIdOf(policy.queue);

/** Registered, at risk for the first time, with an owner. */
export const candidate: Candidate = {
  registered: true,
  internal: false,
  lost: false,
  ownerId: idOf('agent'),
  cases: 0,
  hasOpenCase: false,
  falseAlarmOn: null,
};
export const context: RetentionContext & { readonly id: string } = {
  id: retentionCaseId,
  candidate,
  homeCurrency: 'CNY',
  policy: { ...policy, queueId },
};
export const given = scenarios<RetentionCaseParts>(retentionCase, context);

export type CaseFact = Given<RetentionCaseParts>;
export type CaseCommand = Command<RetentionCaseParts>;

export const opened = {
  type: 'RetentionCaseOpened',
  data: {
    retentionCaseId,
    riskLevel: 'HIGH',
    signalIds: [idOf('gap')],
    ownerId: idOf('agent'),
    queueId: null,
    policyVersion: 1,
  },
} as const satisfies CaseFact;
export const offered = {
  type: 'RetentionOfferMade',
  data: { retentionCaseId, kind: 'SERVICE_RECOVERY', voucherId: null, cost: cny(10_000) },
} as const satisfies CaseFact;
export const saved = {
  type: 'CustomerSaved',
  data: { retentionCaseId, byEventId: idOf('order placed') },
} as const satisfies CaseFact;
export const lost = {
  type: 'CustomerLost',
  data: { retentionCaseId, reasonCode: 'PRICE' },
} as const satisfies CaseFact;
export const falseAlarm = {
  type: 'RetentionFalseAlarm',
  data: { retentionCaseId, signalIds: [idOf('gap')] },
} as const satisfies CaseFact;

export const histories: Readonly<Record<RetentionStatus, readonly CaseFact[]>> = {
  '∅': [],
  Opened: [opened],
  Offered: [opened, offered],
  Saved: [opened, saved],
  Lost: [opened, lost],
  FalseAlarm: [opened, falseAlarm],
};

export const commands: { readonly [C in CaseCommand['name']]: Extract<CaseCommand, { name: C }> } = {
  OpenRetentionCase: {
    name: 'OpenRetentionCase',
    data: { customerId, riskLevel: 'HIGH', signalIds: [idOf('gap')] },
  },
  MakeRetentionOffer: { name: 'MakeRetentionOffer', data: { kind: 'SERVICE_RECOVERY', cost: cny(10_000) } },
  CloseRetentionSaved: { name: 'CloseRetentionSaved', data: { byEventId: idOf('order placed') } },
  CloseRetentionLost: { name: 'CloseRetentionLost', data: { reasonCode: 'PRICE' } },
  CloseRetentionFalseAlarm: { name: 'CloseRetentionFalseAlarm', data: {} },
};

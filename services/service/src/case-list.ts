// The list behind `GET /api/cases`.
import { listModel, type ListRow } from '@tenure/service-kit';
import type { CaseEvents } from './case-parts.ts';
import { CLOCK_KINDS, kindOfResumed } from './clocks.ts';

const DUE = { FIRST_RESPONSE: 'firstDue', NEXT_RESPONSE: 'nextDue', RESOLUTION: 'resolutionDue' } as const;

const noneDue = { firstDue: null, nextDue: null, resolutionDue: null } as const;

/** When the next promise ends or ended: what somebody who looks for the most urgent case sorts by. */
const earliestDue = (fields: ListRow['fields']): number | null => {
  const due = CLOCK_KINDS.map((kind) => fields[DUE[kind]]).filter((at) => typeof at === 'number');
  return due.length === 0 ? null : Math.min(...due);
};

export const cases = listModel<CaseEvents>({
  name: 'cases',
  source: 'service',
  aggregate: 'case',
  status: {
    CaseOpened: 'New',
    EntitlementVerified: null,
    EntitlementDenied: null,
    SlaClockStarted: null,
    CaseAssigned: 'Assigned',
    CaseResponded: 'InProgress',
    CasePendedOnCustomer: 'PendingCustomer',
    CustomerReplyReceived: 'InProgress',
    CaseEscalated: null,
    SlaBreached: null,
    CaseResolved: 'Resolved',
    CaseClosed: 'Closed',
    CaseReopened: 'InProgress',
    CaseMerged: 'Closed',
  },
  fields: {
    owner: { column: 'agent_id', type: 'text', en: 'Agent', zh: '客服' },
    queueId: { column: 'queue_id', type: 'text', en: 'Queue', zh: '队列' },
    priority: { column: 'priority', type: 'text', en: 'Priority', zh: '优先级' },
    category: { column: 'category', type: 'text', en: 'Category', zh: '类别' },
    breached: { column: 'breached', type: 'integer', en: 'A promise was broken', zh: '已违约' },
    due: {
      column: 'due_at',
      type: 'integer',
      en: 'The next promise ends',
      zh: '最近到期时间',
      unit: 'ms',
      of: earliestDue,
    },
  },
  changes: {
    CaseOpened: ({ priority, category }) => ({ priority, category, breached: 0 }),
    EntitlementDenied: () => noneDue,
    SlaClockStarted: ({ kind, dueAt }) => (kind === 'UNKNOWN' ? {} : { [DUE[kind]]: dueAt }),
    CaseAssigned: ({ agentId, queueId }) => ({ owner: agentId, queueId }),
    CaseResponded: ({ byHuman }) => (byHuman ? { firstDue: null, nextDue: null } : {}),
    CasePendedOnCustomer: () => noneDue,
    CustomerReplyReceived: ({ caseId, resumed }) =>
      Object.fromEntries(
        resumed.map(({ clockId, dueAt }) => [DUE[kindOfResumed(caseId, clockId)], dueAt] as const),
      ),
    SlaBreached: () => ({ breached: 1 }),
    CaseResolved: () => noneDue,
    CaseMerged: () => noneDue,
  },
});

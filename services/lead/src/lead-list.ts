// The list behind `GET /api/leads`.
import type { LeadEvents } from '@tenure/events/generated/lead';
import { listModel } from '@tenure/service-kit';

const answered = () => ({ overdue: 0 });

export const leads = listModel<LeadEvents>({
  name: 'leads',
  source: 'lead',
  aggregate: 'lead',
  status: {
    LeadCaptured: 'New',
    LeadEnriched: null,
    LeadScored: null,
    LeadAssigned: 'Assigned',
    LeadContactAttempted: 'Working',
    LeadResponseOverdue: null,
    LeadNurtured: 'Nurturing',
    LeadQualified: 'Qualified',
    LeadDisqualified: 'Disqualified',
    LeadMarkedDuplicate: 'Disqualified',
    LeadRecycled: 'Nurturing',
    LeadConversionRequested: 'Converting',
    LeadConverted: 'Converted',
    LeadConversionFailed: 'Qualified',
  },
  fields: {
    owner: { column: 'owner', type: 'text', en: 'Owner', zh: '负责人' },
    source: { column: 'source', type: 'text', en: 'Source', zh: '来源' },
    grade: { column: 'grade', type: 'text', en: 'Grade', zh: '等级' },
    level: { column: 'level', type: 'text', en: 'Qualified as', zh: '资格级别' },
    overdue: {
      column: 'overdue',
      type: 'integer',
      en: 'Response overdue (1) or not (0)',
      zh: '是否超时未响应',
    },
  },
  changes: {
    LeadCaptured: ({ source }) => ({ source, overdue: 0 }),
    LeadScored: ({ grade }) => ({ grade }),
    LeadAssigned: ({ ownerId }) => ({ owner: ownerId, overdue: 0 }),
    LeadContactAttempted: answered,
    LeadResponseOverdue: () => ({ overdue: 1 }),
    LeadNurtured: answered,
    LeadQualified: ({ level }) => ({ level, overdue: 0 }),
    LeadDisqualified: answered,
    LeadMarkedDuplicate: answered,
  },
});

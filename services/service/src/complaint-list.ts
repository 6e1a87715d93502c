// The list behind `GET /api/complaints`.
import { listModel } from '@tenure/service-kit';
import type { ComplaintEvents } from './complaint.ts';

export const complaints = listModel<ComplaintEvents>({
  name: 'complaints',
  source: 'service',
  aggregate: 'complaint',
  status: {
    ComplaintRegistered: 'Registered',
    ComplaintAcknowledged: 'Acknowledged',
    ComplaintInvestigated: 'Investigating',
    RemedyOffered: 'RemedyOffered',
    RemedyAccepted: 'Settled',
    RemedyDeclined: 'Investigating',
    ComplaintRejected: 'Rejected',
    ComplaintEscalated: 'EscalatedExternally',
  },
  fields: {
    caseId: { column: 'case_id', type: 'text', en: 'Case', zh: '个案' },
    topic: { column: 'topic', type: 'text', en: 'Topic', zh: '主题' },
    severity: { column: 'severity', type: 'text', en: 'Severity', zh: '严重程度' },
  },
  changes: {
    ComplaintRegistered: ({ caseId, topic, severity }) => ({ caseId, topic, severity }),
  },
});

// The list behind `GET /api/returns`.
import { listModel } from '@tenure/service-kit';
import type { ReturnParts } from './return.ts';

export const returnList = listModel<ReturnParts['events']>({
  name: 'returns',
  source: 'order',
  aggregate: 'return',
  status: {
    ReturnRequested: 'Requested',
    ReturnApproved: 'Approved',
    ReturnRejected: 'Rejected',
    ReturnReceived: 'Received',
    RefundIssued: 'Refunded',
  },
  fields: { orderId: { column: 'order_id', type: 'text', en: 'Order', zh: '订单' } },
  changes: { ReturnRequested: ({ orderId }) => ({ orderId }) },
});

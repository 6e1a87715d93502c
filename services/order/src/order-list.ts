// The list behind `GET /api/orders`.
import { listModel } from '@tenure/service-kit';
import type { OrderAggregateEvents } from './order-parts.ts';

export const orders = listModel<OrderAggregateEvents>({
  name: 'orders',
  source: 'order',
  aggregate: 'order',
  status: {
    OrderPlaced: 'Placed',
    OrderConfirmed: 'Confirmed',
    OrderRejected: 'Rejected',
    OrderPutOnHold: 'OnHold',
    OrderReleased: 'Confirmed',
    OrderAmended: null,
    OrderLinesFulfilled: 'PartiallyFulfilled',
    OrderFulfilled: 'Fulfilled',
    ReturnReserved: null,
    ReturnReleased: null,
    OrderCancelled: 'Cancelled',
    OrderClosed: 'Closed',
  },
  fields: {
    channel: { column: 'channel', type: 'text', en: 'Channel', zh: '渠道' },
    externalRef: {
      column: 'external_ref',
      type: 'text',
      en: 'Reference in the ordering system',
      zh: '外部订单号',
    },
    opportunityId: { column: 'opportunity_id', type: 'text', en: 'Opportunity', zh: '商机' },
  },
  changes: {
    OrderPlaced: ({ channel, externalRef, opportunityId }) => ({ channel, externalRef, opportunityId }),
  },
});

// The order service: its only wiring.
import {
  CalendarPolicySchema,
  defineService,
  DeploymentPolicySchema,
  modelOf,
  partyLookup,
  type AggregateSpec,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { commands } from './commands.ts';
import { customerOfReturn, orderContext, returnContext } from './contexts.ts';
import { deadlines } from './deadlines.ts';
import { orders } from './order-list.ts';
import { OrderView, orderView } from './order-view.ts';
import { order } from './order.ts';
import type { OrderState } from './order-parts.ts';
import { OrderPolicy } from './policy.ts';
import { returnCommands } from './return-commands.ts';
import { returnList } from './return-list.ts';
import { returnReservation } from './return-reservation.ts';
import { ReturnView, returnView } from './return-view.ts';
import { returns, type ReturnState } from './return.ts';
import { wonToOrder } from './won-to-order.ts';

const naturalKey = (body: object): readonly string[] | null => {
  const { channel, externalRef, opportunityId } = body as {
    channel: string;
    externalRef?: string | null;
    opportunityId?: string | null;
  };
  if (externalRef !== undefined && externalRef !== null) return [channel, externalRef];
  return opportunityId === undefined || opportunityId === null ? null : [opportunityId];
};

const orderAggregate: AggregateSpec = {
  model: modelOf(order),
  plural: 'orders',
  idField: 'orderId',
  creates: 'PlaceOrder',
  commands,
  internal: ['ReserveReturn', 'ReleaseReturn', 'CloseOrder'],
  naturalKey,
  customer: 'body',
  view: { schema: OrderView, of: (state, about) => orderView(state as OrderState, about) },
  list: orders,
  filters: {
    channel: { column: 'channel', op: 'eq' },
    externalRef: { column: 'external_ref', op: 'eq' },
    opportunityId: { column: 'opportunity_id', op: 'eq' },
  },
  context: orderContext,
};

const returnAggregate: AggregateSpec = {
  model: modelOf(returns),
  plural: 'returns',
  idField: 'returnId',
  creates: 'RequestReturn',
  commands: returnCommands,
  customer: customerOfReturn,
  view: { schema: ReturnView, of: (state, about) => returnView(state as ReturnState, about) },
  context: returnContext,
  list: returnList,
  filters: { orderId: { column: 'order_id', op: 'eq' } },
};

export const orderService: ServiceDefinition = defineService({
  name: 'order',
  aggregates: [orderAggregate, returnAggregate],
  reactions: [wonToOrder, returnReservation],
  deadlines,
  lookups: [partyLookup('order')],
  policies: [
    { policy: 'order', schema: OrderPolicy },
    { policy: 'deployment', schema: DeploymentPolicySchema },
    { policy: 'calendar', schema: CalendarPolicySchema },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
});

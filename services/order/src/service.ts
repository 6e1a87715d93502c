// The order service: its only wiring.
import { addBusinessDays, businessCalendar, type BusinessCalendar } from '@tenure/core';
import {
  CalendarPolicySchema,
  defineService,
  DeploymentPolicySchema,
  partyLookup,
  type AggregateSpec,
  type CalendarPolicy,
  type DeploymentPolicy,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { commands } from './commands.ts';
import { deadlines } from './deadlines.ts';
import { orders } from './order-list.ts';
import { OrderView, orderView } from './order-view.ts';
import { order, type OrderContext, type OrderState } from './order.ts';
import { OrderPolicy } from './policy.ts';

/** The promise counts business days of this calendar. */
const CALENDAR = 'business';

type Promises = { readonly calendar: BusinessCalendar; readonly byDay: Map<string, string> };

/** A checked calendar per policy version, with what it has promised: an import asks with every order. */
const promises = new WeakMap<CalendarPolicy, Promises>();
/** Ten years of order days. */
const MAX_PROMISES = 4_000;

const promiseFrom = (policy: CalendarPolicy, today: string, businessDays: number): string => {
  const known = promises.get(policy) ?? { calendar: businessCalendar(policy), byDay: new Map() };
  promises.set(policy, known);
  const { calendar, byDay } = known;
  const name = `${today}+${businessDays}`;
  const promise = byDay.get(name) ?? addBusinessDays(calendar, today, businessDays);
  if (byDay.size < MAX_PROMISES) byDay.set(name, promise);
  return promise;
};

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
  model: order,
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
  context({ policies }, { base }): Promise<OrderContext> {
    const { zone } = policies.at<DeploymentPolicy>('deployment', base.today);
    const policy = policies.at<OrderPolicy>('order', base.today);
    const calendar = policies.at<CalendarPolicy>('calendar', base.today, CALENDAR);
    return Promise.resolve({
      policy,
      zone,
      defaultPromise: promiseFrom(calendar, base.today, policy.promiseBusinessDays),
    });
  },
};

export const orderService: ServiceDefinition = defineService({
  name: 'order',
  aggregates: [orderAggregate],
  deadlines,
  lookups: [partyLookup('order')],
  policies: [
    { policy: 'order', schema: OrderPolicy },
    { policy: 'deployment', schema: DeploymentPolicySchema },
    { policy: 'calendar', schema: CalendarPolicySchema },
  ],
  policyFolder: new URL('../policies/', import.meta.url),
});

// What the deciders of orders and returns know beyond their stream: policy, promise, the other side of a return.
import {
  addBusinessDays,
  businessCalendar,
  ruleViolated,
  type BusinessCalendar,
  type CommandContext,
} from '@tenure/core';
import type { CalendarPolicy, ContextSources, CustomerOf, DeploymentPolicy } from '@tenure/service-kit';
import type { OrderContext, OrderState } from './order-parts.ts';
import type { OrderPolicy } from './policy.ts';
import type { Returned } from './refunds.ts';
import { UNDER_WAY, type ReturnContext, type ReturnState } from './return.ts';

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

type Asked = { readonly name: string; readonly data: object; readonly base: CommandContext };

const policiesOf = ({ policies }: ContextSources, { today }: CommandContext) => ({
  policy: policies.at<OrderPolicy>('order', today),
  zone: policies.at<DeploymentPolicy>('deployment', today).zone,
});

export const orderContext = async (sources: ContextSources, asked: Asked): Promise<OrderContext> => {
  const { today } = asked.base;
  const { policy, zone } = policiesOf(sources, asked.base);
  const calendar = sources.policies.at<CalendarPolicy>('calendar', today, CALENDAR);
  const defaultPromise = promiseFrom(calendar, today, policy.promiseBusinessDays);
  return { policy, zone, defaultPromise, ...(await returnsOf(sources, asked)) };
};

type Returns = Pick<OrderContext, 'returnWaits' | 'returnsUnderWay'>;

const returnsOf = async (sources: ContextSources, { name, data, base }: Asked): Promise<Returns> => {
  switch (name) {
    case 'ReserveReturn': {
      const { status } = await returnOf(sources, (data as { readonly returnId: string }).returnId);
      return { returnWaits: status === 'Requested', returnsUnderWay: [] };
    }
    case 'CloseOrder': {
      const { reserved } = await orderOf(sources, base.id);
      const open = await Promise.all(
        Object.keys(reserved).map(async (id) =>
          UNDER_WAY.includes((await returnOf(sources, id)).status) ? [id] : [],
        ),
      );
      return { returnWaits: false, returnsUnderWay: open.flat() };
    }
    default:
      return { returnWaits: false, returnsUnderWay: [] };
  }
};

const orderOf = async ({ read }: ContextSources, id: string): Promise<OrderState> =>
  (await read('order', id)).state as OrderState;

const returnOf = async ({ read }: ContextSources, id: string): Promise<ReturnState> =>
  (await read('return', id)).state as ReturnState;

/** A return is that of the order's customer. @throws UNKNOWN_ORDER */
export const customerOfReturn: CustomerOf = async ({ body }, { read }) => {
  const { key } = await read('order', (body as { readonly orderId: string }).orderId);
  if (key === null) throw ruleViolated('UNKNOWN_ORDER', 'There is no order with this id.');
  return key;
};

export const returnContext = async (sources: ContextSources, asked: Asked): Promise<ReturnContext> => {
  const { name, data, base } = asked;
  const asking = name === 'RequestReturn';
  const orderId = asking
    ? (data as { readonly orderId: string }).orderId
    : (await returnOf(sources, base.id)).orderId;
  const order = orderId === null ? null : await orderOf(sources, orderId);
  return {
    ...policiesOf(sources, base),
    order,
    underWay: asking ? await underWayOf(sources, base.customerId) : 0,
    refunded: asking || order === null ? [] : await refundedOf(sources, order, base.id),
  };
};

const underWayOf = ({ lookups }: ContextSources, customerId: string): Promise<number> =>
  lookups.count('returns', [
    { column: 'customer_id', op: 'eq', value: customerId },
    { column: 'status', op: 'in', value: [...UNDER_WAY] },
  ]);

/** What the other returns of the order have paid back: each of them holds pieces of it. */
const refundedOf = async (
  sources: ContextSources,
  { reserved }: OrderState,
  self: string,
): Promise<readonly Returned[]> => {
  const others = await Promise.all(
    Object.keys(reserved)
      .filter((id) => id !== self)
      .map((id) => returnOf(sources, id)),
  );
  return others.flatMap(({ refund }) => (refund === null ? [] : [refund.lines]));
};

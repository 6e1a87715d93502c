// What `GET /api/orders/{id}` shows of the state.
import { formatInstant } from '@tenure/core';
import { fields, shownNumber, type ViewedAggregate } from '@tenure/service-kit';
import { z } from 'zod';
import type { OrderState } from './order-parts.ts';

const Quantities = z.array(z.object({ lineId: fields.id, qty: z.int() }));

export const OrderView = z.object({
  /** For eyes: SO-261120-7ZQ3M0. */
  number: z.string().nullable(),
  channel: z.string().nullable(),
  externalRef: z.string().nullable(),
  opportunityId: z.string().nullable(),
  lines: z.array(
    z.object({ lineId: fields.id, productId: fields.id, qty: z.int(), total: fields.money.any }).loose(),
  ),
  total: fields.money.any.nullable(),
  promisedOn: z.string().nullable(),
  placedAt: z.string().nullable(),
  fulfilledAt: z.string().nullable(),
  onTime: z.boolean().nullable(),
  fulfilled: Quantities,
  reservedForReturns: z.array(z.object({ returnId: fields.id, lines: Quantities })),
});

export type OrderView = z.infer<typeof OrderView>;

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));

/** The state as people and programs read it. */
export const orderView = (
  state: OrderState,
  { id, zone }: ViewedAggregate,
): Omit<OrderView, 'lines'> & { readonly lines: OrderState['lines'] } => ({
  number: state.placedAt === null ? null : shownNumber('SO', id, state.placedAt, zone),
  channel: state.channel,
  externalRef: state.externalRef,
  opportunityId: state.opportunityId,
  lines: state.lines,
  total: state.total,
  promisedOn: state.promisedOn,
  placedAt: instant(state.placedAt),
  fulfilledAt: instant(state.fulfilledAt),
  onTime: state.onTime,
  fulfilled: Object.entries(state.fulfilled).map(([lineId, qty]) => ({ lineId, qty })),
  reservedForReturns: Object.entries(state.reserved).map(([returnId, lines]) => ({
    returnId,
    lines: [...lines],
  })),
});

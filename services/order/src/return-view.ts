// What `GET /api/returns/{id}` shows of the state.
import { formatInstant } from '@tenure/core';
import { fields, shownNumber, type ViewedAggregate } from '@tenure/service-kit';
import { z } from 'zod';
import type { ReturnState } from './return.ts';

const Quantities = z.array(z.object({ lineId: fields.id, qty: z.int() }));

export const ReturnView = z.object({
  /** For eyes: RT-261120-7ZQ3M0. */
  number: z.string().nullable(),
  orderId: fields.id.nullable(),
  lines: Quantities,
  reasonCode: z.string().nullable(),
  policyVersion: z.int(),
  requestedAt: z.string().nullable(),
  approvedBy: z.object({ kind: z.string(), id: z.string() }).nullable(),
  rejectionCode: z.string().nullable(),
  received: Quantities.nullable(),
  condition: z.string().nullable(),
  refund: z.object({ amount: fields.money.any, lines: Quantities }).nullable(),
});

/** The state as people and programs read it. */
export const returnView = (
  { status: _status, requestedAt, ...shown }: ReturnState,
  { id, zone }: ViewedAggregate,
): object => ({
  ...shown,
  number: requestedAt === null ? null : shownNumber('RT', id, requestedAt, zone),
  requestedAt: requestedAt === null ? null : formatInstant(requestedAt),
});

// What `GET /api/complaints/{id}` shows of the state. Personal texts are references here; the edge opens or masks them.
import { formatInstant } from '@tenure/core';
import { fields, shownNumber, type ViewedAggregate } from '@tenure/service-kit';
import { z } from 'zod';
import type { ComplaintState } from './complaint.ts';

const text = z.string().nullable();

export const ComplaintView = z.object({
  /** For eyes: CP-260317-7ZQ3M0. */
  number: text,
  caseId: fields.id.nullable(),
  topic: text,
  severity: text,
  channel: text,
  text,
  policyVersion: z.int().nullable(),
  registeredAt: text,
  withinHours: text,
  rootCause: text,
  fault: text,
  offers: z.array(
    z.object({
      kind: z.string(),
      value: fields.money.any.nullable(),
      points: z.int().nullable(),
      outcome: z.string(),
      reason: text,
    }),
  ),
  rejection: text,
  escalatedTo: text,
});

/** The state as people and programs read it; personal texts still sealed. */
export const complaintView = (state: ComplaintState, { id, zone }: ViewedAggregate): object => {
  const { status: _, registeredAt, ...shown } = state;
  return {
    number: registeredAt === null ? null : shownNumber('CP', id, registeredAt, zone),
    ...shown,
    registeredAt: registeredAt === null ? null : formatInstant(registeredAt),
  };
};

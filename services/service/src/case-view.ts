// What `GET /api/cases/{id}` shows of the state. Personal texts are references here; the edge opens or masks them.
import { formatInstant } from '@tenure/core';
import { fields, shownNumber, type ViewedAggregate } from '@tenure/service-kit';
import { z } from 'zod';
import type { CaseState } from './case-parts.ts';
import { CLOCK_KINDS } from './clocks.ts';

const text = z.string().nullable();
const id = fields.id.nullable();

export const CaseView = z.object({
  /** For eyes: CS-260317-7ZQ3M0. */
  number: text,
  interactionId: id,
  channel: text,
  category: text,
  priority: text,
  subject: text,
  productId: id,
  orderId: id,
  assetId: id,
  followsCaseId: id,
  openedAt: text,
  entitlement: z
    .object({
      serviceContractId: id,
      slaPolicyId: z.string(),
      slaPolicyVersion: z.int(),
      calendarId: z.string(),
      calendarVersion: z.int(),
    })
    .nullable(),
  denied: z.object({ reasonCode: z.string(), chargeable: z.boolean() }).nullable(),
  /** What is promised now. `dueAt` is null while the customer is asked: the clock stands still. */
  clocks: z.array(
    z.object({
      clockId: fields.id,
      kind: z.string(),
      targetMinutes: z.int(),
      dueAt: text,
      breached: z.boolean(),
    }),
  ),
  agentId: id,
  queueId: id,
  skill: text,
  answered: z.boolean(),
  question: text,
  level: z.int(),
  teamId: id,
  breaches: z.int(),
  resolvedAt: text,
  resolutionCode: text,
  firstContact: z.boolean().nullable(),
  articleId: id,
  reopened: z.int(),
  reopenReason: text,
  intoCaseId: id,
});

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));

const shownClocks = ({ waiting, pausedAt }: CaseState['clocks']): readonly object[] =>
  CLOCK_KINDS.flatMap((kind) => {
    const clock = waiting[kind]?.clock;
    if (!clock) return [];
    const { clockId, targetMinutes, dueAt, breached } = clock;
    const stands = pausedAt !== null && !breached;
    return [{ clockId, kind, targetMinutes, dueAt: stands ? null : formatInstant(dueAt), breached }];
  });

/** The state as people and programs read it; personal texts still sealed. */
export const caseView = (state: CaseState, { id: caseId, zone }: ViewedAggregate): object => {
  const { status: _, clocks, openedAt, resolvedAt, ...shown } = state;
  return {
    number: openedAt === null ? null : shownNumber('CS', caseId, openedAt, zone),
    ...shown,
    openedAt: instant(openedAt),
    resolvedAt: instant(resolvedAt),
    clocks: shownClocks(clocks),
  };
};

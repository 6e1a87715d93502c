// What `GET /api/opportunities/{id}` shows of the state. Personal values are references here; the edge opens them.
import { formatInstant } from '@tenure/core';
import { fields, shownNumber, type ViewedAggregate } from '@tenure/service-kit';
import { z } from 'zod';
import type { OpportunityState } from './opportunity-state.ts';
import { orderOfWin } from './opportunity.ts';

/** Null where the caller may not see it, or where it is erased (`masked` says which). */
const personal = z.string().nullable();

export const OpportunityView = z.object({
  /** For eyes: OP-261120-7ZQ3M0. */
  number: z.string().nullable(),
  originLeadId: fields.id.nullable(),
  kind: z.string().nullable(),
  name: z.string().nullable(),
  pipelineId: z.string().nullable(),
  pipelineVersion: z.int().nullable(),
  stageId: z.string().nullable(),
  stageSince: z.string().nullable(),
  stalled: z.boolean(),
  amount: fields.money.any.nullable(),
  expectedCloseOn: z.string().nullable(),
  category: z.string().nullable(),
  ownerId: fields.id.nullable(),
  lines: z.array(
    z.object({ lineId: fields.id, productId: fields.id, qty: z.int(), total: fields.money.any }).loose(),
  ),
  contacts: z.array(
    z.object({ contactId: fields.id.nullable(), leadId: fields.id.nullable(), role: z.string() }),
  ),
  competitors: z.array(z.object({ competitorId: fields.id, position: z.string(), note: personal })),
  objections: z.array(
    z.object({ kind: z.string(), nature: z.string(), answered: z.boolean(), response: personal }),
  ),
  openedAt: z.string().nullable(),
  /** The order that the win leads to. */
  orderId: fields.id.nullable(),
  reasonCode: z.string().nullable(),
});

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));

/** The state as people and programs read it; personal values still sealed. */
export const opportunityView = (
  { status: _status, stageSince, openedAt, wonRevision, ...shown }: OpportunityState,
  { id, zone }: ViewedAggregate,
): object => ({
  ...shown,
  number: openedAt === null ? null : shownNumber('OP', id, openedAt, zone),
  stageSince: instant(stageSince),
  openedAt: instant(openedAt),
  orderId: wonRevision === null ? null : orderOfWin(id, wonRevision),
});

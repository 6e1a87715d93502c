// What the service looks up: who got a lead by the rule, and which leads are in a deal.
import { idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { LeadEvents } from '@tenure/events/generated/lead';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import { column, projection, slice, type Document, type ProjectionDefinition } from '@tenure/projections';
import { lookupName, type ContextSources } from '@tenure/service-kit';
import type { Member } from './assignment.ts';

export const MANUAL = 'manual';

const ASSIGNMENTS = 'assignments';
const DEALS = 'deals';

type Assignment = { readonly ownerId: string; readonly at: number } | null;

const assignmentOf = (document: Document): Assignment => document.slices['lead'] as Assignment;

/** The newest assignment of a lead to an agent by the rule: a row per lead and agent. */
export const assignments: ProjectionDefinition = projection({
  name: lookupName('lead', ASSIGNMENTS),
  version: 1,
  documentId(event) {
    if (event.type !== 'LeadAssigned') return null;
    const { ownerId, ruleId } = event.data as LeadEvents['LeadAssigned'];
    return ruleId === MANUAL ? null : `${idOfStream(event.stream)}.${ownerId}`;
  },
  slices: {
    lead: slice<Assignment, LeadEvents>({
      init: () => null,
      on: { LeadAssigned: (_, { data: { ownerId }, occurredAt }) => ({ ownerId, at: occurredAt }) },
    }),
  },
  columns: [
    column('owner', 'text', (document) => assignmentOf(document)?.ownerId ?? null, {
      en: 'Agent',
      zh: '负责人',
    }),
    column('assigned_at', 'integer', (document) => assignmentOf(document)?.at ?? null, {
      en: 'Assigned at',
      zh: '分配时间',
      unit: 'ms',
    }),
  ],
});

/** What the rule has given an agent so far. */
export const memberOf = async (lookups: ContextSources['lookups'], agentId: string): Promise<Member> => {
  const his = { column: 'owner', op: 'eq', value: agentId } as const;
  const [row] = await lookups.query(ASSIGNMENTS, {
    filters: [his],
    sort: { column: 'assigned_at', descending: true },
    limit: 1,
  });
  const newest = row?.columns[1];
  if (typeof newest !== 'number') return { agentId, newest: null, given: 0 };
  return { agentId, newest, given: await lookups.count(ASSIGNMENTS, [his]) };
};

type Joined = { readonly leads: readonly string[] };

const leadOf = ({ type, data }: DecodedEvent): string | null =>
  type === 'OpportunityOpened'
    ? (data as OpportunityEvents['OpportunityOpened']).originLeadId
    : type === 'OpportunityContactAttached'
      ? (data as OpportunityEvents['OpportunityContactAttached']).leadId
      : null;

const joins = ({ leads }: Joined, leadId: string | null): Joined =>
  leadId === null || leads.includes(leadId) ? { leads } : { leads: [...leads, leadId] };

/** The leads of a deal: the one it comes from and those that joined. Deals without leads are not here. */
export const deals: ProjectionDefinition = projection({
  name: lookupName('lead', DEALS),
  version: 1,
  documentId: (event) => (leadOf(event) === null ? null : idOfStream(event.stream)),
  slices: {
    opportunity: slice<Joined, OpportunityEvents>({
      init: () => ({ leads: [] }),
      on: {
        OpportunityOpened: (deal, { data: { originLeadId } }) => joins(deal, originLeadId),
        OpportunityContactAttached: (deal, { data: { leadId } }) => joins(deal, leadId),
      },
    }),
  },
  columns: [],
});

/** True when the lead is in the deal. */
export const isInDeal = async (
  lookups: ContextSources['lookups'],
  leadId: string,
  opportunityId: string,
): Promise<boolean> => {
  const document = await lookups.get(DEALS, opportunityId);
  if (document === undefined || document.body === '') return false;
  const { slices } = JSON.parse(document.body) as { slices: { opportunity?: Joined } };
  return slices.opportunity?.leads.includes(leadId) === true;
};

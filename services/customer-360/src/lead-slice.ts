// The lead part of the document: every interest this party showed, and how far it got.
import { dateAt, formatInstant } from '@tenure/core';
import type { DecodedEvent, Sealable } from '@tenure/events';
import type { LeadEvents } from '@tenure/events/generated/lead';
import { slice, type Slice } from '@tenure/projections';
import { changeFirst, withNewest } from './lists.ts';
import { withTimes, type Times } from './times.ts';

/** `eventId` names the event that changed it last. Instants are ISO 8601, UTC; dates are business dates. */
export type ListedLead = {
  readonly capturedAt: string;
  readonly duplicateOf: string | null;
  readonly eventId: string;
  readonly grade: string | null;
  readonly leadId: string;
  /** MQL or SQL. */
  readonly level: string | null;
  readonly overdue: boolean;
  readonly ownerId: string | null;
  /** Name, e-mail, telephone, job title as they were captured. */
  readonly person: Sealable<object>;
  readonly qualifiedOn: string | null;
  readonly reasonCode: string | null;
  readonly reengageOn: string | null;
  readonly respondBy: string | null;
  readonly score: number | null;
  readonly source: string;
  readonly status: string;
};

export type LeadSlice = Times & {
  readonly captured: number;
  readonly converted: number;
  /** The newest first. */
  readonly leads: readonly ListedLead[];
};

/** Fifty may be open at once (the aggregate's limit); the others tell the story so far. */
const LEADS = 100;

export const noLeads: LeadSlice = { captured: 0, converted: 0, createdAt: null, leads: [], updatedAt: null };

/** Neither converted nor given up. */
export const isOpenLead = ({ status }: ListedLead): boolean =>
  status !== 'Converted' && status !== 'Disqualified';

const place = ({ capturedAt, leadId }: ListedLead) => ({ at: capturedAt, id: leadId });

type LeadFact = { readonly id: string; readonly data: { readonly leadId: string } };

const changed = (
  state: LeadSlice,
  { id: eventId, data: { leadId } }: LeadFact,
  change: Partial<ListedLead>,
): LeadSlice => ({
  ...state,
  leads: changeFirst(state.leads, (lead) => lead.leadId === leadId, { ...change, eventId }),
});

type Captured = DecodedEvent<'LeadCaptured', LeadEvents['LeadCaptured']>;

const listed = ({ id: eventId, occurredAt, data: { leadId, person, source } }: Captured): ListedLead => ({
  capturedAt: formatInstant(occurredAt),
  duplicateOf: null,
  eventId,
  grade: null,
  leadId,
  level: null,
  overdue: false,
  ownerId: null,
  person,
  qualifiedOn: null,
  reasonCode: null,
  reengageOn: null,
  respondBy: null,
  score: null,
  source,
  status: 'New',
});

type Handlers = Parameters<typeof slice<LeadSlice, LeadEvents>>[0]['on'];

const handlers = (zone: string): Handlers => ({
  LeadCaptured: (state, event) => ({
    ...state,
    captured: state.captured + 1,
    leads: withNewest(state.leads, listed(event), place, LEADS),
  }),
  LeadEnriched: (state, event) => changed(state, event, {}),
  LeadScored: (state, event) => changed(state, event, { grade: event.data.grade, score: event.data.score }),
  LeadAssigned: (state, event) =>
    changed(state, event, {
      overdue: false,
      ownerId: event.data.ownerId,
      respondBy: event.data.respondBy === null ? null : formatInstant(event.data.respondBy),
      status: 'Assigned',
    }),
  LeadContactAttempted: (state, event) =>
    changed(state, event, { overdue: false, respondBy: null, status: 'Working' }),
  LeadResponseOverdue: (state, event) => changed(state, event, { overdue: true }),
  LeadNurtured: (state, event) =>
    changed(state, event, { overdue: false, reengageOn: event.data.reengageOn, status: 'Nurturing' }),
  LeadQualified: (state, event) =>
    changed(state, event, {
      level: event.data.level,
      overdue: false,
      qualifiedOn: dateAt(event.occurredAt, zone),
      status: 'Qualified',
    }),
  LeadDisqualified: (state, event) =>
    changed(state, event, { overdue: false, reasonCode: event.data.reasonCode, status: 'Disqualified' }),
  LeadMarkedDuplicate: (state, event) =>
    changed(state, event, {
      duplicateOf: event.data.duplicateOfLeadId ?? event.data.duplicateOfCustomerId,
      overdue: false,
      status: 'Disqualified',
    }),
  LeadRecycled: (state, event) =>
    changed(state, event, { reasonCode: null, reengageOn: event.data.reengageOn, status: 'Nurturing' }),
  LeadConversionRequested: (state, event) => changed(state, event, { status: 'Converting' }),
  LeadConverted: (state, event) => ({
    ...changed(state, event, { status: 'Converted' }),
    converted: state.converted + 1,
  }),
  LeadConversionFailed: (state, event) => changed(state, event, { status: 'Qualified' }),
});

/** The slice of source `lead`; business dates are those of the deployment's zone. */
export const leadSlice = (zone: string): Slice<LeadSlice> =>
  withTimes(slice<LeadSlice, LeadEvents>({ init: () => noLeads, on: handlers(zone) }));

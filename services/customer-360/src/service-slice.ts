// The service part of the document: cases and complaints, the open ones in full, and what they add up to.
import { dateAt, formatInstant } from '@tenure/core';
import type { ServiceEvents } from '@tenure/events/generated/service';
import { slice, type Slice } from '@tenure/projections';
import { answered, clockBreached, clockStarted, pended, resumed, type ListedCase } from './cases.ts';
import { isOver, type ListedComplaint } from './complaints.ts';
import { changeFirst, withNewest } from './lists.ts';
import { withTimes, type Times } from './times.ts';

export type ServiceSlice = Times & {
  /** Cases ever opened, and how they went. */
  readonly cases: {
    readonly breached: number;
    readonly firstContact: number;
    readonly opened: number;
    readonly reopened: number;
    readonly resolved: number;
  };
  /** Complaints not over yet in full, and the newest of the others. */
  readonly complaints: readonly ListedComplaint[];
  /** In the order in which they were opened. */
  readonly openCases: readonly ListedCase[];
  /** The newest that are resolved, closed or merged, by the time they were opened. */
  readonly recentCases: readonly ListedCase[];
  readonly registeredComplaints: number;
};

const OPEN_CASES = 50; // the aggregate's limit
const RECENT_CASES = 20; // a page of the customer's screen
const COMPLAINTS = 40; // twenty may be open at once

export const noService: ServiceSlice = {
  cases: { breached: 0, firstContact: 0, opened: 0, reopened: 0, resolved: 0 },
  complaints: [],
  createdAt: null,
  openCases: [],
  recentCases: [],
  registeredComplaints: 0,
  updatedAt: null,
};

const placeOfCase = ({ openedAt, caseId }: ListedCase) => ({ at: openedAt, id: caseId });
const placeOfComplaint = ({ registeredOn, complaintId }: ListedComplaint) => ({
  at: registeredOn,
  id: complaintId,
});

type CaseFact = { readonly id: string; readonly data: { readonly caseId: string } };
type Changing = (listed: ListedCase) => Partial<ListedCase>;

const changedCase = (
  state: ServiceSlice,
  { id: eventId, data: { caseId } }: CaseFact,
  change: Changing,
): ServiceSlice => ({
  ...state,
  openCases: state.openCases.map((listed) =>
    listed.caseId === caseId ? { ...listed, ...change(listed), eventId } : listed,
  ),
});

/** A case that is resolved or merged is none to be worked on: it leaves the open ones. */
const settledCase = (
  state: ServiceSlice,
  { id: eventId, data: { caseId } }: CaseFact,
  change: Partial<ListedCase>,
): ServiceSlice => {
  const listed = state.openCases.find((open) => open.caseId === caseId);
  if (listed === undefined) return state;
  return {
    ...state,
    openCases: state.openCases.filter((open) => open !== listed),
    recentCases: withNewest(
      state.recentCases,
      { ...listed, clocks: [], ...change, eventId },
      placeOfCase,
      RECENT_CASES,
    ),
  };
};

/** A resolved case goes on. */
const reopenedCase = (
  state: ServiceSlice,
  { id: eventId, data: { caseId } }: CaseFact,
  by: 0 | 1,
): ServiceSlice => {
  const listed = state.recentCases.find((recent) => recent.caseId === caseId);
  if (listed === undefined) return state;
  const open = {
    ...listed,
    eventId,
    reopened: listed.reopened + by,
    resolutionCode: null,
    status: 'InProgress',
  };
  return {
    ...state,
    openCases: [...state.openCases, open].slice(-OPEN_CASES),
    recentCases: state.recentCases.filter((recent) => recent !== listed),
  };
};

const isOpen = (state: ServiceSlice, id: string): boolean =>
  state.openCases.some(({ caseId }) => caseId === id);

type Tally = ServiceSlice['cases'];
const tallied = (state: ServiceSlice, name: keyof Tally): ServiceSlice => ({
  ...state,
  cases: { ...state.cases, [name]: state.cases[name] + 1 },
});

type Handlers = Parameters<typeof slice<ServiceSlice, ServiceEvents>>[0]['on'];

const onCases = (zone: string): Handlers => ({
  CaseOpened(state, { id: eventId, occurredAt, data: { caseId, category, channel, orderId, priority } }) {
    const listed: ListedCase = {
      agentId: null,
      caseId,
      category,
      channel,
      clocks: [],
      eventId,
      level: 0,
      openedAt: formatInstant(occurredAt),
      openedOn: dateAt(occurredAt, zone),
      orderId,
      priority,
      reopened: 0,
      resolutionCode: null,
      status: 'New',
    };
    const openCases = [...state.openCases, listed].slice(-OPEN_CASES);
    return tallied({ ...state, openCases }, 'opened');
  },
  EntitlementDenied: (state, event) => changedCase(state, event, () => ({ clocks: [] })),
  SlaClockStarted: (state, event) =>
    changedCase(state, event, (listed) => clockStarted(listed, { ...event.data, eventId: event.id }, zone)),
  SlaBreached: (state, event) =>
    tallied(
      changedCase(state, event, (listed) => clockBreached(listed, event.data.clockId, event.id)),
      'breached',
    ),
  CaseAssigned: (state, event) =>
    changedCase(state, event, () => ({ agentId: event.data.agentId, status: 'Assigned' })),
  CaseResponded: (state, event) =>
    changedCase(state, event, (listed) => answered(listed, event.data.byHuman)),
  CasePendedOnCustomer: (state, event) => changedCase(state, event, pended),
  CustomerReplyReceived(state, event) {
    const open = isOpen(state, event.data.caseId) ? state : reopenedCase(state, event, 0);
    return changedCase(open, event, (listed) => resumed(listed, event.data.resumed, zone));
  },
  CaseEscalated: (state, event) => changedCase(state, event, () => ({ level: event.data.level })),
});

const onSettled: Handlers = {
  CaseResolved(state, event) {
    const { firstContact, resolutionCode } = event.data;
    const settled = settledCase(state, event, { resolutionCode, status: 'Resolved' });
    const counted = tallied(settled, 'resolved');
    return firstContact ? tallied(counted, 'firstContact') : counted;
  },
  CaseClosed: (state, event) => ({
    ...state,
    recentCases: changeFirst(state.recentCases, ({ caseId }) => caseId === event.data.caseId, {
      eventId: event.id,
      status: 'Closed',
    }),
  }),
  CaseReopened: (state, event) => tallied(reopenedCase(state, event, 1), 'reopened'),
  CaseMerged: (state, event) => settledCase(state, event, { status: 'Closed' }),
};

type ComplaintFact = { readonly id: string; readonly data: { readonly complaintId: string } };

const changedComplaint = (
  state: ServiceSlice,
  { id: eventId, data: { complaintId } }: ComplaintFact,
  change: Partial<ListedComplaint>,
): ServiceSlice => ({
  ...state,
  complaints: changeFirst(state.complaints, (listed) => listed.complaintId === complaintId, {
    ...change,
    eventId,
  }),
});

const onComplaints = (zone: string): Handlers => ({
  ComplaintRegistered(state, { id: eventId, occurredAt, data: { caseId, complaintId, severity, topic } }) {
    const listed: ListedComplaint = {
      acknowledgedOn: null,
      caseId,
      complaintId,
      declined: 0,
      eventId,
      registeredOn: dateAt(occurredAt, zone),
      remedy: null,
      severity,
      status: 'Registered',
      topic,
    };
    return {
      ...state,
      complaints: withNewest(withRoom(state.complaints), listed, placeOfComplaint, COMPLAINTS),
      registeredComplaints: state.registeredComplaints + 1,
    };
  },
  ComplaintAcknowledged: (state, event) =>
    changedComplaint(state, event, {
      acknowledgedOn: dateAt(event.occurredAt, zone),
      status: 'Acknowledged',
    }),
  ComplaintInvestigated: (state, event) => changedComplaint(state, event, { status: 'Investigating' }),
  RemedyOffered(state, event) {
    const { kind, points, value } = event.data;
    return changedComplaint(state, event, { remedy: { kind, points, value }, status: 'RemedyOffered' });
  },
  RemedyAccepted: (state, event) => changedComplaint(state, event, { status: 'Settled' }),
  RemedyDeclined(state, event) {
    const { complaintId } = event.data;
    const before = state.complaints.find((listed) => listed.complaintId === complaintId)?.declined ?? 0;
    return changedComplaint(state, event, { declined: before + 1, status: 'Investigating' });
  },
  ComplaintRejected: (state, event) => changedComplaint(state, event, { status: 'Rejected' }),
  ComplaintEscalated: (state, event) => changedComplaint(state, event, { status: 'EscalatedExternally' }),
});

/** An open complaint is never pushed out: the oldest that is over goes first. */
const withRoom = (complaints: readonly ListedComplaint[]): readonly ListedComplaint[] => {
  if (complaints.length < COMPLAINTS) return complaints;
  const oldest = complaints.findLastIndex(isOver);
  return oldest < 0 ? complaints : complaints.toSpliced(oldest, 1);
};

/** The slice of source `service`; business dates are those of the deployment's zone. */
export const serviceSlice = (zone: string): Slice<ServiceSlice> =>
  withTimes(
    slice<ServiceSlice, ServiceEvents>({
      init: () => noService,
      on: { ...onCases(zone), ...onSettled, ...onComplaints(zone) },
    }),
  );

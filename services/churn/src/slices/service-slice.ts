// What churn asks of the service desk: cases and how they went, broken promises, complaints and how they ended.
import { dateAt } from '@tenure/core';
import type { ServiceEvents } from '@tenure/events/generated/service';
import { slice, type Slice } from '@tenure/projections';
import { newerFact, withFact, type Fact } from './facts.ts';

/** A case that is not closed. */
export type OpenCase = Fact & {
  readonly caseId: string;
  readonly openedAt: number;
  readonly resolved: boolean;
  /** When it was to be resolved, as promised first. */
  readonly dueAt: number | null;
};

/** A complaint that is neither settled nor rejected. */
export type OpenComplaint = Fact & {
  readonly complaintId: string;
  readonly severity: string;
  readonly declined: Fact | null;
  /** Escalated to a body outside: over for us, not for the customer. */
  readonly escalated: Fact | null;
};

export type ServiceSlice = {
  readonly cases: readonly OpenCase[];
  /** Cases by the date they were opened. */
  readonly opened: readonly Fact[];
  readonly reopened: readonly Fact[];
  readonly breaches: readonly Fact[];
  readonly complaints: readonly OpenComplaint[];
  readonly remedyAccepted: Fact | null;
};

const CASES = 200; // four times the limit of open ones: resolved ones can be opened again
const OPENED = 500; // more than one case a day, all year
const COMPLAINTS = 100;

export const noService: ServiceSlice = {
  breaches: [],
  cases: [],
  complaints: [],
  opened: [],
  remedyAccepted: null,
  reopened: [],
};

const caseChanged = (state: ServiceSlice, caseId: string, change: Partial<OpenCase>): ServiceSlice => ({
  ...state,
  cases: state.cases.map((one) => (one.caseId === caseId ? { ...one, ...change } : one)),
});

const caseClosed = (state: ServiceSlice, caseId: string): ServiceSlice => ({
  ...state,
  cases: state.cases.filter((one) => one.caseId !== caseId),
});

const complaintChanged = (
  state: ServiceSlice,
  complaintId: string,
  change: Partial<OpenComplaint>,
): ServiceSlice => ({
  ...state,
  complaints: state.complaints.map((one) => (one.complaintId === complaintId ? { ...one, ...change } : one)),
});

const complaintClosed = (state: ServiceSlice, complaintId: string): ServiceSlice => ({
  ...state,
  complaints: state.complaints.filter((one) => one.complaintId !== complaintId),
});

type Handlers = Parameters<typeof slice<ServiceSlice, ServiceEvents>>[0]['on'];
type Happened = { readonly id: string; readonly occurredAt: number };

const caseHandlers = (factOf: (event: Happened) => Fact): Handlers => ({
  CaseOpened(state, event) {
    const fact = factOf(event);
    const { caseId } = event.data;
    const opened: OpenCase = { ...fact, caseId, dueAt: null, openedAt: event.occurredAt, resolved: false };
    return {
      ...state,
      cases: [...state.cases, opened].slice(-CASES),
      opened: withFact(state.opened, fact, OPENED),
    };
  },
  SlaClockStarted(state, { data: { caseId, kind, dueAt } }) {
    const known = state.cases.find((one) => one.caseId === caseId);
    return kind === 'RESOLUTION' && known?.dueAt === null ? caseChanged(state, caseId, { dueAt }) : state;
  },
  SlaBreached: (state, event) => ({ ...state, breaches: withFact(state.breaches, factOf(event)) }),
  CaseResolved: (state, { data }) => caseChanged(state, data.caseId, { resolved: true }),
  CaseReopened: (state, event) => ({
    ...caseChanged(state, event.data.caseId, { resolved: false }),
    reopened: withFact(state.reopened, factOf(event)),
  }),
  CustomerReplyReceived: (state, { data }) => caseChanged(state, data.caseId, { resolved: false }),
  CaseClosed: (state, { data }) => caseClosed(state, data.caseId),
  CaseMerged: (state, { data }) => caseClosed(state, data.caseId),
});

const complaintHandlers = (factOf: (event: Happened) => Fact): Handlers => ({
  ComplaintRegistered(state, event) {
    const { complaintId, severity } = event.data;
    const complaint = { ...factOf(event), complaintId, declined: null, escalated: null, severity };
    return { ...state, complaints: [...state.complaints, complaint].slice(-COMPLAINTS) };
  },
  RemedyDeclined: (state, event) =>
    complaintChanged(state, event.data.complaintId, { declined: factOf(event) }),
  RemedyAccepted: (state, event) => ({
    ...complaintClosed(state, event.data.complaintId),
    remedyAccepted: newerFact(state.remedyAccepted, factOf(event)),
  }),
  ComplaintRejected: (state, { data }) => complaintClosed(state, data.complaintId),
  ComplaintEscalated: (state, event) =>
    complaintChanged(state, event.data.complaintId, { escalated: factOf(event) }),
});

/** The slice of source `service`. */
export const serviceSlice = (zone: string): Slice<ServiceSlice> => {
  const factOf = ({ id, occurredAt }: Happened): Fact => ({ eventId: id, on: dateAt(occurredAt, zone) });
  return slice<ServiceSlice, ServiceEvents>({
    init: () => noService,
    on: { ...caseHandlers(factOf), ...complaintHandlers(factOf) },
  });
};

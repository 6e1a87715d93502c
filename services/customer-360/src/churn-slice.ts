// The churn part of the document: what was published about the customer's risk, never what is only being assessed.
import { daysBetween, formatInstant } from '@tenure/core';
import type { ChurnEvents } from '@tenure/events/generated/churn';
import { slice, type Slice } from '@tenure/projections';
import { withTimes, type Times } from './times.ts';

export type PublishedSignal = {
  readonly code: string;
  readonly eventId: string;
  /** 1 low, 2 medium, 3 high, 4 critical. */
  readonly severity: number;
  readonly signalId: string;
  /** ISO 8601, UTC: when it was raised, or changed its severity. */
  readonly since: string;
};

export type ChurnSlice = Times & {
  /** The last loss; null for a customer who was never lost, or who came back. */
  readonly churned: { readonly eventId: string; readonly mode: string; readonly on: string } | null;
  readonly level: string;
  /** The event that set the level; null before the first. */
  readonly levelEvent: string | null;
  /** Score when the level was published. */
  readonly score: number;
  readonly signals: readonly PublishedSignal[];
  readonly since: string | null;
};

/** One per rule. */
const SIGNALS = 50;

export const noChurn: ChurnSlice = {
  churned: null,
  createdAt: null,
  level: 'LOW',
  levelEvent: null,
  score: 0,
  signals: [],
  since: null,
  updatedAt: null,
};

/** True while the customer is lost: churned, and no order since. */
export const isLost = ({ churned }: ChurnSlice, lastOrderOn: string | null): boolean =>
  churned !== null && (lastOrderOn === null || daysBetween(churned.on, lastOrderOn) <= 0);

/** The slice of source `churn`. */
export const churnSlice: Slice<ChurnSlice> = withTimes(
  slice<ChurnSlice, ChurnEvents>({
    init: () => noChurn,
    on: {
      ChurnSignalRaised(state, { id: eventId, occurredAt, data: { code, severity, signalId } }) {
        const signal = { code, eventId, severity, signalId, since: formatInstant(occurredAt) };
        const others = state.signals.filter((other) => other.code !== code);
        const signals = [...others, signal].slice(-SIGNALS).toSorted((a, b) => (a.code < b.code ? -1 : 1));
        return { ...state, signals };
      },
      ChurnSignalCleared: (state, { data: { code } }) => ({
        ...state,
        signals: state.signals.filter((signal) => signal.code !== code),
      }),
      ChurnRiskChanged: (state, { id, occurredAt, data: { score, toLevel } }) => ({
        ...state,
        level: toLevel,
        levelEvent: id,
        score,
        since: formatInstant(occurredAt),
      }),
      CustomerChurned: (state, { id: eventId, data: { churnedOn, mode } }) => ({
        ...state,
        churned: { eventId, mode, on: churnedOn },
      }),
      CustomerReactivated: (state) => ({ ...state, churned: null }),
    },
  }),
);

// The cases of a customer as the document lists them: where each stands, and the promises that run.
import { dateAt, formatInstant } from '@tenure/core';

/** A promise that runs, or waits while the customer is asked; one that is kept or void is gone. */
export type RunningClock = {
  /** Broken already, and still not kept. */
  readonly breached: boolean;
  readonly clockId: string;
  /** ISO 8601, UTC; null while it stands still. */
  readonly dueAt: string | null;
  /** The business date of `dueAt`. */
  readonly dueOn: string | null;
  readonly eventId: string;
  readonly kind: string;
};

/** `eventId` names the event that changed it last. Instants are ISO 8601, UTC. */
export type ListedCase = {
  readonly agentId: string | null;
  readonly caseId: string;
  readonly category: string;
  readonly channel: string;
  readonly clocks: readonly RunningClock[];
  readonly eventId: string;
  /** Step of the ladder it has reached; 0: none. */
  readonly level: number;
  readonly openedAt: string;
  /** Business date. */
  readonly openedOn: string;
  readonly orderId: string | null;
  readonly priority: string;
  readonly reopened: number;
  readonly resolutionCode: string | null;
  readonly status: string;
};

/** A case has three kinds of clock, and one of each at a time. */
const CLOCKS = 3;

type Change = Partial<ListedCase>;

const due = (at: number, zone: string): Pick<RunningClock, 'dueAt' | 'dueOn'> => ({
  dueAt: formatInstant(at),
  dueOn: dateAt(at, zone),
});

/** A clock began: it takes the place of the one of its kind. */
export const clockStarted = (
  { clocks }: ListedCase,
  clock: {
    readonly clockId: string;
    readonly kind: string;
    readonly dueAt: number;
    readonly eventId: string;
  },
  zone: string,
): Change => ({
  clocks: [
    ...clocks.filter(({ kind }) => kind !== clock.kind),
    {
      breached: false,
      clockId: clock.clockId,
      ...due(clock.dueAt, zone),
      eventId: clock.eventId,
      kind: clock.kind,
    },
  ].slice(-CLOCKS),
});

export const clockBreached = ({ clocks }: ListedCase, clockId: string, eventId: string): Change => ({
  clocks: clocks.map((clock) => (clock.clockId === clockId ? { ...clock, breached: true, eventId } : clock)),
});

/** A person answered: the promises of an answer are kept (or were broken and are settled now). */
export const answered = ({ clocks }: ListedCase, byHuman: boolean): Change => ({
  ...(byHuman && { clocks: clocks.filter(({ kind }) => kind === 'RESOLUTION') }),
  status: 'InProgress',
});

/** The customer was asked: nothing runs, and nobody waits for the next answer. */
export const pended = ({ clocks }: ListedCase): Change => ({
  clocks: clocks
    .filter(({ kind }) => kind !== 'NEXT_RESPONSE')
    .map((clock) => (clock.breached ? clock : { ...clock, dueAt: null, dueOn: null })),
  status: 'PendingCustomer',
});

export const resumed = (
  { clocks }: ListedCase,
  again: readonly { readonly clockId: string; readonly dueAt: number }[],
  zone: string,
): Change => ({
  clocks: clocks.map((clock) => {
    const found = again.find(({ clockId }) => clockId === clock.clockId);
    return found === undefined ? clock : { ...clock, ...due(found.dueAt, zone) };
  }),
  resolutionCode: null,
  status: 'InProgress',
});

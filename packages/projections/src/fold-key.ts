// Re-fold: one customer's documents computed anew from the log (PROJECTIONS §3). Reads only; the callers write.
import type { EventLog, LogRecord } from '@tenure/event-log';
import type { Codec, DecodedEvent } from '@tenure/events';
import type { Vector } from '@tenure/read-models';
import { applyEvent, newDocument, type LiveDocument } from './live-document.ts';
import type { Rules } from './rules.ts';

/**
 * What a failing event does. `strict`: the fold ends with it · `omit`: the event is left out (a customer that was
 * released by an operator) · `freeze`: its source stops before it, the others go on (what a parked customer shows).
 */
export type FailureMode = 'strict' | 'omit' | 'freeze';

/** The event that stopped a customer, and what waits behind it. */
export type FoldFailure = {
  readonly source: string;
  readonly position: number;
  readonly error: unknown;
  /** Events that wait, the failing one among them. */
  readonly waiting: number;
  /** The last of those of the failing source. */
  readonly lastPosition: number;
};

/** A failure with nothing behind it yet. */
export const failureAt = (source: string, position: number, error: unknown): FoldFailure => ({
  source,
  position,
  error,
  waiting: 1,
  lastPosition: position,
});

/** The same failure when one more event has come for the customer. */
export const withLater = (failure: FoldFailure, source: string, position: number): FoldFailure => ({
  ...failure,
  waiting: failure.waiting + 1,
  lastPosition: source === failure.source ? position : failure.lastPosition,
});

export type FoldedKey = {
  readonly documents: readonly LiveDocument[];
  /** The first failing event, in the order of the sources; null when all went well. */
  readonly failure: FoldFailure | null;
};

export type FoldSources = { readonly log: Pick<EventLog, 'readKey'>; readonly codec: Codec };

type Failed = { readonly step: Step; readonly error: unknown };

type Step = { readonly source: string; readonly position: number } & (
  | { readonly event: DecodedEvent; readonly error?: never }
  | { readonly event?: never; readonly error: unknown }
);

export type Customer = { readonly key: string; readonly partition: number };

/** A key whose events are folded, up to these positions (inclusive); a source without position has brought nothing. */
export type Member = { readonly key: string; readonly upTo: Vector };

/** Folds all events of a customer: of his own key, and of everybody merged into him. */
export const foldKey = async (
  sources: FoldSources,
  rules: Rules,
  customer: Customer,
  members: readonly Member[],
  mode: FailureMode,
): Promise<FoldedKey> => {
  const steps: Step[] = [];
  for (const source of rules.sources) steps.push(...(await stepsOf(sources, rules, source, members)));
  const omitted = new Set<Step>();
  let first: FoldFailure | null = null;
  for (;;) {
    const { documents, failed } = foldSteps(rules, customer, steps, omitted);
    if (failed === null) return { documents, failure: first };
    first ??= failureOf(steps, failed);
    if (mode === 'strict') return { documents: [], failure: first };
    // A handler may have changed half of its state before it threw: fold again, without the event.
    omitted.add(failed.step);
    if (mode === 'freeze')
      for (const step of steps)
        if (step.source === failed.step.source && step.position > failed.step.position) omitted.add(step);
  }
};

/** The events of one source, in position order over all keys. */
const stepsOf = async (
  { log, codec }: FoldSources,
  rules: Rules,
  source: string,
  members: readonly Member[],
): Promise<readonly Step[]> => {
  const steps: Step[] = [];
  for (const { key, upTo } of members) {
    const end = upTo[source] ?? 0;
    if (end === 0) continue;
    for (const record of await log.readKey(source, key, end)) {
      const step = stepOf(codec, rules, source, record);
      if (step !== null) steps.push(step);
    }
  }
  return members.length === 1 ? steps : steps.toSorted((a, b) => a.position - b.position);
};

/** What waits for a folded customer are the later events of the failing source: the other sources fold on. */
const failureOf = (steps: readonly Step[], { step, error }: Failed): FoldFailure =>
  steps
    .filter(({ source, position }) => source === step.source && position > step.position)
    .reduce(
      (failure, { source, position }) => withLater(failure, source, position),
      failureAt(step.source, step.position, error),
    );

/** Null for an event that the projection does not fold. */
const stepOf = (codec: Codec, rules: Rules, source: string, record: LogRecord): Step | null => {
  const { position } = record;
  try {
    if (!rules.handles(source, codec.peek(record.body).type)) return null;
    return { source, position, event: codec.decode(source, record) };
  } catch (error) {
    return { source, position, error };
  }
};

const foldSteps = (
  rules: Rules,
  { key, partition }: Customer,
  steps: readonly Step[],
  omitted: ReadonlySet<Step>,
): {
  readonly documents: readonly LiveDocument[];
  readonly failed: Failed | null;
} => {
  const documents = new Map<string, LiveDocument>();
  for (const step of steps) {
    if (omitted.has(step)) continue;
    if (step.event === undefined) return { documents: [], failed: { step, error: step.error } };
    try {
      rules.mergeOf(step.event); // what cannot be understood stops the customer
      if (!rules.folds(step.event)) continue;
      const id = step.event.key === key ? rules.documentIdOf(step.event) : key;
      if (id === null) continue;
      let document = documents.get(id);
      if (document === undefined) documents.set(id, (document = newDocument(rules, { id, key, partition })));
      applyEvent(rules, document, step.event);
    } catch (error) {
      return { documents: [], failed: { step, error } };
    }
  }
  return { documents: [...documents.values()], failed: null };
};

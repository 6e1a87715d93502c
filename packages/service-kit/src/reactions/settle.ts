// When nothing more follows: every reaction has handled all there is, and none of them has written anything since.
import { TenureError } from '@tenure/core';
import type { EventLog, Watermark } from '@tenure/event-log';
import type { Vector } from '@tenure/read-models';
import type { RunningReactions } from './start.ts';

/** A chain of reactions is a handful of services long; a longer one goes in circles. */
const MAX_ROUNDS = 50;
/** What hangs for so long is away: whoever waits is told and comes back. */
const MAX_SETTLE_MS = 30_000;

export type SettleDeps = {
  readonly reactions: readonly Pick<RunningReactions, 'topics' | 'reached'>[];
  readonly log: Pick<EventLog, 'watermark'>;
  /** Position of the newest event of each of these sources, from the stores. */
  readonly heads: (sources: readonly string[]) => Promise<Vector>;
  readonly maxMs?: number;
};

/**
 * Answers a function that resolves when everything in the stores, and everything that reactions have written because of
 * it, is reacted to; a customer whose reactions are parked is waited for no longer.
 * @throws BEHIND (retriable) after half a minute, or when reactions never come to an end
 */
export const createSettling = (deps: SettleDeps): (() => Promise<void>) => {
  const { reactions, heads, maxMs = MAX_SETTLE_MS } = deps;
  const topics = [...new Set(reactions.flatMap((one) => one.topics))];
  let settled = '';
  return async () => {
    const signal = AbortSignal.timeout(maxMs);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const now = await heads(topics);
      const place = JSON.stringify(topics.map((topic) => now[topic] ?? 0));
      if (place === settled) return;
      await reachedBy(deps, now, signal);
      settled = place;
    }
    throw behind('reactions answer each other without end');
  };
};

const reachedBy = async (
  { reactions, log }: SettleDeps,
  heads: Vector,
  signal: AbortSignal,
): Promise<void> => {
  try {
    await Promise.all(
      Object.entries(heads).map(async ([source, position]) => {
        const places = await placesOf(log, source, position, signal);
        const readers = reactions.filter(({ topics }) => topics.includes(source));
        await Promise.all(readers.map((one) => one.reached(places, signal)));
      }),
    );
  } catch (error) {
    throw signal.aborted ? behind('reactions are not done yet') : error;
  }
};

/** The lane heads under which everything up to a position lies. */
const placesOf = async (
  log: Pick<EventLog, 'watermark'>,
  source: string,
  position: number,
  signal: AbortSignal,
) => {
  if (position === 0) return [];
  const marks = log.watermark(source)[Symbol.asyncIterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort);
  aborted.catch(() => undefined); // heard where it is waited for
  if (signal.aborted) abort();
  try {
    for (;;) {
      const mark: IteratorResult<Watermark> = await Promise.race([marks.next(), aborted]);
      if (mark.done === true) return []; // the log closes
      if (mark.value.position >= position)
        return mark.value.heads.map((seq, partition) => ({ source, partition, seq }));
    }
  } finally {
    signal.removeEventListener('abort', abort);
    void marks.return?.();
  }
};

const behind = (what: string): TenureError =>
  new TenureError('BEHIND', `The ${what}; try again in a moment.`, {}, { retriable: true });

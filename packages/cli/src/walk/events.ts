// The events that follow a step, as the explorer of operations shows them.
import { call } from '../api.ts';
import type { Server } from '../server.ts';
import { differences } from './differences.ts';
import type { Problem } from './run.ts';
import type { ExpectedEvent, WalkEvent } from './step.ts';

/** What the platform says about itself: closed days, audit. */
const ASIDE = new Set(['clock', 'ops']);
/** A step is followed by a dozen events; a page holds them all. */
const PAGE = 500;

export interface EventReader {
  /** The events that are new since the last time, oldest first. */
  next(): Promise<readonly WalkEvent[]>;
  /** The newest position of each source, as `minPosition` takes it; empty before the first event. */
  positions(): string;
}

/** Reads on from an empty log. */
export const eventReader = (server: () => Server): EventReader => {
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  return {
    async next() {
      const { body } = await call(server(), 'GET', `/ops/events?limit=${PAGE}`);
      const items = body['items'] as readonly WalkEvent[];
      const told = items.filter(({ source }) => !ASIDE.has(source));
      const fresh = told.filter(({ eventId }) => !seen.has(eventId)).toReversed();
      for (const { eventId, source, position } of fresh) {
        seen.add(eventId);
        newest.set(source, Math.max(position, newest.get(source) ?? 0));
      }
      return fresh;
    },
    positions: () => [...newest].map(([source, position]) => `${source}:${position}`).join(','),
  };
};

const typeOf = (event: ExpectedEvent): string => (typeof event === 'string' ? event : event.type);

/** Events that did not follow, that should not have, or that say something else. */
export const missingAndExtra = (
  expected: readonly ExpectedEvent[],
  found: readonly WalkEvent[],
): readonly Problem[] => {
  const left = [...found];
  const problems: Problem[] = [];
  // Those that say more are matched first, so that a bare name does not take their event.
  for (const event of expected.toSorted(
    (a, b) => Number(typeof a === 'string') - Number(typeof b === 'string'),
  )) {
    const fits = left.findIndex((one) => one.type === typeOf(event) && wrongIn(event, one).length === 0);
    const at = fits >= 0 ? fits : left.findIndex((one) => one.type === typeOf(event));
    const one = left[at];
    if (one === undefined) {
      problems.push({ where: 'events', path: '', expected: typeOf(event), found: null });
      continue;
    }
    left.splice(at, 1);
    problems.push(...wrongIn(event, one));
  }
  for (const { type } of left) problems.push({ where: 'events', path: '', expected: null, found: type });
  return problems;
};

const wrongIn = (expected: ExpectedEvent, { type, data }: WalkEvent): readonly Problem[] =>
  typeof expected === 'string'
    ? []
    : differences(expected.data, data).map((difference) => ({ where: type, ...difference }));

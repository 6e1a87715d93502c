// What slices keep of single events: which one, and on which business date. Lists are bounded by age, not by arrival.

/** An event that speaks for something. `on`: business date of its occurredAt. */
export type Fact = { readonly eventId: string; readonly on: string };

/** The rules ask for six at most, a reader for twenty; a hundred leave room for facts that come late. */
export const MAX_FACTS = 100;

const isOlder = (a: Fact, b: Fact): boolean => (a.on === b.on ? a.eventId < b.eventId : a.on < b.on);

/** The newest facts by (date, id), oldest first: neither arrival order nor age makes two lists differ. */
export const withFact = <F extends Fact>(facts: readonly F[], fact: F, limit = MAX_FACTS): readonly F[] => {
  let at = facts.length;
  while (at > 0 && isOlder(fact, facts[at - 1] ?? fact)) at--;
  return facts.toSpliced(at, 0, fact).slice(-limit);
};

/** The newer of two. */
export const newerFact = (known: Fact | null, fact: Fact): Fact =>
  known === null || isOlder(known, fact) ? fact : known;

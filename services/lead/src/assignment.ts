// Whose turn it is in a queue: he whose newest assignment by the rule lies furthest back. Pure.

/** A member of a queue in the order of its list, with what the rule has given him so far. */
export type Member = {
  readonly agentId: string;
  /** Instant (ms) of his newest assignment by the rule; null: he never got one. */
  readonly newest: number | null;
  /** How many the rule has given him: of two whose newest are of one instant, who has fewer is next. */
  readonly given: number;
};

/** Who is next: never assigned first, then the furthest back, then the fewest, then by list order. Null: the queue is empty. */
export const nextInQueue = (members: readonly Member[]): string | null =>
  members.reduce<Member | null>((first, one) => (first === null || before(one, first) ? one : first), null)
    ?.agentId ?? null;

const before = (one: Member, other: Member): boolean => {
  if (one.newest === other.newest) return one.given < other.given;
  if (one.newest === null) return true;
  return other.newest !== null && one.newest < other.newest;
};

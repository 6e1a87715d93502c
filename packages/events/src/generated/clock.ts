// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.

/** A business day is over. Projections take time from this event alone. */
export type BusinessDayClosed = {
  /** The day that is over. YYYY-MM-DD. */
  readonly businessDate: string;
  /** Business zone of the deployment. IANA time zone. */
  readonly timeZone: string;
  /** Instant at which the day ended in that zone. Milliseconds since the epoch, UTC. */
  readonly closedAt: number;
};

/** `BusinessDayClosed` as it is written. */
export type NewBusinessDayClosed = {
  readonly businessDate: string;
  readonly timeZone: string;
  readonly closedAt: number;
};

/** Events of `clock` as they are read, by name. */
export type ClockEvents = {
  readonly BusinessDayClosed: BusinessDayClosed;
};

/** Facts of `clock` as deciders write them, by name. */
export type ClockFacts = {
  readonly BusinessDayClosed: NewBusinessDayClosed;
};

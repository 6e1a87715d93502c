// A walk as data: what is asked, what has to follow, what has to be there afterwards.

/** Who acts. */
export type WalkRole = 'agent' | 'supervisor' | 'admin';

/** A command over HTTP; `path` under /api. */
export type WalkCommand = { readonly path: string; readonly body: object };

/** What has happened in the course of the walk and later steps have to know: ids that the platform made. */
export type Known = Readonly<Record<string, string>>;

/** An event that must follow; `data`: what must at least be in it. */
export type ExpectedEvent = string | { readonly type: string; readonly data: object };

/** Something that is read afterwards, and what must at least be in the answer. `status`: 200 unless said otherwise. */
export type Expectation = {
  readonly get: string;
  readonly status?: number;
  readonly has?: object;
  /** The answer of a moved customer: the path it leads to. */
  readonly location?: string;
};

export type WalkStep = {
  /** Row of the table that the walk follows. */
  readonly row: number;
  /** Business date of the step; the days before it are closed first. */
  readonly on: string;
  readonly role: WalkRole;
  readonly what: string;
  /** The requests of the step in their order; a step that only closes days has none. */
  readonly commands?: (known: Known) => readonly WalkCommand[];
  /** Closes the days up to this one: their deadlines fire. */
  readonly close?: string;
  /** Everything that follows, in any order; closed days and the audit aside. */
  readonly events: (known: Known) => readonly ExpectedEvent[];
  /** Ids to remember, from the events of the step. */
  readonly learn?: (events: readonly WalkEvent[]) => Known;
  readonly after?: (known: Known) => readonly Expectation[];
};

/** An event as the explorer shows it. */
export type WalkEvent = {
  readonly eventId: string;
  readonly type: string;
  readonly source: string;
  readonly position: number;
  readonly stream: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** The id in a field of the only event of a type. @throws when there is none */
export const idIn = (events: readonly WalkEvent[], type: string, field: string): string => {
  const value = events.find((event) => event.type === type)?.data[field];
  if (typeof value !== 'string') throw new TypeError(`No ${type} with ${field} has followed.`);
  return value;
};

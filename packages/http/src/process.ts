// What a process offers to the routes that are about the process itself, and what it gets back from them.
import type { Clock, SettableClock } from '@tenure/core';
import type { EventStore } from '@tenure/event-store';
import type { Codec } from '@tenure/events';
import type { ProjectionControl, ProjectionReader } from '@tenure/projections';
import type { WriteAudit } from './audit.ts';
import type { RouteSpec } from './route.ts';
import type { Readiness } from './server-routes.ts';

/** How far the store of a source is, and how much of it is in the log. `lanes`: head seq per partition. */
export type SourceHead = {
  readonly head: number;
  readonly events: number;
  readonly relayed: number;
  readonly backlogEvents: number;
  readonly lanes: readonly number[];
};

/** Records of the log that a process has not done with. */
export type ProcessLag = { readonly lagEvents: number };

/** Fires deadlines of the write services; both resolve when the commands are durable and answer how many had an effect. */
export interface DeadlineDesk {
  /** Everything due up to an instant (ms), in order of time. */
  fireUntil(instant: number): Promise<number>;
  /** What was set for the closing of this day (YYYY-MM-DD). */
  dayClosed(date: string): Promise<number>;
}

export type ProcessPorts = {
  readonly version: string;
  readonly stores: (source: string) => EventStore;
  readonly codec: Codec;
  readonly control: ProjectionControl;
  readonly reader: ProjectionReader;
  readonly heads: () => Promise<Readonly<Record<string, SourceHead>>>;
  /** Events in the log by type. */
  readonly eventCounts: () => Promise<Readonly<Record<string, number>>>;
  readonly readiness: () => Promise<Readiness>;
  /** Reactions, and what is told of projections, by name. */
  readonly processes: () => Promise<Readonly<Record<string, ProcessLag>>>;
  readonly deadlines: DeadlineDesk;
  /** Business time; it can be set only where `settable` says so. */
  readonly clock: SettableClock;
  /** Machine time. */
  readonly wallClock: Clock;
  /** IANA zone of business dates. */
  readonly zone: string;
  readonly settable: boolean;
};

/** The operations of a process, opened: their routes, their audit, and business days that close. */
export type Operations = {
  readonly routes: readonly RouteSpec[];
  readonly audit: WriteAudit;
  /** Closes what is over by the clock; called at the start and every minute. */
  readonly closeDue: () => Promise<readonly string[]>;
};

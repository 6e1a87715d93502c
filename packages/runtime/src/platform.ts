// What a process is made of: handed to the runtime, which knows no service itself. Functions do not cross threads, so
// every thread imports the module that exports `platform`.
import type { Clock, SettableClock } from '@tenure/core';
import type { EventStore } from '@tenure/event-store';
import type { Codec } from '@tenure/events';
import type { RouteSpec, WriteAudit } from '@tenure/http';
import type {
  DefinedProjection,
  Deployment,
  ProjectionServiceDefinition,
  ServiceDefinition,
} from '@tenure/service-kit';
import type { ProjectionControl, ProjectionReader } from '@tenure/projections';

/** How far the store of a source is, and how much of it is in the log. `lanes`: head seq per partition. */
export type SourceHead = {
  readonly head: number;
  readonly events: number;
  readonly relayed: number;
  readonly backlogEvents: number;
  readonly lanes: readonly number[];
};

/** `reasons`: why this instance must not get traffic; empty while it may. */
export type Readiness = {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly degraded: readonly { readonly projection: string; readonly parked: number }[];
};

/** What the operations of a process may ask of it. */
export type ProcessPorts = {
  readonly version: string;
  readonly stores: (source: string) => EventStore;
  readonly codec: Codec;
  readonly control: ProjectionControl;
  readonly reader: ProjectionReader;
  readonly heads: () => Promise<Readonly<Record<string, SourceHead>>>;
  readonly eventCounts: () => Promise<Readonly<Record<string, number>>>;
  readonly readiness: () => Promise<Readiness>;
  readonly deadlines: {
    fireUntil(instant: number): Promise<number>;
    dayClosed(date: string): Promise<number>;
  };
  /** Business time; settable only where `settable` is true. */
  readonly clock: SettableClock;
  readonly wallClock: Clock;
  readonly zone: string;
  readonly settable: boolean;
};

/** The operations service of a process, opened: its routes, its audit, and business days that close. */
export type Operations = {
  readonly routes: readonly RouteSpec[];
  readonly audit: WriteAudit;
  /** Closes what is over by the clock; called at the start and every minute. */
  readonly closeDue: () => Promise<readonly string[]>;
};

/** What routes of projection services need of a deployment. */
export type RouteParts = {
  readonly projections: readonly DefinedProjection[];
  /** The blind-index hash of a value as it was entered; null where it gives none. */
  readonly hashOf: (kind: string, value: string) => string | null;
};

export type Platform = {
  readonly services: readonly ServiceDefinition[];
  readonly projectionServices: readonly ProjectionServiceDefinition[];
  /** Routes of the projection services. */
  readonly routes: (parts: RouteParts) => readonly RouteSpec[];
  readonly operations: {
    readonly sources: readonly string[];
    readonly open: (ports: ProcessPorts) => Promise<Operations>;
  };
  /** Sources whose events are copied to every lane. */
  readonly broadcast: readonly string[];
  /** Folders of shared policy files. */
  readonly policyFolders: readonly URL[];
  /** The module of each write service: its text and local imports are the code hash of its lists, lookups and deadlines. */
  readonly modules: Readonly<Record<string, string>>;
};

export type { Deployment };

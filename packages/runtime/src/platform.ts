// What a process is made of: handed to the runtime, which knows no service itself. Functions do not cross threads, so
// every thread imports the module that exports `platform`.
import type { Operations, ProcessPorts, RouteSpec } from '@tenure/http';
import type { DefinedProjection, ProjectionServiceDefinition, ServiceDefinition } from '@tenure/service-kit';

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
  /** The projection whose documents are the customers: the live stream tells of its changes. */
  readonly streamed: string;
  /** Sources whose events are copied to every lane. */
  readonly broadcast: readonly string[];
  /** Folders of shared policy files. */
  readonly policyFolders: readonly URL[];
  /** The module of each write service: its text and local imports are the code hash of its lists, lookups and deadlines. */
  readonly modules: Readonly<Record<string, string>>;
};

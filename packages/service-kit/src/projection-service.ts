// What a projection service writes down: its policies, and its projections for a deployment.
import type { ProjectionDefinition } from '@tenure/projections';
import type { PolicySpec } from './definition.ts';
import type { Follower } from './following/follower.ts';
import type { Policies } from './policies.ts';

/** What the definitions of a deployment may depend on. */
export type Deployment = {
  readonly policies: Policies;
  /** IANA zone of business dates. */
  readonly zone: string;
  readonly homeCurrency: string;
};

/** A definition, and the module whose text (with its local imports) is its code hash. */
export type DefinedProjection = { readonly definition: ProjectionDefinition; readonly module: string };

export type ProjectionServiceDefinition = {
  readonly name: string;
  readonly policies?: readonly PolicySpec[];
  /** Folder of the service's own policy files. */
  readonly policyFolder?: URL;
  readonly projections: (deployment: Deployment) => readonly DefinedProjection[];
  /** What it tells the world of its projections: the write service of the same name takes the commands. */
  readonly followers?: (deployment: Deployment) => readonly Follower[];
};

/** Declares a projection service. */
export const defineProjectionService = (
  definition: ProjectionServiceDefinition,
): ProjectionServiceDefinition => definition;

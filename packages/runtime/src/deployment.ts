// What a deployment consists of once its policies are read: the same in every thread.
import { createHash } from 'node:crypto';
import { canonicalJson } from '@tenure/core';
import { codeHashOf, type ProjectionDefinition } from '@tenure/projections';
import {
  deadlinesProjection,
  loadPolicies,
  SHARED_POLICIES,
  type DefinedProjection,
  type Deployment,
  type DeploymentPolicy,
  type PolicyHashes,
  type ServiceDefinition,
} from '@tenure/service-kit';
import { textWith, type Fault } from './faults.ts';
import type { Platform } from './platform.ts';

/** A projection ready to be run: what the engine, the readers and the builds need. */
export type RunnableProjection = DefinedProjection & { readonly codeHash: string };

export type OpenedDeployment = Deployment & {
  readonly region: string;
  readonly hashes: PolicyHashes;
  readonly projections: readonly RunnableProjection[];
  /** Every source of events, in the order of their services. */
  readonly sources: readonly string[];
};

/** The rules that hold from the first day on are those of the deployment itself: zone, currency, region. */
const FIRST_DAY = '1970-01-01';

/** Reads the policies and compiles the list of projections. @throws POLICY_INVALID, POLICY_CHANGED, POLICY_MISSING */
export const openDeployment = async (
  platform: Platform,
  from: {
    readonly overlay?: string | undefined;
    readonly seen?: PolicyHashes | undefined;
    readonly faults: readonly Fault[];
  },
): Promise<OpenedDeployment> => {
  const owners = [...platform.services, ...platform.projectionServices];
  const { policies, hashes } = await loadPolicies({
    folders: [...platform.policyFolders, ...owners.flatMap(({ policyFolder }) => policyFolder ?? [])],
    overlay: from.overlay,
    schemas: [...SHARED_POLICIES, ...owners.flatMap((owner) => owner.policies ?? [])],
    seen: from.seen,
  });
  const {
    zone,
    homeCurrency,
    telephoneRegion: region,
  } = policies.at<DeploymentPolicy>('deployment', FIRST_DAY);
  const deployment = { policies, zone, homeCurrency };
  const policyText = createHash('sha256').update(canonicalJson(hashes)).digest('hex');
  const projections = [
    ...platform.services.flatMap((service) => ownProjections(platform, service, deployment)),
    ...platform.projectionServices.flatMap((service) => service.projections(deployment)),
  ].map((defined) => runnable(defined, policyText, from.faults));
  return { ...deployment, region, hashes, projections, sources: sourcesOf(platform) };
};

/** The lists, lookups and deadlines of a write service: small projections over its own and other sources. */
const ownProjections = (
  platform: Platform,
  service: ServiceDefinition,
  { policies, zone }: Deployment,
): readonly DefinedProjection[] => {
  const module = platform.modules[service.name];
  if (module === undefined)
    throw new TypeError(`The platform names no module for the service ${service.name}.`);
  const definitions: readonly ProjectionDefinition[] = [
    ...service.aggregates.flatMap(({ list }) => list ?? []),
    ...(service.lookups ?? []),
    ...[deadlinesProjection(service, { policies, zone })].filter((definition) => definition !== null),
  ];
  return definitions.map((definition) => ({ definition, module }));
};

// Rules that are data change what a document says just as code does.
const runnable = (
  defined: DefinedProjection,
  policyText: string,
  faults: readonly Fault[],
): RunnableProjection => {
  const code = codeHashOf(defined.module, defined.definition.version, (url) => textWith(faults, url));
  return { ...defined, codeHash: createHash('sha256').update(`${code}\n${policyText}`).digest('hex') };
};

const sourcesOf = (platform: Platform): readonly string[] => [
  ...new Set([
    ...platform.services.flatMap((service) => service.aggregates.map(({ source }) => source ?? service.name)),
    ...platform.operations.sources,
  ]),
];

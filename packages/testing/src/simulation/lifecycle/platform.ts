// What is deployed: the services, projections and followers of the platform, with the policies that ship.
import { createSecretKey } from 'node:crypto';
import { createCodec, searchHashes } from '@tenure/events';
import { platform } from '@tenure/platform';
import type { ProjectionDefinition } from '@tenure/projections';
import {
  deadlinesProjection,
  loadPolicies,
  SHARED_POLICIES,
  type DeploymentPolicy,
  type Follower,
} from '@tenure/service-kit';
import { CLOCK } from '../durable.ts';

export const { services } = platform;

const owners = [...services, ...platform.projectionServices];

export const { policies } = await loadPolicies({
  folders: [...platform.policyFolders, ...owners.flatMap(({ policyFolder }) => policyFolder ?? [])],
  schemas: [...SHARED_POLICIES, ...owners.flatMap((owner) => owner.policies ?? [])],
});

const { zone, homeCurrency, telephoneRegion } = policies.at<DeploymentPolicy>('deployment', '1970-01-01');
const about = { policies, zone, homeCurrency };

export const ZONE = zone;
export const CURRENCY = homeCurrency;

export const codec = createCodec();
export const pepper = createSecretKey(Buffer.alloc(32, 3));
export const bodyKey = createSecretKey(Buffer.alloc(32, 4));
export const hashes = (kind: string, value: string): readonly string[] =>
  searchHashes(pepper, telephoneRegion, kind, value);

/** Every source of events. What operations write about themselves is no part of a schedule. */
export const SOURCES: readonly string[] = [
  ...new Set(services.flatMap(({ name, aggregates }) => aggregates.map(({ source }) => source ?? name))),
  CLOCK,
];

const folded = (service: (typeof services)[number]): readonly ProjectionDefinition[] => [
  ...service.aggregates.flatMap(({ list }) => list ?? []),
  ...(service.lookups ?? []),
];

/** Those that fire. */
export const deadlines: readonly ProjectionDefinition[] = services.flatMap(
  (service) => deadlinesProjection(service, about) ?? [],
);

/** Customers as a whole: the 360° document and the assessment. */
export const documents: readonly ProjectionDefinition[] = platform.projectionServices.flatMap((service) =>
  service.projections(about).map(({ definition }) => definition),
);

const tables = services.flatMap(folded);

export const definitions = [...tables, ...deadlines, ...documents].map((definition) => ({
  definition,
  codeHash: 'code-1',
}));

/** With the service that takes what they say. */
export const followers: readonly {
  readonly follower: Follower;
  readonly service: (typeof services)[number];
}[] = platform.projectionServices.flatMap(({ name, followers: of }) =>
  (of?.(about) ?? []).flatMap((follower) =>
    services.filter((service) => service.name === name).map((service) => ({ follower, service })),
  ),
);

// The HTTP side of the main thread: the application over its ports, and a server that stops without failing anybody.
import { hkdfSync, type KeyObject } from 'node:crypto';
import type { Clock } from '@tenure/core';
import type { EventLogReader } from '@tenure/event-log';
import type { Codec } from '@tenure/events';
import {
  auditTrail,
  createApp,
  listen,
  streamRoute,
  EMBEDDED_ISSUER,
  errorFields,
  type Logger,
  type News,
  type Operations,
  type Ownership,
  type Readiness,
} from '@tenure/http';
import type { KeyStore } from '@tenure/keys';
import type { MovingReader } from '@tenure/projections';
import {
  readerLookups,
  readParty,
  type AgentsPolicy,
  type CommandBus,
  type Lookups,
} from '@tenure/service-kit';
import type { OpenedDeployment } from './deployment.ts';
import type { Platform } from './platform.ts';
import { hashOf } from './pipeline.ts';

export type WebParts = {
  readonly platform: Platform;
  readonly deployment: OpenedDeployment;
  readonly operations: Operations;
  readonly bus: CommandBus;
  readonly reader: MovingReader;
  readonly log: EventLogReader;
  readonly codec: Codec;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly wallClock: Clock;
  readonly secrets: { readonly tokens: Uint8Array; readonly pepper: KeyObject };
  readonly readiness: () => Promise<Readiness>;
  readonly news: News;
  readonly logger: Logger;
  readonly version: string;
};

export type Web = {
  readonly url: string;
  /** Readiness turns red, what is in flight finishes, idle connections close; ≤ 10 s, then the rest is cut. */
  readonly stop: () => Promise<void>;
};

/** Listens on loopback. @throws PORT_IN_USE */
export const startWeb = async (parts: WebParts, port: number): Promise<Web> => {
  const { logger, operations } = parts;
  const audit = auditTrail(operations.audit, (error) =>
    logger.error(errorFields(error), 'the audit cannot be written'),
  );
  const stopping = new AbortController();
  const { app } = createApp({
    services: parts.platform.services,
    routes: [
      ...parts.platform.routes({
        projections: parts.deployment.projections,
        hashOf: hashOf(parts.secrets.pepper, parts.deployment.region),
      }),
      ...operations.routes,
      streamRoute(parts.news),
    ],
    bus: parts.bus,
    reader: parts.reader,
    log: parts.log,
    codec: parts.codec,
    keys: parts.keys,
    ownership: ownershipOf(parts),
    audit,
    clock: parts.clock,
    wallClock: () => parts.wallClock.now(),
    cursorSecret: derived(parts.secrets.tokens, 'cursors'),
    auth: { issuer: EMBEDDED_ISSUER, secret: parts.secrets.tokens, now: () => parts.wallClock.now() },
    readiness: parts.readiness,
    stopping: stopping.signal,
    logger,
    version: parts.version,
  });
  const server = await listen(app, { host: '127.0.0.1', port, stopping });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await audit.flush();
    },
  };
};

/** A key of its own for each purpose, so that no signature of one is good for another. */
const derived = (secret: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', `tenure ${purpose}`, 32));

/** What an absorbed customer has is the business of whoever answers for his survivor. */
const ownerOf = async (lookups: Lookups, customerId: string): Promise<string | null> => {
  const party = await readParty(lookups, customerId);
  if (party?.standing !== 'absorbed' || party.survivorId === null) return party?.ownerId ?? null;
  return (await readParty(lookups, party.survivorId))?.ownerId ?? null;
};

const ownershipOf = ({ reader, deployment, wallClock }: WebParts): Ownership => {
  const lookups = readerLookups({ name: 'customer' }, reader);
  const agents = (): AgentsPolicy['agents'] => {
    const today = new Date(wallClock.now()).toISOString().slice(0, 10);
    return deployment.policies.at<AgentsPolicy>('agents', today).agents;
  };
  return {
    async ownersOf(customerIds) {
      const owners = await Promise.all(customerIds.map((id) => ownerOf(lookups, id)));
      return new Map(customerIds.map((id, i) => [id, owners[i] ?? null]));
    },
    teamOf: (agent) => agents().find(({ id }) => id === agent)?.team ?? null,
    membersOf: (teams) =>
      agents().flatMap(({ id, team }) => (team !== undefined && teams.includes(team) ? [id] : [])),
  };
};

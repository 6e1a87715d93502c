// The reactions of all write services, and what they may read: in the thread of the log and the read models.
import type { KeyObject } from 'node:crypto';
import type { Clock } from '@tenure/core';
import type { EventLog } from '@tenure/event-log';
import type { EventStore } from '@tenure/event-store';
import type { Codec } from '@tenure/events';
import type { KeyStore } from '@tenure/keys';
import type { ProjectionReader } from '@tenure/projections';
import type { ReadModels } from '@tenure/read-models';
import {
  createContextSources,
  lookupsOver,
  readModelCheckpoints,
  startReactions,
  type CommandBus,
  type ContextSources,
  type ReactionDeps,
  type RunningReactions,
  type ServiceDefinition,
} from '@tenure/service-kit';
import type { OpenedDeployment } from './deployment.ts';

export type ReactionParts = {
  readonly services: readonly ServiceDefinition[];
  readonly deployment: OpenedDeployment;
  readonly log: EventLog;
  readonly codec: Codec;
  readonly readModels: ReadModels;
  readonly reader: ProjectionReader;
  readonly stores: (source: string) => EventStore;
  readonly keys: KeyStore;
  readonly pepper: KeyObject;
  readonly wallClock: Clock;
  readonly submit: CommandBus['submit'];
  readonly observe: (service: string) => NonNullable<ReactionDeps['observe']>;
};

/** Reactions of one service at work. */
export type OpenReactions = RunningReactions & { readonly service: string };

/** Starts the reactions of every service that has some. */
export const startAllReactions = (parts: ReactionParts): Promise<readonly OpenReactions[]> => {
  const { services, reader, stores, codec, keys, pepper, deployment } = parts;
  const lookups = lookupsOver(services, reader);
  const { policies } = deployment;
  const sources = createContextSources({ services, stores, codec, keys, pepper, policies, lookups });
  return Promise.all(
    services
      .filter(({ reactions }) => (reactions ?? []).length > 0)
      .map((service) => startOne(parts, service, sources(service.name))),
  );
};

const startOne = async (
  { deployment, log, codec, readModels, reader, wallClock, submit, observe }: ReactionParts,
  service: ServiceDefinition,
  sources: ContextSources,
): Promise<OpenReactions> => {
  const about = { partitions: log.partitions, now: wallClock.now() };
  const checkpoints = await readModelCheckpoints(readModels, service.name, about);
  const { policies, zone } = deployment;
  const running = await startReactions({
    ...{ service, log, codec, policies, zone, sources, reader, submit, checkpoints },
    now: () => wallClock.now(),
    observe: observe(service.name),
  });
  return {
    ...running,
    service: service.name,
    async stop() {
      await running.stop();
      await checkpoints.close();
    },
  };
};

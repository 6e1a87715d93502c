// The followers of all projection services: in the thread of the log and the read models.
import type { Clock } from '@tenure/core';
import type { EventLog } from '@tenure/event-log';
import type { EventStore } from '@tenure/event-store';
import type { Codec } from '@tenure/events';
import type { Alarm, ProjectionReader } from '@tenure/projections';
import type { ReadModels } from '@tenure/read-models';
import {
  readModelCheckpoints,
  startFollower,
  type CommandBus,
  type Follower,
  type RunningFollower,
  type ServiceDefinition,
} from '@tenure/service-kit';
import type { OpenedDeployment } from './deployment.ts';
import type { Platform } from './platform.ts';

export type FollowerParts = {
  readonly platform: Platform;
  readonly deployment: OpenedDeployment;
  readonly log: EventLog;
  readonly codec: Codec;
  readonly readModels: ReadModels;
  readonly reader: ProjectionReader;
  readonly wallClock: Clock;
  readonly stores: (source: string) => EventStore;
  readonly submit: CommandBus['submit'];
  readonly onAlarm: (alarm: Alarm) => void;
};

type Followed = { readonly service: ServiceDefinition; readonly follower: Follower };

const followersOf = (platform: Platform, deployment: OpenedDeployment): readonly Followed[] =>
  platform.projectionServices.flatMap(({ name, followers }) =>
    (followers?.(deployment) ?? []).map((follower) => {
      const service = platform.services.find((one) => one.name === name);
      if (service === undefined)
        throw new TypeError(`${follower.name} follows for the service ${name}, and there is none.`);
      return { service, follower };
    }),
  );

/** Names of the projections that are followed. */
export const followedBy = (platform: Platform, deployment: OpenedDeployment): readonly string[] =>
  followersOf(platform, deployment).map(({ follower }) => follower.projection.name);

/** A follower at work, by its name. */
export type OpenFollower = RunningFollower & { readonly name: string };

/** Starts them all; each keeps checkpoints of its own. */
export const startAllFollowers = (parts: FollowerParts): Promise<readonly OpenFollower[]> =>
  Promise.all(followersOf(parts.platform, parts.deployment).map((followed) => startOne(parts, followed)));

const startOne = async (
  { log, codec, readModels, reader, wallClock, stores, submit, onAlarm }: FollowerParts,
  { service, follower }: Followed,
): Promise<OpenFollower> => {
  const about = { partitions: log.partitions, now: wallClock.now() };
  const checkpoints = await readModelCheckpoints(readModels, `${service.name}-${follower.name}`, about);
  const alarm =
    (detail: string) =>
    ({ code }: { readonly code: string }) =>
      onAlarm({ projection: follower.projection.name, code, detail });
  const running = await startFollower({
    ...{ service, follower, log, codec, reader, submit, checkpoints },
    written: async (source) => (await stores(source).head()).position,
    observe: {
      failed: alarm('nothing can be said about a customer; see /ops/parked, mend the cause and retry'),
      waiting: alarm('what the active generation owes cannot be said yet; it is tried again'),
    },
  });
  return {
    ...running,
    name: `${service.name}-${follower.name}`,
    async stop() {
      await running.stop();
      await checkpoints.close();
    },
  };
};

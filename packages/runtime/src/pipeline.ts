// From the stores to the read models: relays, the log, live projections, reactions. One thread's work; what it needs of
// other threads comes in as ports.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { toPlainError, type Clock } from '@tenure/core';
import type { EventLog } from '@tenure/event-log';
import { startRelay, type Relay } from '@tenure/event-log/relay';
import { openSegments, segmentCheckpoints } from '@tenure/event-log/segments';
import type { EventStore } from '@tenure/event-store';
import { createCodec, type Codec, searchHash, searchHashes } from '@tenure/events';
import type { KeyStore } from '@tenure/keys';
import {
  createProjectionReader,
  startProjections,
  type Alarm,
  type Build,
  type MovingReader,
  type ProjectionControl,
  type Progress,
  type Projections,
} from '@tenure/projections';
import type { ReadModels } from '@tenure/read-models';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import type { Vector } from '@tenure/read-models';
import { createSettling, type CommandBus } from '@tenure/service-kit';
import { countEvents, type EventCounts } from './event-counts.ts';
import type { OpenedDeployment, RunnableProjection } from './deployment.ts';
import type { ProcessLag, Readiness, SourceHead } from '@tenure/http';
import type { Platform } from './platform.ts';
import { controlWith } from './parked-reactions.ts';
import { followedBy, startAllFollowers } from './followers.ts';
import { startAllReactions, type OpenReactions, type ReactionParts } from './reactions.ts';
import { lagsOf } from './process-lag.ts';
import { judge, type RelayHealth } from './readiness.ts';

export type PipelineParts = {
  readonly platform: Platform;
  readonly deployment: OpenedDeployment;
  readonly folders: { readonly log: string; readonly models: string };
  readonly partitions: number;
  readonly stores: (source: string) => EventStore;
  readonly keys: KeyStore;
  /** The pepper of the blind index. */
  readonly pepper: KeyObject;
  readonly wallClock: Clock;
  /** The command handling of the write services. */
  readonly submit: CommandBus['submit'];
  readonly onProgress: (progress: Progress) => void;
  readonly onAlarm: (alarm: Alarm) => void;
  /** Told of reactions that are refused or parked. */
  readonly observe: ReactionParts['observe'];
  /** A broken log: the process must end. */
  readonly fatal: (error: unknown) => void;
  readonly build?: Build;
};

export type Pipeline = {
  readonly log: EventLog;
  readonly projections: Projections;
  readonly heads: () => Promise<Readonly<Record<string, SourceHead>>>;
  readonly eventCounts: () => Promise<Readonly<Record<string, number>>>;
  readonly readiness: () => Promise<Readiness>;
  /** Reactions and followers: what they have still to do. */
  readonly processes: () => Promise<Readonly<Record<string, ProcessLag>>>;
  /** Of projections, and of reactions as far as customers are parked. */
  readonly control: ProjectionControl;
  /** Resolves when all reactions are done with what there is. @throws BEHIND */
  readonly settled: () => Promise<void>;
  /** Names the changed customers in the progress of every commit from now on, or no more. */
  readonly listen: (on: boolean) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const named = (reactions: OpenReactions) => ({ ...reactions, name: `reactions-${reactions.service}` });

/** The blind-index hash of a deployment: of a value as it was entered; null where it gives none. */
export const hashOf =
  (pepper: KeyObject, region: string) =>
  (kind: string, value: string): string | null =>
    searchHash(pepper, region, kind, value);

/** All hashes of a value by which documents are found. */
export const hashesOf =
  (pepper: KeyObject, region: string) =>
  (kind: string, value: string): readonly string[] =>
    searchHashes(pepper, region, kind, value);

/** Starts everything; resolves when the projections serve what they can serve at once. */
export const startPipeline = async (parts: PipelineParts): Promise<Pipeline> => {
  const { deployment, folders, partitions, fatal } = parts;
  mkdirSync(folders.log, { recursive: true });
  const codec = createCodec();
  const log = await openSegments({ dir: folders.log, partitions, onBroken: fatal });
  const relays = await startRelays(parts, log);
  const counts = await countEvents(
    log,
    { sources: deployment.sources, broadcast: parts.platform.broadcast },
    codec,
    join(folders.log, 'event-counts.json'),
  );
  const readModels = openSqliteReadModels({ dir: folders.models });
  const hearing = hearingOf(parts.platform.streamed);
  const reader = await createProjectionReader({ readModels, projections: tablesOf(parts) });
  const projections = await runProjections(parts, {
    log,
    codec,
    readModels,
    reader,
    relays,
    isHeard: hearing.isHeard,
  });
  const ground = { ...parts, log, codec, readModels, reader };
  const reactions = await startAllReactions({ ...ground, services: parts.platform.services });
  const followers = await startAllFollowers(ground);
  const heard = [...reactions, ...followers];
  return {
    log,
    projections,
    heads: () => headsOf(parts, relays, log),
    eventCounts: async () => counts.counts(),
    readiness: async () => judge(await healthOf(relays), await projections.health(), parts.wallClock.now()),
    processes: () => lagsOf([...reactions.map(named), ...followers], log),
    listen: hearing.listen,
    control: controlWith(projections.control, reactions, log.partitions),
    settled: createSettling({ reactions: heard, log, heads: (topics) => positionsOf(parts, topics) }),
    stop: () =>
      stopAll({
        reactions: heard,
        projections,
        reader,
        counts,
        relays,
        log,
        close: () => readModels.close(),
      }),
  };
};

type ProjectionSide = {
  readonly log: EventLog;
  readonly codec: Codec;
  readonly readModels: ReadModels;
  readonly reader: MovingReader;
  readonly relays: Relays;
  readonly isHeard: (projection: string) => boolean;
};

/** Starts the projections; the reader of this thread moves with them. */
const runProjections = (
  parts: PipelineParts,
  { log, codec, readModels, reader, relays, isHeard }: ProjectionSide,
): Promise<Projections> =>
  startProjections({
    ...{ log, readModels, codec, isHeard },
    keys: parts.keys,
    searchHashes: hashesOf(parts.pepper, parts.deployment.region),
    definitions: parts.deployment.projections,
    clock: parts.wallClock,
    onProgress(progress) {
      parts.onProgress(progress);
      moveOn(reader, progress, parts.onAlarm);
    },
    onAlarm: parts.onAlarm,
    backlog: async (source) => (await relays.get(source)?.backlog()) ?? 0,
    ...(parts.build && { build: parts.build }),
  });

/** Whether somebody follows the changes of the streamed projection. */
const hearingOf = (streamed: string) => {
  let on = false;
  return {
    isHeard: (projection: string): boolean => on && projection === streamed,
    listen: async (heard: boolean): Promise<void> => {
      on = heard;
    },
  };
};

/** What reactions may look things up in, the tables of the write services, and what is followed. */
const tablesOf = ({ platform, deployment }: PipelineParts): readonly RunnableProjection[] => {
  const names = new Set([
    ...platform.services
      .flatMap(({ lookups = [], aggregates }) => [
        ...lookups,
        ...aggregates.flatMap(({ list }) => list ?? []),
      ])
      .map(({ name }) => name),
    ...followedBy(platform, deployment),
  ]);
  return deployment.projections.filter(({ definition }) => names.has(definition.name));
};

const moveOn = (reader: MovingReader, progress: Progress, alarm: PipelineParts['onAlarm']): void => {
  const { projection } = progress;
  reader
    .advance(progress)
    .catch((error: unknown) =>
      alarm({ projection, code: 'READER_NOT_MOVED', detail: toPlainError(error).detail }),
    );
};

type Relays = ReadonlyMap<string, Relay>;

const startRelays = async (
  { platform, deployment, stores, folders, wallClock, fatal }: PipelineParts,
  log: EventLog,
): Promise<Relays> => {
  const checkpoints = segmentCheckpoints(folders.log);
  const relays = new Map<string, Relay>();
  for (const source of deployment.sources) {
    const broadcast = platform.broadcast.includes(source);
    const relay = await startRelay({
      source,
      store: stores(source),
      log,
      checkpoints,
      broadcast,
      clock: wallClock,
    });
    relay.ended.catch(fatal);
    relays.set(source, relay);
  }
  return relays;
};

const headsOf = async (
  { stores }: PipelineParts,
  relays: Relays,
  log: EventLog,
): Promise<Readonly<Record<string, SourceHead>>> => {
  const heads: Record<string, SourceHead> = {};
  for (const [source, relay] of relays) {
    const { position: head, events } = await stores(source).head();
    const { published } = relay.stats();
    const lanes = await Promise.all(
      Array.from({ length: log.partitions }, (_, partition) => log.head({ source, partition })),
    );
    heads[source] = {
      head,
      events,
      relayed: published.position,
      backlogEvents: Math.max(0, events - published.events),
      lanes,
    };
  }
  return heads;
};

/** Sources that are read but that no service here writes have no store, and nothing to wait for. */
const positionsOf = async (
  { stores, deployment }: PipelineParts,
  topics: readonly string[],
): Promise<Vector> => {
  const known = topics.filter((source) => deployment.sources.includes(source));
  const heads = await Promise.all(known.map((source) => stores(source).head()));
  return Object.fromEntries(known.map((source, i) => [source, heads[i]?.position ?? 0]));
};

const healthOf = (relays: Relays): Promise<readonly RelayHealth[]> =>
  Promise.all(
    [...relays].map(async ([source, relay]) => {
      const { lastProgressAt, trouble } = relay.stats();
      const backlogEvents = await relay.backlog();
      return { source, backlogEvents, lastProgress: lastProgressAt, failing: trouble?.code ?? null };
    }),
  );

const stopAll = async (parts: {
  readonly reactions: readonly Pick<OpenReactions, 'stop'>[];
  readonly projections: Projections;
  readonly reader: MovingReader;
  readonly counts: EventCounts;
  readonly relays: Relays;
  readonly log: EventLog;
  readonly close: () => Promise<void>;
}): Promise<void> => {
  await Promise.all(parts.reactions.map((reaction) => reaction.stop()));
  await Promise.all([...parts.relays.values()].map((relay) => relay.stop()));
  await parts.projections.stop();
  await parts.reader.close();
  await parts.counts.stop();
  await parts.close();
  await parts.log.close();
};

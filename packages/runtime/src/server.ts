// A server: all services of a platform in one process, from its data directory to its last flush.
import { createSecretKey, randomUUID } from 'node:crypto';
import { TenureError } from '@tenure/core';
import { createCodec } from '@tenure/events';
import { createLogger, errorFields, openNews, systemTimer, type Logger, type News } from '@tenure/http';
import { createProjectionReader, type MovingReader } from '@tenure/projections';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import { startMetrics } from '@tenure/telemetry';
import { createCommandBus, lookupsOver, type CommandBus } from '@tenure/service-kit';
import type { MainCalls } from './channels.ts';
import type { Configuration } from './configuration.ts';
import {
  announceServer,
  claimDirectory,
  openDeploymentFile,
  openSecrets,
  saveDeploymentFile,
  withdrawServer,
} from './data-directory.ts';
import { keepClosingDays } from './day-keeper.ts';
import { openDeadlineDesk } from './deadline-desk.ts';
import { openDeployment } from './deployment.ts';
import type { Fault } from './faults.ts';
import { keepRotatingKeys } from './key-keeper.ts';
import { observeServer } from './gauges.ts';
import type { Platform } from './platform.ts';
import { hearOfReactions } from './reaction-news.ts';
import { clockOf, createSettableHandle } from './shared-clock.ts';
import { openStoreSide, startPipelineSide, type PipelineSide, type StoreSide } from './threads.ts';
import { startWeb } from './web.ts';

export type RunningServer = {
  readonly url: string;
  /** Finishes what is in flight, flushes, releases the data directory; ≤ 15 s. */
  readonly stop: () => Promise<void>;
};

export type ServerParts = {
  readonly platform: Platform;
  /** URL of the module that exports `platform`: the worker threads import it. */
  readonly platformModule: string;
  readonly configuration: Configuration;
  readonly version: string;
  /** What is to go wrong on purpose. */
  readonly faults?: readonly Fault[];
  readonly logger?: Logger;
  /** What must not go on has gone wrong: a flush failed, a thread died. Default: exit with 1. */
  readonly fatal?: (error: unknown) => void;
};

/** Starts a server; resolves when it listens. @throws TenureErrors that say what to mend before the next start */
export const startServer = async (parts: ServerParts): Promise<RunningServer> => {
  const { data } = parts.configuration;
  claimDirectory(data);
  const closing: Close[] = [() => withdrawServer(data)];
  const close = async (): Promise<void> => {
    for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step();
  };
  try {
    const url = await open(parts, (step) => closing.push(step));
    announceServer(data, { url, pid: process.pid });
    return { url, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
};

type Close = () => Promise<void> | void;

/** Opens part after part; each adds what closes it, so that a failure on the way leaves nothing open. */
const open = async (parts: ServerParts, onClose: (step: Close) => void): Promise<string> => {
  const foundation = await openFoundation(parts);
  const { deployment, settings, logger, fatal } = foundation;
  const stored = await openStoreSide(parts.configuration.storePlacement, settings.stores, fatal);
  onClose(stored.close);
  const rotating = keepRotatingKeys(stored.keys, Date.now, (error) =>
    logger.error(errorFields(error), 'the key epoch could not be rotated'),
  );
  onClose(rotating.stop);
  const reader = await createProjectionReader({
    readModels: openSqliteReadModels({ dir: settings.folders.models, readOnly: true }),
    projections: deployment.projections,
  });
  onClose(reader.close);
  const bus = commandBus(parts.platform, foundation, stored, reader);
  const news = newsOf(parts.platform, foundation, () => pipeline);
  const pipeline = await pipelineSide(foundation, { stored, reader, bus, news });
  onClose(pipeline.stop);
  const { zone } = deployment;
  const { clock, wallClock, codec, secrets } = foundation;
  const settable = parts.configuration.settableClock;
  const { heads, eventCounts, readiness, processes, settled } = pipeline.calls; // a twin of another thread's object: it has no keys to spread
  const desk = openDeadlineDesk({
    ...{ services: parts.platform.services, stores: stored.stores, submit: bus.submit },
    ...{ reader, clock, settable, zone, logger, settled },
  });
  onClose(desk.stop);
  const operations = await parts.platform.operations.open({
    ...{ heads, eventCounts, readiness, processes },
    ...{ version: parts.version, stores: stored.stores, control: pipeline.control, deadlines: desk },
    ...{ codec, reader, clock, wallClock, zone, settable },
  });
  const days = await keepClosingDays(operations.closeDue, (error) =>
    logger.error(errorFields(error), 'a business day could not be closed'),
  );
  onClose(days.stop);
  const web = await startWeb(
    {
      ...{ platform: parts.platform, version: parts.version, log: pipeline.log, keys: stored.keys },
      ...{ deployment, operations, bus, reader, codec, clock, wallClock, logger, secrets },
      ...{ readiness, news },
    },
    parts.configuration.port,
  );
  onClose(web.stop);
  observeServer({ heads, control: pipeline.control });
  void startMetrics();
  return web.url;
};

type Foundation = Awaited<ReturnType<typeof openFoundation>>;

/** What everything stands on: the data directory, the policies, clocks, keys, and the settings of the threads. */
const openFoundation = async ({
  platform,
  platformModule,
  configuration,
  faults = [],
  ...parts
}: ServerParts) => {
  const { data, folders, policies: overlay, partitions, settableClock } = configuration;
  const stored = openSecrets(data);
  const file = openDeploymentFile(data, { id: randomUUID(), partitions, settableClock });
  const deployment = await openDeployment(platform, { overlay, seen: file.policyHashes, faults });
  saveDeploymentFile(data, { ...file, policyHashes: deployment.hashes });
  const logger = parts.logger ?? createLogger('warn');
  return {
    deployment,
    settings: {
      folders: { log: folders.log, models: folders.models },
      stores: {
        ...{ eventFolder: folders.events, keyFolder: folders.keys },
        ...{ sources: deployment.sources, keyRoot: stored.keys, faults },
      },
      pipeline: {
        ...{ platformModule, overlay, faults, pepper: stored.pepper },
        ...{ partitions: file.partitions, seen: deployment.hashes },
      },
    },
    secrets: {
      tokens: Buffer.from(stored.tokens, 'base64'),
      pepper: createSecretKey(Buffer.from(stored.pepper, 'base64')),
      bodyKey: createSecretKey(Buffer.from(stored.bodies, 'base64')),
    },
    codec: createCodec(),
    clock: clockOf(settableClock ? createSettableHandle() : null),
    wallClock: { now: () => Date.now() },
    logger,
    fatal: fatalOnce(parts.fatal ?? exit, logger),
  };
};

const commandBus = (
  platform: Platform,
  { deployment, codec, clock, wallClock, secrets }: Foundation,
  { stores, keys }: StoreSide,
  reader: MovingReader,
): CommandBus =>
  createCommandBus({
    ...{ services: platform.services, stores, codec, keys, clock, wallClock, secrets },
    ...{ policies: deployment.policies, zone: deployment.zone },
    lookups: lookupsOver(platform.services, reader),
    sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  });

/** News for live streams; the pipeline that tells them is started behind it. */
const newsOf = (
  platform: Platform,
  { wallClock }: Foundation,
  pipeline: () => Pick<PipelineSide, 'calls' | 'control'>,
): News =>
  openNews({
    projection: platform.streamed,
    listen: (on) => pipeline().calls.listen(on),
    projections: async () =>
      (await pipeline().control.status({ digest: false })).map(({ name, state, lagEvents }) => ({
        name,
        state,
        lag: lagEvents,
      })),
    now: wallClock.now,
    timer: systemTimer,
    newEpoch: randomUUID,
  });

const pipelineSide = async (
  { settings, logger, fatal }: Foundation,
  {
    stored,
    reader,
    bus,
    news,
  }: {
    readonly stored: StoreSide;
    readonly reader: MovingReader;
    readonly bus: CommandBus;
    readonly news: News;
  },
): Promise<PipelineSide> => {
  const hear = hearOfReactions(logger);
  const main: MainCalls = {
    progress: async (progress) => {
      await reader.advance(progress);
      news.committed(progress); // now the documents can be read
    },
    alarm: async ({ projection, code, detail }) => logger.error({ projection, code }, detail),
    reaction: async (told) => hear(told),
    submit: bus.submit,
    fatal: async (detail) => fatal(new TenureError('PIPELINE_FAILED', detail)),
  };
  const data = { ...settings.pipeline, folders: settings.folders, stores: await stored.share() };
  return startPipelineSide(data, main, fatal);
};

const exit = (): void => process.exit(1);

/** The first failure tells; what follows from it does not. */
const fatalOnce = (end: (error: unknown) => void, logger: Logger) => {
  let over = false;
  return (error: unknown): void => {
    if (over) return;
    over = true;
    logger.error(errorFields(error), error instanceof Error ? error.message : 'the process cannot go on');
    end(error);
  };
};

// A server: all services of a platform in one process, from its data directory to its last flush.
import { createSecretKey, randomUUID } from 'node:crypto';
import { TenureError } from '@tenure/core';
import { createCodec } from '@tenure/events';
import { createLogger, errorFields, type Logger } from '@tenure/http';
import { createProjectionReader } from '@tenure/projections';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import { createCommandBus, readerLookups } from '@tenure/service-kit';
import type { MainCalls } from './channels.ts';
import type { Configuration } from './configuration.ts';
import {
  announceServer,
  claimDirectory,
  openDeploymentFile,
  openSecrets,
  saveDeploymentFile,
  withdrawServer,
  type Secrets,
} from './data-directory.ts';
import { openDeadlineDesk } from './deadline-desk.ts';
import { openDeployment } from './deployment.ts';
import { keepClosingDays } from './day-keeper.ts';
import type { Platform } from './platform.ts';
import { clockOf, createSettableHandle } from './shared-clock.ts';
import { openStoreSide, startPipelineSide } from './threads.ts';
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
  readonly logger?: Logger;
  /** What must not go on has gone wrong: a flush failed, a thread died. Default: exit with 1. */
  readonly fatal?: (error: unknown) => void;
};

/** Starts a server; resolves when it listens. @throws TenureErrors that say what to mend before the next start */
export const startServer = async (parts: ServerParts): Promise<RunningServer> => {
  const { configuration } = parts;
  claimDirectory(configuration.data);
  const undo: (() => Promise<void> | void)[] = [() => withdrawServer(configuration.data)];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const url = await open(parts, undo);
    announceServer(configuration.data, { url, pid: process.pid });
    return { url, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Opens part after part; each adds what closes it, so that a failure on the way leaves nothing open. */
const open = async (parts: ServerParts, undo: (() => Promise<void> | void)[]): Promise<string> => {
  const { platform, platformModule, configuration, version } = parts;
  const logger = parts.logger ?? createLogger('warn');
  const fatal = fatalOnce(parts.fatal ?? exit, logger);
  const { data, folders, settableClock: settable } = configuration;
  const secrets = openSecrets(data);
  const file = openDeploymentFile(data, {
    id: randomUUID(),
    partitions: configuration.partitions,
    settableClock: settable,
  });
  const deployment = await openDeployment(platform, {
    overlay: configuration.policies,
    seen: file.policyHashes,
  });
  saveDeploymentFile(data, { ...file, policyHashes: deployment.hashes });

  const { zone, policies, sources } = deployment;
  const stored = await openStoreSide(
    configuration.storePlacement,
    { eventFolder: folders.events, keyFolder: folders.keys, sources, keyRoot: secrets.keys },
    fatal,
  );
  undo.push(stored.close);
  const reader = await createProjectionReader({
    readModels: openSqliteReadModels({ dir: folders.models, readOnly: true }),
    projections: deployment.projections,
  });
  undo.push(reader.close);

  const clock = clockOf(settable ? createSettableHandle() : null);
  const wallClock = { now: () => Date.now() };
  const codec = createCodec();
  const keys = keysOf(secrets);
  const bus = createCommandBus({
    services: platform.services,
    stores: stored.stores,
    codec,
    keys: stored.keys,
    policies,
    lookups: (service) => readerLookups(service, reader),
    clock,
    wallClock,
    zone,
    secrets: { pepper: keys.pepper, bodyKey: keys.bodies },
    sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  });
  const main: MainCalls = {
    progress: (progress) => reader.advance(progress),
    alarm: async ({ projection, code, detail }) => logger.error({ projection, code }, detail),
    submit: bus.submit,
    fatal: async (detail) => fatal(new TenureError('PIPELINE_FAILED', detail)),
  };
  const pipeline = await startPipelineSide(
    {
      platformModule,
      folders: { log: folders.log, models: folders.models },
      partitions: file.partitions,
      overlay: configuration.policies,
      seen: deployment.hashes,
      pepper: secrets.pepper,
      stores: await stored.share(),
    },
    main,
    fatal,
  );
  undo.push(pipeline.stop);

  const desk = openDeadlineDesk({
    services: platform.services,
    stores: stored.stores,
    reader,
    submit: bus.submit,
    clock,
    settable,
    zone,
    logger,
  });
  undo.push(desk.stop);
  const { heads, eventCounts, readiness } = pipeline.calls;
  const operations = await platform.operations.open({
    version,
    stores: stored.stores,
    codec,
    control: pipeline.control,
    reader,
    heads,
    eventCounts,
    readiness,
    deadlines: desk,
    clock,
    wallClock,
    zone,
    settable,
  });
  const days = await keepClosingDays(operations.closeDue, (error) =>
    logger.error(errorFields(error), 'a business day could not be closed'),
  );
  undo.push(days.stop);
  const web = await startWeb(
    {
      ...{
        platform,
        deployment,
        operations,
        bus,
        reader,
        codec,
        clock,
        wallClock,
        readiness,
        logger,
        version,
      },
      log: pipeline.log,
      keys: stored.keys,
      secrets: { tokens: Buffer.from(secrets.tokens, 'base64'), pepper: keys.pepper },
    },
    configuration.port,
  );
  undo.push(web.stop);
  return web.url;
};

const keysOf = (secrets: Secrets) => ({
  pepper: createSecretKey(Buffer.from(secrets.pepper, 'base64')),
  bodies: createSecretKey(Buffer.from(secrets.bodies, 'base64')),
});

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

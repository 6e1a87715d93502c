// The pipeline in a worker thread: what it needs of the main thread and of the stores comes over two ports.
import { createSecretKey } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { remoteCalls, serveCalls, toPlainError } from '@tenure/core';
import { serveEventLog } from '@tenure/event-log';
import { remoteKeyStore } from '@tenure/keys';
import type { PolicyHashes } from '@tenure/service-kit';
import { buildInThread } from './build-runner.ts';
import { CHANNELS, type MainCalls, type PipelineCalls } from './channels.ts';
import type { Fault } from './faults.ts';
import { openDeployment } from './deployment.ts';
import { startPipeline, type PipelineParts } from './pipeline.ts';
import type { Platform } from './platform.ts';
import { newsOf } from './reaction-news.ts';
import { remoteStores } from './remote-stores.ts';
import { runThread } from './thread.ts';

export type PipelineThreadData = {
  readonly platformModule: string;
  readonly folders: { readonly log: string; readonly models: string };
  readonly partitions: number;
  readonly overlay: string | undefined;
  readonly seen: PolicyHashes;
  /** Base64 of the pepper. */
  readonly pepper: string;
  readonly faults: readonly Fault[];
  readonly stores: MessagePort;
  readonly main: MessagePort;
};

await runThread(async (data: PipelineThreadData) => {
  const { platform } = (await import(data.platformModule)) as { readonly platform: Platform };
  const deployment = await openDeployment(platform, {
    overlay: data.overlay,
    seen: data.seen,
    faults: data.faults,
  });
  const main = remoteCalls<MainCalls>(data.main, CHANNELS.main);
  const wallClock = { now: () => Date.now() };
  const keyStore = remoteKeyStore(data.stores, { now: wallClock.now });
  const pipeline = await startPipeline({
    platform,
    deployment,
    folders: data.folders,
    partitions: data.partitions,
    stores: remoteStores(data.stores, deployment.sources),
    keys: keyStore,
    pepper: createSecretKey(Buffer.from(data.pepper, 'base64')),
    wallClock,
    submit: (request) => main.submit(request),
    ...toldTo(main),
    build: buildInThread({
      platformModule: data.platformModule,
      folders: data.folders,
      overlay: data.overlay,
      seen: data.seen,
      pepper: data.pepper,
      faults: data.faults,
      keys: keyStore,
    }),
  });
  const calls: PipelineCalls = pipeline;
  serveCalls(data.main, CHANNELS.pipeline, {
    heads: calls.heads,
    eventCounts: calls.eventCounts,
    readiness: calls.readiness,
    processes: calls.processes,
    listen: calls.listen,
    settled: calls.settled,
  });
  serveCalls(data.main, CHANNELS.control, pipeline.control);
  serveEventLog(data.main, pipeline.log);
  return { stop: pipeline.stop };
});

/** What the main thread hears of the pipeline. */
function toldTo(main: MainCalls): Pick<PipelineParts, 'onProgress' | 'onAlarm' | 'observe' | 'fatal'> {
  return {
    onProgress(progress) {
      const { projection } = progress;
      main
        .progress(progress)
        .catch((error: unknown) =>
          main.alarm({ projection, code: 'READER_NOT_MOVED', detail: toPlainError(error).detail }),
        );
    },
    onAlarm: (alarm) => void main.alarm(alarm),
    observe: newsOf((news) => void main.reaction(news)),
    fatal: (error) => void main.fatal(toPlainError(error).detail),
  };
}

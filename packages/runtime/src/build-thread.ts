// A build in a worker thread: reads the log's files, writes its own generation, asks for keys over a port.
import { createSecretKey } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { serveCalls, TenureError } from '@tenure/core';
import { openSegments } from '@tenure/event-log/segments';
import { createCodec } from '@tenure/events';
import { remoteKeyStore } from '@tenure/keys';
import { runBuild } from '@tenure/projections';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import type { PolicyHashes } from '@tenure/service-kit';
import { BUILD_CHANNEL, type BuildCalls, type ProgressMessage } from './build-runner.ts';
import type { Fault } from './faults.ts';
import { openDeployment } from './deployment.ts';
import { hashesOf } from './pipeline.ts';
import type { Platform } from './platform.ts';
import { runThread } from './thread.ts';

export type BuildThreadData = {
  readonly platformModule: string;
  readonly folders: { readonly log: string; readonly models: string };
  readonly overlay: string | undefined;
  readonly seen: PolicyHashes;
  readonly pepper: string;
  readonly faults: readonly Fault[];
  readonly projection: string;
  readonly port: MessagePort;
};

await runThread(async (data: BuildThreadData) => {
  const { platform } = (await import(data.platformModule)) as { readonly platform: Platform };
  const deployment = await openDeployment(platform, {
    overlay: data.overlay,
    seen: data.seen,
    faults: data.faults,
  });
  const projection = deployment.projections.find(({ definition }) => definition.name === data.projection);
  if (projection === undefined)
    throw new TenureError('NOT_FOUND', `There is no projection ${data.projection}.`, {
      projection: data.projection,
    });
  const codec = createCodec();
  const log = await openSegments({ dir: data.folders.log, readOnly: true });
  const readModels = openSqliteReadModels({ dir: data.folders.models });
  const engine = {
    log,
    readModels,
    codec,
    keys: remoteKeyStore(data.port, { now: () => Date.now() }),
    searchHashes: hashesOf(createSecretKey(Buffer.from(data.pepper, 'base64')), deployment.region),
    definition: projection.definition,
    codeHash: projection.codeHash,
  };
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const calls: BuildCalls = {
    run(job) {
      const build = runBuild({ ...engine, stop: stopping.signal }, job, (progress) =>
        data.port.postMessage({ progress } satisfies ProgressMessage),
      );
      running = build.catch(() => undefined); // who asked for it hears how it ended
      return build;
    },
  };
  serveCalls(data.port, BUILD_CHANNEL, calls);
  return {
    async stop() {
      stopping.abort();
      await running;
      await readModels.close();
      await log.close();
    },
  };
});

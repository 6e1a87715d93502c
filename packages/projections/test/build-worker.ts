// A build in a thread of its own: opens its own view of the log and of the read models.
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Port } from '@tenure/core';
import { openSegments } from '@tenure/event-log/segments';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import type { BuildJob } from '../src/build/build-job.ts';
import { runBuild } from '../src/build/run-build.ts';
import { jsonCodec, mergingShop, orders, plainHashes, plainKeys } from './world.ts';

if (parentPort === null) throw new Error('runs in a worker');
const port: Port = parentPort;
const { dir, job } = workerData as { dir: string; job: BuildJob };
const log = await openSegments({ dir: join(dir, 'log'), readOnly: true });
const readModels = openSqliteReadModels({ dir: join(dir, 'read-models') });
const definition = job.projection === 'shop' ? mergingShop : orders;
const result = await runBuild(
  {
    log,
    readModels,
    codec: jsonCodec,
    keys: plainKeys(),
    searchHashes: plainHashes,
    definition,
    codeHash: 'code-1',
  },
  job,
  (progress) => port.postMessage({ progress }),
);
await readModels.close();
await log.close();
port.postMessage({ result });

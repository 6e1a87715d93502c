// A process that folds a log that is there, telling each step, until it is done or killed.
import { join } from 'node:path';
import { memoryLogData } from '@tenure/event-log/memory';
import { openSegments } from '@tenure/event-log/segments';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import { runBuild } from '../src/build/run-build.ts';
import { jsonCodec, mergingShop, plainHashes, plainKeys, settled, worldOn } from './world.ts';

const [, , dir = ''] = process.argv;
const PARTITIONS = 4;
const tell = (step: string): void => void process.stdout.write(`${step}\n`);

const log = await openSegments({ dir: join(dir, 'log'), partitions: PARTITIONS });
const readModels = openSqliteReadModels({ dir: join(dir, 'read-models') });
const engine = { log, readModels, codec: jsonCodec, keys: plainKeys(), searchHashes: plainHashes };
const told = await worldOn(memoryLogData(PARTITIONS), log, readModels).start({
  definitions: [{ definition: mergingShop, codeHash: 'code-1' }],
  onProgress: () => tell('folded'),
  build: (job, onProgress) =>
    runBuild({ ...engine, definition: mergingShop, codeHash: 'code-1' }, job, (progress) => {
      tell('built');
      onProgress(progress);
    }),
});
await settled(told);
await told.stop();
await readModels.close();
await log.close();
tell('done');

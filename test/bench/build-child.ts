// A rebuild of the 360 in a process that does nothing else: `build-child.ts LOG MODELS`. Its peak memory is that of a build.
import { openSegments } from '../../packages/event-log/src/segments/index.ts';
import { runBuild } from '../../packages/projections/src/index.ts';
import { shapeOf } from '../../packages/projections/src/rules.ts';
import { openSqliteReadModels } from '../../packages/read-models/src/sqlite/index.ts';
import { codeHash, definition, engine } from './engine.ts';
import { PARTITIONS } from './dataset.ts';

const [, , logFolder = '', modelFolder = ''] = process.argv;

const log = await openSegments({ dir: logFolder, readOnly: true });
const readModels = openSqliteReadModels({ dir: modelFolder });
const shape = shapeOf(definition);
const about = { codeHash, version: definition.version, partitions: PARTITIONS, now: 0 };
await (await readModels.create(shape, about)).close();
const heads = [];
for (const source of ['customer', 'order', 'clock'])
  for (let partition = 0; partition < PARTITIONS; partition++)
    heads.push({ source, partition, seq: await log.head({ source, partition }) });
const begun = performance.now();
const result = await runBuild(
  { ...engine, log, readModels, definition, codeHash },
  { projection: definition.name, generation: 1, heads, released: [], now: 0 },
);
const seconds = (performance.now() - begun) / 1_000;
const reader = await readModels.openReader(shape, 1);
const sample = await reader.scan('', 100);
const bodyBytes = Math.round(sample.reduce((sum, { body }) => sum + body.length, 0) / sample.length);
await reader.close();
await readModels.close();
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ ...result, seconds, bodyBytes, peakMb }));
process.exit(0);

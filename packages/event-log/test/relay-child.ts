// A process that relays on and on, to be killed: node relay-child.ts FOLDER COUNT. Prints each position that it announced.
import { startRelay } from '../src/relay/index.ts';
import { openSegments, segmentCheckpoints } from '../src/segments/index.ts';
import { arrayStore } from './array-store.ts';
import { SOURCE } from './source.ts';

const [dir = '', count = '0'] = process.argv.slice(2);
const store = arrayStore(Number(count), { batch: 7, keys: 200 });
const log = await openSegments({ dir, partitions: 4, segmentBytes: 16 * 1024, flushEveryMs: 5 });
const relay = await startRelay({
  source: SOURCE,
  store,
  log,
  checkpoints: segmentCheckpoints(dir),
  checkpointEveryMs: 5,
});
const last = (await store.head()).position;
for await (const { position } of log.watermark(SOURCE)) {
  process.stdout.write(`${position}\n`);
  if (position >= last) break;
}
await relay.stop();
await log.close();

// From an event store in its thread to segment files: the relay of a source that was away.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startRelay } from '../../packages/event-log/src/relay/index.ts';
import { openSegments, segmentCheckpoints } from '../../packages/event-log/src/segments/index.ts';
import { openStoreSide } from '../../packages/runtime/src/threads.ts';
import { keptStore, PARTITIONS } from './dataset.ts';
import { median, roundsOf, type Bench } from './figures.ts';
import { emptyFolder } from './places.ts';

/** More tells nothing more: the relay keeps nothing but the ends of its lanes. */
const MAX_EVENTS = 300_000;

export const bench: Bench = async ({ events: asked, rounds }) => {
  const kept = await keptStore(Math.min(asked, MAX_EVENTS));
  const folder = emptyFolder('relay');
  mkdirSync(join(folder, 'events'));
  copyFileSync(join(kept, 'order.db'), join(folder, 'events', 'order.db'));
  const side = await openStoreSide(
    'worker',
    {
      eventFolder: join(folder, 'events'),
      keyFolder: join(folder, 'keys'),
      sources: ['order'],
      keyRoot: Buffer.alloc(32, 1).toString('base64'),
      faults: [],
    },
    (error) => {
      throw error;
    },
  );
  const store = side.stores('order');
  const head = await store.head();
  const all = await roundsOf(rounds, async () => {
    const dir = emptyFolder('relay-log');
    const log = await openSegments({ dir, partitions: PARTITIONS });
    const begun = performance.now();
    const relay = await startRelay({ source: 'order', store, log, checkpoints: segmentCheckpoints(dir) });
    while (relay.stats().published.position < head.position)
      await new Promise((resolve) => setImmediate(resolve));
    const perSecond = head.events / ((performance.now() - begun) / 1_000);
    await relay.stop();
    await log.close();
    return perSecond;
  });
  await side.close();
  return {
    about: { events: head.events, durability: 'segments flushed every 100 ms', rounds },
    figures: [
      { name: 'relay into segments', value: median(all), unit: 'events/s', goal: { atLeast: 220_000 } },
    ],
  };
};

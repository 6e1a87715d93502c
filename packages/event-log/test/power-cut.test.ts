// A power cut under a relay that writes segments: what is left opens, and the next relay completes it.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasStrace, powerCuts, recordDisk } from '@tenure/testing/power-cut';
import { describe, expect, it } from 'vitest';
import { startRelay } from '../src/relay/index.ts';
import { openSegments, segmentCheckpoints } from '../src/segments/index.ts';
import { tempFolder } from './adapters.ts';
import { arrayStore } from './array-store.ts';
import { expectAllOnce, expectPrefixes, reached, SOURCE } from './invariants.ts';

const IMAGES = Number(process.env['TENURE_POWER_CUTS'] ?? 50);
const SEED = Number(process.env['TENURE_SEED'] ?? 1);
const COUNT = 700; // a hundred batches of the relay: several segments in every lane
const child = fileURLToPath(new URL('relay-child.ts', import.meta.url));
const store = arrayStore(COUNT, { keys: 200 });

/** What is in the log right after the cut is a beginning; a relay brings the rest. Answers how much was there. */
const completed = async (dir: string): Promise<number> => {
  const log = await openSegments({ dir, partitions: 4 });
  await expectPrefixes(log, store.events);
  const heads = await Promise.all([0, 1, 2, 3].map((partition) => log.head({ source: SOURCE, partition })));
  const relay = await startRelay({ source: SOURCE, store, log, checkpoints: segmentCheckpoints(dir) });
  await reached(log, store.events.at(-1)?.position ?? 0);
  await relay.stop();
  await expectAllOnce(log, store.events);
  await log.close();
  return heads.reduce((sum, head) => sum + head, 0);
};

describe('a power cut', { timeout: 60_000 + IMAGES * 500 }, () => {
  it(`leaves a log that the next relay completes: nothing missing, nothing twice (${IMAGES} images)`, async (context) => {
    context.skip(!hasStrace(), 'needs strace');
    const { dir, remove } = tempFolder();
    try {
      const root = join(dir, 'recorded');
      mkdirSync(root);
      const recording = await recordDisk(root, [process.execPath, child, root, String(COUNT)]);
      let there = 0;
      let number = 0;
      for (const cut of powerCuts(recording, { images: IMAGES, seed: SEED })) {
        const image = join(dir, `image-${number++}`);
        mkdirSync(image);
        cut.writeTo(image);
        try {
          there += await completed(image);
        } catch (error) {
          throw new Error(cut.title, { cause: error });
        }
        rmSync(image, { recursive: true });
      }
      expect(number).toBe(IMAGES);
      expect(there).toBeGreaterThan((IMAGES * COUNT) / 10); // the cuts came amid the work
    } finally {
      remove();
    }
  });
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasStrace, powerCuts, recordDisk } from '@tenure/testing/power-cut';
import { folder, open, rootSecret } from './key-file.ts';
import { brokenPromises } from './promises.ts';

const IMAGES = Number(process.env['TENURE_POWER_CUTS'] ?? 50);
const SEED = Number(process.env['TENURE_SEED'] ?? 1);
const ROUNDS = 42;

describe('a power cut', { timeout: 60_000 + IMAGES * 200 }, () => {
  it(`leaves every key and every destruction that was acknowledged (${IMAGES} images)`, async (context) => {
    context.skip(!hasStrace(), 'needs strace');
    const root = join(folder, 'recorded');
    mkdirSync(root);
    const script = fileURLToPath(new URL('creating-process.ts', import.meta.url));
    const file = join(root, 'keys', 'keys.db');
    const recording = await recordDisk(root, [
      process.execPath,
      script,
      file,
      rootSecret.toString('hex'),
      String(ROUNDS),
    ]);
    const broken: string[] = [];
    let promised = 0;
    for (const cut of powerCuts(recording, { images: IMAGES, seed: SEED })) {
      const image = join(folder, `image-${promised}-${broken.length}-${cut.title.replaceAll(/\W+/g, '-')}`);
      mkdirSync(image, { recursive: true });
      cut.writeTo(image);
      const store = await open(join(image, 'keys', 'keys.db'));
      for (const promise of await brokenPromises(store, cut.marks)) broken.push(`${cut.title}: ${promise}`);
      promised += cut.marks.length;
      await store.close();
    }
    expect(broken).toEqual([]);
    expect(promised).toBeGreaterThan(IMAGES * ROUNDS * 0.5);
  });
});

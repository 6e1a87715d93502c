import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isTenureError } from '@tenure/core';
import { hasStrace, powerCuts, recordDisk, type Recording } from '@tenure/testing/power-cut';
import { temporaryFolder } from './folder.ts';
import { acknowledged, lostAfter } from './survivors.ts';

const IMAGES = Number(process.env['TENURE_POWER_CUTS'] ?? 50);
const SEED = Number(process.env['TENURE_SEED'] ?? 1);
const APPENDS = 160;
const STORE = 'data/events/order.db';

const record = async (synchronous: string): Promise<Recording> => {
  const folder = temporaryFolder();
  try {
    const options = ['--appends', String(APPENDS), '--synchronous', synchronous];
    const writer = join(import.meta.dirname, 'writer.ts');
    return await recordDisk(folder.path, [
      process.execPath,
      writer,
      '--file',
      join(folder.path, STORE),
      ...options,
    ]);
  } finally {
    folder.remove();
  }
};

/** The images that had lost something, noticed by the store itself or only by the acknowledgements. */
const losses = async (recording: Recording): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const cut of powerCuts(recording, { images: IMAGES, seed: SEED })) {
    const folder = temporaryFolder();
    try {
      cut.writeTo(folder.path);
      mkdirSync(join(folder.path, 'data/events'), { recursive: true }); // lost only while nothing is acknowledged
      const lost = await lostAfter(join(folder.path, STORE), cut.marks);
      if (lost.length > 0) found.push(`${cut.title}: ${lost.length} of ${acknowledged(cut.marks).length}`);
    } catch (error) {
      if (!isTenureError(error, 'CORRUPT')) throw new Error(cut.title, { cause: error });
      found.push(`${cut.title}: ${error.message}`);
    } finally {
      folder.remove();
    }
  }
  return found;
};

describe('a power cut', { timeout: 60_000 + IMAGES * 200 }, () => {
  it(`loses nothing that was acknowledged and opens without repair (${IMAGES} images)`, async (context) => {
    context.skip(!hasStrace(), 'needs strace');
    const recording = await record('FULL');
    const [whole] = [...powerCuts(recording, { images: 200, seed: SEED })].slice(-1);
    expect(acknowledged(whole?.marks ?? []).length).toBeGreaterThan(APPENDS / 2);
    expect(await losses(recording)).toEqual([]);
  });

  it('is noticed by this test when commits are not flushed', async (context) => {
    context.skip(!hasStrace(), 'needs strace');
    expect((await losses(await record('NORMAL'))).length).toBeGreaterThan(IMAGES / 10);
  });
});

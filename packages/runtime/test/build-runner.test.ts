// Builds in threads that go wrong in every way a thread can: the process goes on, and hears what has happened.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSegments } from '@tenure/event-log/segments';
import { memoryKeyStore } from '@tenure/keys';
import { shapeOf, type BuildJob, type BuildResult } from '@tenure/projections';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildInThread } from '../src/build-runner.ts';
import { openDeployment } from '../src/deployment.ts';
import type { Platform } from '../src/platform.ts';

const platformModule = new URL('../../../services/platform/src/services.ts', import.meta.url).href;
const PROJECTION = 'customer-360';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tenure-builds-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a build of an empty log whose last step was replaced. */
const build = async (
  replace: string | null,
  stop = new AbortController().signal,
  onProgress: () => void = () => {},
): Promise<BuildResult> => {
  const folders = { log: join(folder, 'log'), models: join(folder, 'models') };
  const { platform } = (await import(platformModule)) as { platform: Platform };
  const { projections, hashes } = await openDeployment(platform, { faults: [] });
  const definition = projections.find((one) => one.definition.name === PROJECTION)!.definition;
  await (await openSegments({ dir: folders.log, partitions: 2 })).close();
  const models = openSqliteReadModels({ dir: folders.models });
  const about = { codeHash: 'c', version: 1, partitions: 2, now: 0 };
  const { info } = await models.create(shapeOf(definition), about);
  await models.close();
  const file = 'packages/projections/src/build/run-build.ts';
  const run = buildInThread({
    platformModule,
    folders,
    overlay: undefined,
    seen: hashes,
    pepper: Buffer.alloc(32, 1).toString('base64'),
    faults: replace === null ? [] : [{ file, find: 'await generation.finishBuild();', replace }],
    keys: memoryKeyStore((size) => new Uint8Array(size), 0),
  });
  const job: BuildJob = {
    projection: PROJECTION,
    generation: info.generation,
    heads: [],
    released: [],
    now: 0,
  };
  return run(job, onProgress, stop);
};

describe('a build in a thread', { timeout: 60_000 }, () => {
  it('answers what it has built', async () => {
    expect(await build(null)).toEqual({ events: 0, documents: 0, parked: 0 });
  });

  it.each([
    [
      'throws what nobody catches',
      'setTimeout(() => { throw new RangeError("x"); }); await new Promise(() => {});',
      'RangeError',
    ],
    ['exits', 'process.exit(3);', 'died'],
    [
      'needs more memory than it may have',
      'for (const hog: unknown[] = []; ; ) hog.push(Array.from({ length: 1e6 }, (_, i) => i + 0.5));',
      'more than 640 MB',
    ],
  ])('that %s fails with a clear error, and the process goes on', async (_, replace, why) => {
    await expect(build(replace)).rejects.toMatchObject({
      code: 'BUILD_CRASHED',
      retriable: false,
      message: expect.stringContaining(why),
    });
  });

  it('passes on why it failed', async () => {
    await expect(build('throw new SyntaxError("of the build");')).rejects.toThrow('of the build');
  });

  it.each([
    ['between two reads', 'await new Promise((resolve) => engine.stop?.addEventListener("abort", resolve));'],
    ['where it hangs', 'for (;;);'],
  ])('ends %s when it is to stop', async (_, replace) => {
    const stop = new AbortController();
    const reason = new Error('the process stops');
    const over = build(`read(0); ${replace}`, stop.signal, () => stop.abort(reason));
    await expect(over).rejects.toBe(reason);
  });

  it('does not begin when it is to stop already', async () => {
    await expect(build(null, AbortSignal.abort(new Error('the process stops')))).rejects.toThrow('stops');
  });
});

// kill -9 of a process that relays into segment files: whatever moment, the next one completes the log.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSegments, segmentCheckpoints } from '../src/segments/index.ts';
import { tempFolder } from './adapters.ts';
import { arrayStore } from './array-store.ts';
import { expectAllOnce, expectPrefixes, SOURCE } from './invariants.ts';

const COUNT = 20_000;
const KILLS = Number(process.env['TENURE_KILLS'] ?? 5);
/** Kills on the way to one complete log. */
const KILLS_PER_LOG = 5;
const child = fileURLToPath(new URL('relay-child.ts', import.meta.url));

/** Lets a relay run until it has announced so many positions, then kills it. Answers how it ended. */
const killAfter = async (
  dir: string,
  lines: number,
): Promise<{ readonly signal: string | null; readonly code: number | null }> => {
  const running = spawn(process.execPath, [child, dir, String(COUNT)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(running, 'exit');
  let seen = 0;
  createInterface({ input: running.stdout }).on('line', () => {
    if (++seen === lines) running.kill('SIGKILL');
  });
  const [code, signal] = (await exit) as [number | null, string | null];
  return { code, signal };
};

/** Kills relay after relay over one log, each a little further, then lets one complete it. */
const killOverAndOver = async (dir: string, round: number): Promise<void> => {
  const store = arrayStore(COUNT, { keys: 200 });
  let before = 0;
  for (let kill = 0; kill < KILLS_PER_LOG; kill++) {
    const lines = 11 + kill * 40 + ((round * 29) % 40);
    expect(await killAfter(dir, lines)).toEqual({ code: null, signal: 'SIGKILL' });
    const log = await openSegments({ dir, partitions: 4 });
    await expectPrefixes(log, store.events);
    const heads = await Promise.all([0, 1, 2, 3].map((partition) => log.head({ source: SOURCE, partition })));
    const events = heads.reduce((sum, head) => sum + head, 0);
    expect(events).toBeGreaterThanOrEqual(before);
    before = events;
    await log.close();
  }
  expect(await killAfter(dir, Number.MAX_SAFE_INTEGER)).toEqual({ code: 0, signal: null });
  const log = await openSegments({ dir, partitions: 4 });
  await expectAllOnce(log, store.events);
  await log.close();
  const { checkpoint } = await segmentCheckpoints(dir).acquire(SOURCE);
  expect(checkpoint).toMatchObject({ position: store.events.at(-1)?.position, events: COUNT });
};

describe('kill -9 of a relay', { timeout: 60_000 + KILLS * 5_000 }, () => {
  it(`loses nothing and doubles nothing, however often (${KILLS} kills)`, async () => {
    for (let round = 0; round * KILLS_PER_LOG < KILLS; round++) {
      const { dir, remove } = tempFolder();
      try {
        await killOverAndOver(dir, round);
      } finally {
        remove();
      }
    }
  });
});

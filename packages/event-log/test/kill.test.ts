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
const KILLS = 5;
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

describe('kill -9 of a relay', () => {
  it('loses nothing and doubles nothing, however often', async () => {
    const { dir, remove } = tempFolder();
    const store = arrayStore(COUNT, { keys: 200 });
    try {
      let before = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        expect(await killAfter(dir, 11 + kill * 83)).toEqual({ code: null, signal: 'SIGKILL' });
        const log = await openSegments({ dir, partitions: 4 });
        await expectPrefixes(log, store.events);
        const heads = await Promise.all(
          [0, 1, 2, 3].map((partition) => log.head({ source: SOURCE, partition })),
        );
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
    } finally {
      remove();
    }
  }, 60_000);
});

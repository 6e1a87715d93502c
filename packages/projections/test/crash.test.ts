// kill -9 in the middle of folding and of building: the next process goes on, and the documents are those of a quiet run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { memoryLogData } from '@tenure/event-log/memory';
import { openSegments } from '@tenure/event-log/segments';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cancelled,
  contents,
  merged,
  mergingShop,
  openWorld,
  placed,
  registered,
  settled,
  unmerged,
  worldOn,
  type Told,
  type World,
} from './world.ts';

const PARTITIONS = 4;
const KILLS = Number(process.env['TENURE_KILLS'] ?? 6);
/** Kills on the way to one complete fold, at these steps and a little later in every further round. */
const STEPS = [1, 2, 3];
const definitions = [{ definition: mergingShop, codeHash: 'code-1' }];
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const story: readonly Told[] = Array.from({ length: 6_000 }, (_, i) => {
  const key = `c${(i * 7) % 400}`;
  if (i % 41 === 0) return (i % 2 === 0 ? merged : unmerged)(key, `c${(i * 11) % 400}`);
  if (i % 5 === 0) return registered(key, `Name ${i}`);
  return i % 3 === 0 ? cancelled(key, i % 97) : placed(key, i % 89, `2026-01-0${1 + (i % 9)}`);
});

const tellAll = async (world: World): Promise<void> => {
  await world.tell(...story);
  await world.closeDay('2026-01-11');
};

/** Lets a process run and kills it after so many steps; answers whether it was done before. */
const runUntil = async (dir: string, steps: number): Promise<boolean> => {
  const child = spawn(process.execPath, [new URL('./crash-child.ts', import.meta.url).pathname, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let seen = 0;
  let done = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'done') done = true;
    else if (++seen === steps) child.kill('SIGKILL');
  }
  await exited;
  return done;
};

const onDisk = async <T>(dir: string, work: (world: World) => Promise<T>): Promise<T> => {
  const log = await openSegments({ dir: join(dir, 'log'), partitions: PARTITIONS });
  const readModels = openSqliteReadModels({ dir: join(dir, 'read-models') });
  try {
    return await work(worldOn(memoryLogData(PARTITIONS), log, readModels));
  } finally {
    await readModels.close();
    await log.close();
  }
};

/** Kills process after process over one log, then lets one complete the documents. Answers how many were killed. */
const killOverAndOver = async (served: boolean, round: number): Promise<number> => {
  const dir = mkdtempSync(join(tmpdir(), 'projections-crash-'));
  folders.push(dir);
  await onDisk(dir, async (world) => {
    if (served) await (await world.start({ definitions })).stop(); // a generation is there: what comes now is folded live
    await tellAll(world);
    await world.log.flush();
  });
  let killed = 0;
  for (const step of STEPS) if (!(await runUntil(dir, step + (round % STEPS.length)))) killed++;
  expect(await runUntil(dir, Infinity)).toBe(true);
  const quiet = openWorld(PARTITIONS);
  await tellAll(quiet);
  const engine = await quiet.start({ definitions });
  await quiet.until(async () => engine.control.caughtUp('shop'));
  await settled(engine);
  await engine.stop();
  const expected = await contents(quiet);
  expect(Object.values(expected).filter(({ redirect }) => redirect !== null).length).toBeGreaterThan(10);
  expect(await onDisk(dir, (world) => contents(world))).toEqual(expected);
  rmSync(dir, { recursive: true });
  return killed;
};

// A handful of processes on a busy machine for each.
describe('kill -9', { timeout: 60_000 + KILLS * 5_000 }, () => {
  it.each([
    ['of the live loop', true],
    ['of a build', false],
  ])(`%s loses nothing and doubles nothing (half of ${KILLS} kills)`, async (_, served) => {
    let killed = 0;
    for (let round = 0; killed < KILLS / 2; round++) {
      killed += await killOverAndOver(served, round);
      expect(killed).toBeGreaterThan(round); // a round in which nothing was killed proves nothing
    }
  });
});

// The engine on segment files and SQLite: what specs show in memory must hold on disks and across threads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MessageChannel, Worker } from 'node:worker_threads';
import { remoteCalls, serveCalls } from '@tenure/core';
import { memoryLogData } from '@tenure/event-log/memory';
import { openSegments } from '@tenure/event-log/segments';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { Build, BuildProgress, BuildResult } from '../src/build/build-job.ts';
import type { ProjectionControl } from '../src/control.ts';
import { createProjectionReader } from '../src/reader.ts';
import {
  contents,
  merged,
  mergingShop,
  orders,
  placed,
  plainHash,
  poisoned,
  registered,
  renamed,
  settled,
  unmerged,
  worldOn,
} from './world.ts';

const folders: string[] = [];
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const definitions = [
  { definition: mergingShop, codeHash: 'code-1' },
  { definition: orders, codeHash: 'code-1' },
];

const openDisk = async (partitions = 4) => {
  const dir = mkdtempSync(join(tmpdir(), 'projections-'));
  folders.push(dir);
  const log = await openSegments({ dir: join(dir, 'log'), partitions });
  const readModels = openSqliteReadModels({ dir: join(dir, 'read-models') });
  closing.push(
    () => log.close(),
    () => readModels.close(),
  );
  return { dir, world: worldOn(memoryLogData(partitions), log, readModels) };
};

const story = (n: number) =>
  Array.from({ length: n }, (_, i) => [
    ...(i % 7 === 0 ? [registered(`c${i}`, `Name ${i}`)] : []),
    ...(i % 14 === 0 ? [renamed(`c${i}`, `Name ${i + 1}`)] : []),
    placed(`c${i % 50}`, i, `2026-01-0${1 + (i % 9)}`),
  ]).flat();

/** Changes one byte of a value in a document's row; false where the value has no byte there. */
const flip = (file: string, id: string, column: string, place: number): boolean => {
  const database = new DatabaseSync(file);
  try {
    const { value } = database.prepare(`SELECT ${column} AS value FROM document WHERE id = ?`).get(id) as {
      value: unknown;
    };
    const write = (changed: string | number | Uint8Array): boolean => {
      database.prepare(`UPDATE document SET ${column} = ? WHERE id = ?`).run(changed, id);
      return true;
    };
    if (typeof value === 'number') return place === 0 && write(value === 0 ? 1 : value + 86_400_000);
    const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array);
    if (place >= bytes.length) return false;
    bytes[place]! ^= 1;
    return write(typeof value === 'string' ? bytes.toString('latin1') : bytes);
  } finally {
    database.close();
  }
};

/** A build in a worker, from plain data alone. */
const inWorker =
  (dir: string): Build =>
  (job, onProgress) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./build-worker.ts', import.meta.url), { workerData: { dir, job } });
      worker.on('message', (message: { progress?: BuildProgress; result?: BuildResult }) => {
        if (message.progress) onProgress(message.progress);
        if (message.result) resolve(message.result);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the build worker ended with ${code}`)));
    });

describe('the engine on disk', { timeout: 60_000 }, () => {
  it('folds, replays in a worker, serves and finds by personal values', async () => {
    const { dir, world } = await openDisk();
    const reader = await createProjectionReader({ readModels: world.readModels, projections: definitions });
    const engine = await world.start({
      definitions,
      build: inWorker(dir),
      onProgress: (progress) => void reader.advance(progress),
    });
    await world.tell(...story(300), merged('c14', 'c2', 'c3'), merged('c5', 'c14'), unmerged('c14', 'c3'));
    await world.closeDay('2026-01-12');
    await settled(engine);
    await settled(engine, 'orders');
    const before = await contents(world);
    const [shopStatus, ordersStatus] = await engine.control.status();
    expect(shopStatus).toMatchObject({ lagEvents: 0, parked: 0, day: '2026-01-12' });
    await world.log.flush();
    for (const name of ['shop', 'orders']) {
      await engine.control.startReplay({ projection: name, activate: true });
      expect(await world.replayed(engine, 2, name)).toMatchObject({
        state: 'active',
        verified: { differences: 0 },
      });
    }
    expect(await contents(world)).toEqual(before);
    const after = await engine.control.status();
    expect(after.map(({ digest }) => digest)).toEqual([shopStatus?.digest, ordersStatus?.digest]);
    await world.until(async () => reader.generation('shop')?.generation === 2);
    const hash = plainHash('NAME', 'Name 15') ?? '';
    expect(await reader.search('shop', { kind: 'NAME', hash }, 10)).toEqual(['c5']);
    expect(await reader.absorbedBy('shop', 'c5')).toEqual(['c14', 'c2']);
    expect(
      await reader.search('shop', { kind: 'NAME', hash: plainHash('NAME', 'Name 14') ?? '' }, 10),
    ).toEqual([]);
    expect(reader.businessDay('shop')).toBe('2026-01-12');
    await reader.close();
    await engine.stop();
  });

  it('names and repairs a document whatever byte of its row is changed', async () => {
    const { dir, world } = await openDisk();
    let engine = await world.start();
    await world.tell(...story(60));
    await world.closeDay('2026-01-07'); // c7 is still to be woken
    await settled(engine);
    const before = await contents(world);
    const differing = async (): Promise<readonly string[]> => {
      const { id } = await engine.control.verify({ projection: 'shop', full: true });
      await world.until(async () => (await engine.control.verification(id, 1)).state !== 'running');
      const { error, differences } = await engine.control.verification(id);
      expect(error).toBe(null);
      return differences.map(({ key }) => key);
    };
    for (const column of ['vector', 'search', 'sealed', 'body', 'c_orders', 'wake_at', 'stale']) {
      const found = new Set<string>();
      for (let place = 0; place < 100; place += 7) {
        await engine.stop(); // so that nothing of it is kept in memory
        const changed = flip(join(dir, 'read-models', 'shop.g1.db'), 'c7', column, place);
        engine = await world.start();
        if (!changed) break;
        const keys = await differing();
        keys.forEach((key) => found.add(key));
        await engine.control.heal('shop', ['c7']);
        expect(await differing()).toEqual([]);
        expect(await contents(world)).toEqual(before);
      }
      expect([column, ...found]).toEqual([column, 'c7']);
    }
    await engine.stop();
  });

  it('verifies, parks and heals over calls between threads', async () => {
    const { world } = await openDisk();
    const engine = await world.start({ definitions });
    const { port1, port2 } = new MessageChannel();
    serveCalls(port1, 'projections', engine.control);
    const control = remoteCalls<ProjectionControl>(port2, 'projections');
    await world.tell(...story(60), poisoned('c3'));
    await settled(engine);
    await settled(engine, 'orders');
    expect((await control.parked()).map(({ projection, key }) => [projection, key])).toEqual([
      ['shop', 'c3'],
      ['orders', 'c3'],
    ]);
    const { id } = await control.verify({ projection: 'orders', full: true });
    await world.until(async () => (await control.verification(id, 50)).state === 'done');
    expect((await control.verification(id)).differences).toEqual([]);
    expect(await control.heal('shop', ['c1', 'c2'])).toEqual([
      { key: 'c1', changed: false },
      { key: 'c2', changed: false },
    ]);
    await expect(control.heal('nothing', [])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await control.skip('shop', 'c3', 'a test');
    expect((await control.status({ digest: false })).map(({ parked }) => parked)).toEqual([0, 1]);
    port1.close();
    await engine.stop();
  });

  it('takes up a build that was stopped, and keeps what was finished', async () => {
    const { world } = await openDisk();
    await world.tell(...story(400));
    const engine = await world.start();
    await engine.stop(); // while the first generation is being built
    expect(await world.readModels.active('shop')).toBeNull();
    const again = await world.start();
    await world.until(async () => (await again.control.status({ digest: false }))[0]?.generation === 1);
    await settled(again);
    const { id } = await again.control.verify({ projection: 'shop', full: true });
    await world.until(async () => (await again.control.verification(id, 50)).state === 'done');
    expect(await again.control.verification(id)).toMatchObject({ differences: [] });
    await again.stop();
  });

  it('goes live on a large backlog with the bytes of a build', async () => {
    const { world } = await openDisk(2);
    const engine = await world.start();
    await world.closeDay('2026-01-12');
    await settled(engine);
    await engine.stop();
    for (let i = 0; i < 60; i++)
      await world.tell(...Array.from({ length: 1_000 }, (_, j) => placed(`c${(i * 1_000 + j) % 900}`, j)));
    const again = await world.start();
    await settled(again);
    const live = await contents(world);
    const digest = (await again.control.status())[0]?.digest;
    await again.control.startReplay({ projection: 'shop', activate: true });
    expect(await world.replayed(again, 2)).toMatchObject({ state: 'active', digest });
    expect(await contents(world)).toEqual(live);
    await again.stop();
  });
});

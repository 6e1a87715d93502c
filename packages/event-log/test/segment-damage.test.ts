// Whatever happens to the bytes of a segment log: wrong data is never returned, and only what no flush had reached is cut.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTenureError } from '@tenure/core';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventLog, LogRecord } from '../src/event-log.ts';
import { openSegments, segmentCheckpoints } from '../src/segments/index.ts';
import { tempFolder } from './adapters.ts';
import { segmentSizes } from './segment-world.ts';

const LANE = { source: 'order', partition: 0 };
const FLUSHED = 150;
const ALL = 190;
const options = { partitions: 1, segmentBytes: 2048, flushTimer: () => new Promise<void>(() => {}) };

const recordAt = (seq: number): LogRecord => ({
  seq,
  position: seq * 2,
  stream: `order-${seq % 9}`,
  revision: seq,
  key: `customer-${seq % 5}`,
  body: Buffer.from(`body ${seq} `.repeat(1 + (seq % 7))),
});
const records = (from: number, to: number): LogRecord[] =>
  Array.from({ length: to - from + 1 }, (_, i) => recordAt(from + i));
const text = ({ seq, position, stream, revision, key, body }: LogRecord): string =>
  `${seq} ${position} ${stream} ${revision} ${key} ${Buffer.from(body).toString('latin1')}`;

const folder = tempFolder();
const original = join(folder.dir, 'original');
let flushedSizes: ReadonlyMap<string, number> = new Map();
let copies = 0;

beforeAll(async () => {
  const log = await openSegments({ ...options, dir: original });
  const checkpoints = segmentCheckpoints(original);
  const { epoch } = await checkpoints.acquire('order');
  for (let seq = 1; seq <= FLUSHED; seq += 10) {
    await log.publish(LANE, records(seq, seq + 9));
    if (seq % 50 === 1) await log.flush();
  }
  await log.flush();
  await checkpoints.save('order', epoch, { position: FLUSHED * 2, events: FLUSHED, heads: [FLUSHED] });
  flushedSizes = segmentSizes(original);
  for (let seq = FLUSHED + 1; seq <= ALL; seq += 8) await log.publish(LANE, records(seq, seq + 7));
  cpSync(original, join(folder.dir, 'killed'), { recursive: true }); // before a close could flush the rest
  await log.close();
});
afterAll(folder.remove);

type Damage = {
  readonly kind: 'flip' | 'cut' | 'zero' | 'append';
  readonly file: number;
  readonly at: number;
  readonly bit: number;
};

const damaged = (bytes: Buffer, { kind, bit }: Damage, at: number): Buffer => {
  if (kind === 'cut') return bytes.subarray(0, at);
  if (kind === 'append') return Buffer.concat([bytes, bytes.subarray(0, at)]);
  if (kind === 'zero') return bytes.fill(0, at, Math.min(bytes.length, at + 100 * (bit + 1)));
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
  return bytes;
};

/** Copies the log, damages one file of it, and answers the copy and whether the damage reached flushed bytes. */
const damagedCopy = (
  pattern: RegExp,
  damage: Damage,
): { readonly dir: string; readonly reached: boolean } => {
  const dir = join(folder.dir, `copy-${copies++}`);
  cpSync(join(folder.dir, 'killed'), dir, { recursive: true });
  const names = readdirSync(join(dir, 'order', '0'))
    .filter((name) => pattern.test(name))
    .toSorted();
  const name = join('order', '0', names[damage.file % names.length] ?? '');
  const bytes = readFileSync(join(dir, name));
  const at = damage.at % bytes.length;
  writeFileSync(join(dir, name), damaged(bytes, damage, at));
  const last = name.endsWith(names.at(-1) ?? '');
  const safe = damage.kind === 'append' ? last : at >= (flushedSizes.get(name) ?? 0);
  return { dir, reached: !safe };
};

/** Opens; null when the log refuses because of damage, naming lane and file. */
const openIfSound = async (dir: string): Promise<EventLog | null> => {
  try {
    return await openSegments({ ...options, dir });
  } catch (error) {
    expect(error).toMatchObject({
      code: 'CORRUPT',
      data: { ...LANE, file: expect.stringMatching(/^order\/0\/\d+\.seg$/) },
    });
    return null;
  }
};

/** Reads what is wanted, or refuses; tells which. */
const soundOrRefused = async (
  read: () => Promise<readonly LogRecord[]>,
  wanted: readonly LogRecord[],
): Promise<'sound' | 'refused'> => {
  try {
    expect((await read()).map(text)).toEqual(wanted.map(text));
    return 'sound';
  } catch (error) {
    if (!isTenureError(error, 'CORRUPT')) throw error;
    return 'refused';
  }
};

const readAlone = async (dir: string): Promise<readonly LogRecord[]> => {
  const log = await openSegments({ dir, readOnly: true });
  try {
    return await log.read(LANE, 1, 100);
  } finally {
    await log.close();
  }
};

const anyDamage = fc.record({
  kind: fc.constantFrom('flip' as const, 'cut' as const, 'zero' as const, 'append' as const),
  file: fc.nat(1000),
  at: fc.nat(1_000_000),
  bit: fc.nat(7),
});
const seeded = { seed: 4711, numRuns: 250 };

const holds = async (dir: string, reached: boolean): Promise<'shut' | 'open'> => {
  const log = await openIfSound(dir);
  if (log === null) {
    expect(reached).toBe(true); // an unflushed tail is cut, it never keeps the log shut
    return 'shut';
  }
  try {
    const head = await log.head(LANE);
    expect(head).toBeGreaterThanOrEqual(FLUSHED);
    const kept = records(1, head);
    await soundOrRefused(() => log.read(LANE, 1, 1000), kept);
    await soundOrRefused(
      () => log.read(LANE, 77, 20, { keys: true }),
      kept.slice(76, 96).map((record) => ({ ...record, body: Buffer.alloc(0) })),
    );
    for (let key = 0; key < 5; key++)
      await soundOrRefused(
        () => log.readKey('order', `customer-${key}`),
        kept.filter((record) => record.key === `customer-${key}`),
      );
    if (reached) return 'open';
    await log.publish(LANE, records(head + 1, ALL + 10)); // the relay sends the tail again
    expect((await log.read(LANE, 1, 1000)).map(text)).toEqual(records(1, ALL + 10).map(text));
    return 'open';
  } finally {
    await log.close();
  }
};

// Hundreds of copies of a log: a busy machine takes its time.
describe('damage to a segment log', { timeout: 60_000 }, () => {
  it('of segments, never returns wrong data, and cuts only what was not flushed', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const { dir, reached } = damagedCopy(/\.seg$/, damage);
        seen.add(`${await holds(dir, reached)}, ${reached ? 'flushed' : 'unflushed'}`);
        rmSync(dir, { recursive: true });
      }),
      seeded,
    );
    expect([...seen].toSorted()).toEqual(['open, flushed', 'open, unflushed', 'shut, flushed']);
  });
  it('of indexes, costs nothing but their making', async () => {
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const { dir } = damagedCopy(/\.idx$/, damage);
        const log = await openSegments({ ...options, dir });
        expect((await log.read(LANE, 1, 1000)).map(text)).toEqual(records(1, ALL).map(text));
        for (let key = 0; key < 5; key++)
          expect((await log.readKey('order', `customer-${key}`)).map(text)).toEqual(
            records(1, ALL)
              .filter((record) => record.key === `customer-${key}`)
              .map(text),
          );
        await log.close();
        rmSync(dir, { recursive: true });
      }),
      { ...seeded, numRuns: 80 },
    );
  });
  it('of the relay checkpoint, costs a repetition at most', async () => {
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const dir = join(folder.dir, `copy-${copies++}`);
        cpSync(join(folder.dir, 'killed'), dir, { recursive: true });
        const path = join(dir, 'order', 'checkpoint');
        const bytes = readFileSync(path);
        writeFileSync(path, damaged(bytes, damage, damage.at % bytes.length));
        const { checkpoint } = await segmentCheckpoints(dir).acquire('order');
        expect([null, FLUSHED * 2]).toContain(checkpoint?.position ?? null);
        rmSync(dir, { recursive: true });
      }),
      { ...seeded, numRuns: 80 },
    );
  });
  it('is found by another thread that only reads', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const { dir } = damagedCopy(/\.seg$/, damage);
        seen.add(await soundOrRefused(() => readAlone(dir), records(1, 100)));
        rmSync(dir, { recursive: true });
      }),
      { ...seeded, numRuns: 80 },
    );
    expect(seen.size).toBe(2);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { EventStore, StoredEvent } from '@tenure/event-store';
import { openSqliteEventStore } from '@tenure/event-store/sqlite';
import { seeded } from '@tenure/testing';
import { event, everything } from '../src/contract/subject.ts';
import { folderOfTest, unexpected } from './folder.ts';

const SEEDS = 300;
const APPENDS = 60;

const open = (file: string): EventStore => openSqliteEventStore({ file, onFatal: unexpected });

/** A store with one event per commit, and its files as they stand before it is closed: all of it is in the log. */
const written = async () => {
  const file = join(folderOfTest(), 'order.db');
  const store = open(file);
  for (let i = 0; i < APPENDS; i++) await store.append(`order-${i % 9}`, 'any', [event(`e${i}`, 900)]);
  const events = await everything(store);
  const log = readFileSync(`${file}-wal`);
  const empty = readFileSync(file);
  await store.close();
  return { events, log, empty, full: readFileSync(file) };
};

const flipped = (bytes: Buffer, seed: number): Buffer => {
  const random = seeded(seed);
  const copy = Buffer.from(bytes);
  for (let flips = 1 + random.below(8); flips > 0; flips--) {
    const at = random.below(copy.length);
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << random.below(8)), at);
  }
  return copy;
};

/** What can be read of these files; undefined when the store refuses, which is always right here. */
const read = async (bytes: Buffer, log?: Buffer): Promise<readonly StoredEvent[] | undefined> => {
  const file = join(folderOfTest(), 'order.db');
  writeFileSync(file, bytes);
  if (log !== undefined) writeFileSync(`${file}-wal`, log);
  let store: EventStore | undefined;
  try {
    store = open(file);
    return await everything(store);
  } catch {
    return undefined;
  } finally {
    await store?.close();
  }
};

describe('flipped bits', { timeout: 60_000 }, () => {
  it('anywhere in the file are noticed, or change nothing that is read', async () => {
    const { events, full } = await written();
    const wrong: number[] = [];
    let refused = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const found = await read(flipped(full, seed));
      if (found === undefined) refused++;
      else if (!isDeepStrictEqual(found, events)) wrong.push(seed);
    }
    expect(wrong, 'seeds').toEqual([]);
    expect(refused).toBeGreaterThan(SEEDS / 3);
  });

  it('in the write-ahead log never cut off more than the commit that was under way', async () => {
    const { events, log, empty } = await written();
    expect(await read(empty, log)).toEqual(events);
    const wrong: number[] = [];
    let refused = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const found = await read(empty, flipped(log, seed));
      if (found === undefined) refused++;
      else if (found.length < APPENDS - 1 || !isDeepStrictEqual(found, events.slice(0, found.length)))
        wrong.push(seed);
    }
    expect(wrong, 'seeds').toEqual([]);
    expect(refused).toBeGreaterThan(SEEDS / 3);
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openSqliteEventStore } from '@tenure/event-store/sqlite';
import { event, everything, streamOf } from '../src/contract/subject.ts';
import { openDatabase, pragma } from '../src/sqlite/database.ts';
import { folderOfTest, unexpected } from './folder.ts';

const open = (file: string) => openSqliteEventStore({ file, onFatal: unexpected });

/** A closed store with three events, whose file is then changed behind its back. */
const damaged = async (sql: string): Promise<string> => {
  const file = join(folderOfTest(), 'order.db');
  const store = open(file);
  await store.append('order-1', 'none', [event('a'), event('b'), event('c')]);
  await store.append('order-2', 'none', [event('d')]);
  await store.close();
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  return file;
};

describe('the file of a store', () => {
  it('flushes every commit: a power cut after an acknowledgement loses nothing', () => {
    const database = openDatabase(join(folderOfTest(), 'order.db'));
    expect(pragma(database, 'synchronous')).toBe(2);
    expect(pragma(database, 'page_size')).toBe(8_192);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('is created with the folders above it', async () => {
    const file = join(folderOfTest(), 'data', 'events', 'order.db');
    await open(file).close();
    expect(existsSync(file)).toBe(true);
  });

  it('belongs to one store at a time', async () => {
    const file = join(folderOfTest(), 'order.db');
    const store = open(file);
    expect(() => openDatabase(file, 10)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }));
    await store.append('order-1', 'none', [event('a')]);
    await store.close();
    await open(file).close();
  });

  it('is refused when it is something else, or newer than this program', async () => {
    const foreign = join(folderOfTest(), 'foreign.db');
    const database = new DatabaseSync(foreign);
    database.exec('CREATE TABLE notes (text)');
    database.close();
    expect(() => open(foreign)).toThrow(expect.objectContaining({ code: 'NOT_AN_EVENT_STORE' }));
    const newer = await damaged('PRAGMA user_version = 99');
    expect(() => open(newer)).toThrow(expect.objectContaining({ code: 'STORE_TOO_NEW' }));
  });
});

describe('damage', () => {
  it.each([
    ['a body', 'UPDATE events SET body = zeroblob(64) WHERE position = 2'],
    ['a key', "UPDATE events SET key = 'customer-x' WHERE position = 2"],
    ['a revision', 'UPDATE events SET revision = 9 WHERE position = 2'],
    ['a checksum', 'UPDATE events SET checksum = checksum + 1 WHERE position = 2'],
    ['the stream', 'UPDATE events SET stream = 2, revision = 1 WHERE position = 2'],
    ['the name of a stream', "UPDATE streams SET name = 'order-3' WHERE id = 1"],
    ['a stream that is missing', 'DELETE FROM streams WHERE id = 1'],
    ['an event that is missing', 'DELETE FROM events WHERE position = 2'],
    [
      'two events that changed places',
      'UPDATE events SET position = 9 WHERE position = 2; UPDATE events SET position = 2 WHERE position = 1; UPDATE events SET position = 1 WHERE position = 9',
    ],
  ])('of %s is never returned', async (_, sql) => {
    const store = open(await damaged(sql));
    const corrupt = { code: 'CORRUPT', retriable: false };
    await expect(everything(store)).rejects.toMatchObject(corrupt);
    const following = store.follow(0, new AbortController().signal)[Symbol.asyncIterator]().next();
    await expect(following).rejects.toMatchObject(corrupt);
    expect(await streamOf(store, 'order-2').catch(() => 'refused')).not.toContainEqual(
      expect.objectContaining({ position: 2 }),
    );
    await store.close();
  });

  it('of a stream is found when the stream is read', async () => {
    const store = open(await damaged('DELETE FROM events WHERE position = 2'));
    await expect(streamOf(store, 'order-1')).rejects.toMatchObject({ code: 'CORRUPT' });
    expect(await streamOf(store, 'order-2')).toHaveLength(1);
    await store.close();
  });
});

describe('a crowd', () => {
  it('is stopped when too many appends wait, and what was taken is written', async () => {
    const store = open(join(folderOfTest(), 'order.db'));
    const appends = Array.from({ length: 16_500 }, (_, i) => store.append('audit', 'any', [event(`e${i}`)]));
    const outcomes = await Promise.allSettled(appends);
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused.length).toBe(16_500 - 16_384);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'UNAVAILABLE', retriable: true });
    expect((await store.head()).events).toBe(16_384);
    await store.close();
  });
});

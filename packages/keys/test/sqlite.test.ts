import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, customers, failAt, file, folder, open, residue, secretOf, wrappedKeys } from './key-file.ts';

describe('the file of a key store', () => {
  it('keeps keys, destructions and epochs over a restart', async () => {
    const first = await open();
    const keys = await first.ensure(['anna', 'bo', 'cy']);
    await first.destroy('bo');
    await first.rotate(5_000);
    const status = await first.status();
    await first.close();
    const second = await open();
    expect(await second.status()).toEqual(status);
    expect([...(await second.load(['anna', 'bo', 'cy']))].map(([id, key]) => [id, secretOf(key)])).toEqual([
      ['anna', secretOf(keys.get('anna'))],
      ['cy', secretOf(keys.get('cy'))],
    ]);
    expect(await codeOf(second.ensure(['bo']))).toBe('KEYS_DESTROYED');
  });

  it('is for its owner alone and flushes every commit', async () => {
    const store = await open();
    await store.ensure(['anna']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    const pragmas = vi.spyOn(DatabaseSync.prototype, 'exec');
    await open(join(folder, 'other.db'));
    expect(pragmas.mock.calls.join(' ')).toMatch(/synchronous = FULL[\s\S]*secure_delete = ON/);
  });

  it('has no data key and no epoch key in clear', async () => {
    const store = await open();
    const keys = await store.ensure(customers(50));
    const clear = [...keys.values()].map(({ key }) => Buffer.concat([Buffer.alloc(16), key.export()]));
    expect(residue(folder, clear)).toEqual([]);
    expect(residue(folder, [...wrappedKeys().values()])).not.toEqual([]);
  });

  it('opens with its own root secret only, and says so', async () => {
    await (await open()).close();
    expect(await codeOf(open(file, randomBytes(32)))).toBe('KEYS_ROOT_SECRET');
    expect(await codeOf(open(file, randomBytes(16)))).toBe('KEYS_ROOT_SECRET');
  });

  it('is not taken for what it is not', async () => {
    writeFileSync(file, 'a text of more than sixteen bytes, and no database');
    expect(await codeOf(open())).toBe('NOT_A_KEY_STORE');
    const other = join(folder, 'other.db');
    const raw = new DatabaseSync(other);
    raw.exec('CREATE TABLE anything (id INTEGER)');
    raw.close();
    expect(await codeOf(open(other))).toBe('NOT_A_KEY_STORE');
  });
});

describe('ensure', () => {
  it('creates the keys of all calls that wait in one transaction', async () => {
    const store = await open();
    const statements = vi.spyOn(DatabaseSync.prototype, 'exec');
    const ids = customers(300);
    await Promise.all(ids.map((id, index) => store.ensure(ids.slice(Math.max(0, index - 3), index + 1))));
    expect(statements.mock.calls.flat()).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
    expect((await store.status()).keys).toBe(300);
  });

  it('answers only after the commit, and creates nothing when it fails', async () => {
    const store = await open();
    failAt('exec', 'COMMIT', Object.assign(new Error('database or disk is full'), { errcode: 13 }));
    expect(await codeOf(store.ensure(['anna']))).toBe('DISK_FULL');
    vi.restoreAllMocks();
    expect((await store.load(['anna'])).size).toBe(0);
    expect((await store.ensure(['anna'])).size).toBe(1);
  });

  it('accepts nothing more after a failed flush', async () => {
    const store = await open();
    failAt('exec', 'COMMIT', Object.assign(new Error('disk I/O error'), { errcode: 1034 }));
    expect(await codeOf(store.ensure(['anna']))).toBe('STORE_FAILED');
    vi.restoreAllMocks();
    expect(await codeOf(store.ensure(['anna']))).toBe('STORE_FAILED');
    expect(await codeOf(store.destroy('anna'))).toBe('STORE_FAILED');
  });
});

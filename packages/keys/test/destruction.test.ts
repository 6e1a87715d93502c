import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  codeOf,
  customers,
  damage,
  failAt,
  folder,
  imageOf,
  open,
  query,
  residue,
  secretOf,
  wrappedEpochs,
  wrappedKeys,
} from './key-file.ts';

describe('a destroyed key', () => {
  it('is in no file any more, whatever pages it had been on', async () => {
    const store = await open();
    const ids = customers(4_000);
    for (let at = 0; at < ids.length; at += 97) await store.ensure(ids.slice(at, at + 97));
    const wrapped = wrappedKeys();
    const chosen = ids.filter((_, index) => index % 40 === 0);
    for (const id of chosen) await store.destroy(id);
    const gone = chosen.map((id) => wrapped.get(id) ?? Buffer.alloc(0));
    expect(residue(folder, gone)).toEqual([]);
    expect(residue(folder, [wrapped.get(ids[1] ?? '') ?? Buffer.alloc(0)])).not.toEqual([]);
    expect((await store.load(ids)).size).toBe(3_900);
  });

  it('is in no file either when the process died before the log was emptied', async () => {
    const store = await open();
    await store.ensure(['anna', 'bo']);
    const secret = wrappedKeys().get('anna') ?? Buffer.alloc(0);
    failAt('prepare', 'wal_checkpoint', new Error('killed'));
    await expect(store.destroy('anna')).rejects.toThrow('killed');
    vi.restoreAllMocks();
    const image = imageOf('image');
    expect(residue(join(folder, 'image'), [secret])).not.toEqual([]);
    const survivor = await open(image);
    expect(residue(join(folder, 'image'), [secret])).toEqual([]);
    expect([...(await survivor.load(['anna', 'bo'])).keys()]).toEqual(['bo']);
    await store.destroy('anna'); // the first process lives on and repeats it
    expect(residue(folder, [secret])).toEqual([]);
  });
});

describe('a rotation', () => {
  it('ends what old copies of the file could open', async () => {
    const store = await open();
    await store.ensure(customers(1_200));
    const [keysBefore, epochBefore] = [[...wrappedKeys().values()], wrappedEpochs()];
    await store.rotate(9_000);
    expect(residue(folder, [...keysBefore, ...epochBefore])).toEqual([]);
    expect(wrappedEpochs().map((wrapped) => wrapped.every((byte) => byte === 0))).toEqual([true, false]);
    expect((await store.load(customers(1_200))).size).toBe(1_200);
  });

  it('that was cut off opens every key, and is ended at the next start', async () => {
    const store = await open();
    const ids = customers(2_000);
    const keys = await store.ensure(ids);
    const rotation = store.rotate(9_000);
    await new Promise(setImmediate);
    const image = imageOf('image');
    await rotation;
    expect(query('SELECT DISTINCT hex(substr(wrapped, 1, 4)) AS epoch FROM data_keys', image)).toHaveLength(
      2,
    );
    const survivor = await open(image);
    const loaded = await survivor.load(ids);
    expect(ids.every((id) => secretOf(loaded.get(id)) === secretOf(keys.get(id)))).toBe(true);
    expect(await survivor.status()).toEqual({ epoch: 2, since: 9_000, keys: 2_000 });
    expect(query('SELECT epoch FROM epochs WHERE wrapped <> zeroblob(64)', image)).toEqual([{ epoch: 2 }]);
  });
});

describe('a damaged key', () => {
  it.each([
    [
      'flipped bytes',
      "UPDATE data_keys SET wrapped = CAST(substr(wrapped, 1, 63) || x'00' AS BLOB) WHERE customer = 'anna'",
    ],
    [
      'zeros that no destruction wrote',
      "UPDATE data_keys SET wrapped = zeroblob(64) WHERE customer = 'anna'",
    ],
    ['another length', "UPDATE data_keys SET wrapped = x'0000' WHERE customer = 'anna'"],
    [
      "another customer's key",
      "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE customer = 'bo') WHERE customer = 'anna'",
    ],
  ])('is reported, never replaced: %s', async (_, sql) => {
    const first = await open();
    await first.ensure(['anna', 'bo']);
    await first.close();
    damage(sql);
    const store = await open();
    expect(await codeOf(store.load(['anna']))).toBe('KEYS_DAMAGED');
    const [broken, whole] = await Promise.all([codeOf(store.ensure(['anna'])), store.ensure(['bo', 'cy'])]);
    expect(broken).toBe('KEYS_DAMAGED');
    expect(whole.size).toBe(2);
    expect(await codeOf(store.destroy('anna'))).toBe('undefined');
    expect((await store.load(['anna', 'bo'])).size).toBe(1);
  });

  it('stops no other from being wrapped anew, and keeps its epoch until it is repaired', async () => {
    const first = await open();
    const keys = await first.ensure(['anna', 'bo']);
    await first.close();
    const saved = wrappedKeys().get('anna')?.toString('hex') ?? '';
    damage(
      "UPDATE data_keys SET wrapped = CAST(substr(wrapped, 1, 63) || x'00' AS BLOB) WHERE customer = 'anna'",
    );
    const second = await open();
    expect(await codeOf(second.rotate(2_000))).toBe('KEYS_DAMAGED');
    expect(secretOf((await second.load(['bo'])).get('bo'))).toBe(secretOf(keys.get('bo')));
    await second.close();
    damage(`UPDATE data_keys SET wrapped = x'${saved}' WHERE customer = 'anna'`);
    const third = await open();
    expect(secretOf((await third.load(['anna'])).get('anna'))).toBe(secretOf(keys.get('anna')));
    expect(await third.rotate(3_000)).toBe(2);
  });
});

// What every key store does, whatever it is made of. A test calls this inside its `describe`.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isTenureError } from '@tenure/core';
import type { DataKey, KeyStore } from './key-store.ts';

/** An empty store, and how to clear away what it stands on. */
export type OpenedKeyStore = { readonly store: KeyStore; readonly close: () => Promise<void> };

const DAY = 86_400_000;
const secretOf = (key: DataKey | undefined): string => key?.key.export().toString('hex') ?? 'none';

const refusal = async (call: Promise<unknown>): Promise<{ code: string; data: unknown }> => {
  try {
    await call;
  } catch (error) {
    if (isTenureError(error)) return { code: error.code, data: error.data };
    throw error;
  }
  return { code: 'none', data: null };
};

/** Registers the cases of the contract. `open` gives a fresh, empty store. */
export const keyStoreContract = (open: () => Promise<OpenedKeyStore>): void => {
  let opened: OpenedKeyStore;
  const store = (): KeyStore => opened.store;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());
  describe('keys', () => {
    keyCases(store);
  });
  describe('destruction', () => {
    destructionCases(store);
  });
  describe('epochs', () => {
    epochCases(store);
  });
};

const keyCases = (store: () => KeyStore): void => {
  it('are absent for customers who have none', async () => {
    expect(await store().load(['anna', 'bo'])).toEqual(new Map());
    expect(await store().ensure([])).toEqual(new Map());
  });

  it('are created where missing, one of its own for each customer, and stay the same', async () => {
    const first = await store().ensure(['anna', 'bo', 'anna']);
    expect([...first.keys()].toSorted()).toEqual(['anna', 'bo']);
    expect(first.get('anna')?.key).toMatchObject({ type: 'secret', symmetricKeySize: 32 });
    expect(first.get('anna')?.kid).not.toBe(first.get('bo')?.kid);
    expect(secretOf(first.get('anna'))).not.toBe(secretOf(first.get('bo')));
    for (const again of [await store().ensure(['anna', 'cy']), await store().load(['anna', 'dee'])]) {
      expect(again.get('anna')?.kid).toBe(first.get('anna')?.kid);
      expect(secretOf(again.get('anna'))).toBe(secretOf(first.get('anna')));
    }
    expect((await store().load(['bo', 'cy', 'dee'])).size).toBe(2);
  });

  it('are the same for all who race to create them', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `customer-${index}`);
    const calls = Array.from({ length: 64 }, (_, index) =>
      store().ensure(ids.slice(index % 20, (index % 20) + 20)),
    );
    const seen = new Map<string, Set<string>>();
    for (const keys of await Promise.all(calls)) {
      expect(keys.size).toBe(20);
      for (const [id, key] of keys) seen.set(id, (seen.get(id) ?? new Set()).add(key.kid + secretOf(key)));
    }
    expect([...seen.values()].every((kinds) => kinds.size === 1)).toBe(true);
    expect((await store().status()).keys).toBe(39);
  });
};

const destructionCases = (store: () => KeyStore): void => {
  it('takes the keys of one customer and of nobody else', async () => {
    const keys = await store().ensure(['anna', 'bo']);
    expect(await store().destroy('anna')).toEqual([keys.get('anna')?.kid]);
    const left = await store().load(['anna', 'bo']);
    expect([...left.keys()]).toEqual(['bo']);
    expect(secretOf(left.get('bo'))).toBe(secretOf(keys.get('bo')));
    expect((await store().status()).keys).toBe(1);
  });

  it('answers the same ids when it is repeated', async () => {
    const kid = (await store().ensure(['anna'])).get('anna')?.kid;
    expect([await store().destroy('anna'), await store().destroy('anna')]).toEqual([[kid], [kid]]);
    expect((await store().status()).keys).toBe(0);
  });

  it('is for ever: no new keys, also for a customer who never had any', async () => {
    await store().ensure(['anna', 'bo']);
    await store().destroy('anna');
    expect(await store().destroy('nobody')).toEqual([]);
    for (const id of ['anna', 'nobody'])
      expect(await refusal(store().ensure(['bo', id, 'cy']))).toEqual({
        code: 'KEYS_DESTROYED',
        data: { customerIds: [id] },
      });
    expect(await store().load(['anna', 'nobody'])).toEqual(new Map());
  });

  it('refuses only the calls that name the customer', async () => {
    await store().destroy('anna');
    const [refused, granted] = await Promise.all([
      refusal(store().ensure(['anna', 'bo'])),
      store().ensure(['bo', 'cy']),
    ]);
    expect(refused.code).toBe('KEYS_DESTROYED');
    expect([...granted.keys()]).toEqual(['bo', 'cy']);
  });

  it('holds against calls that raced with it', async () => {
    const racing = Array.from({ length: 20 }, () => store().ensure(['anna']));
    const outcomes = Promise.allSettled(racing);
    await store().destroy('anna');
    await outcomes;
    expect(await store().load(['anna'])).toEqual(new Map());
    expect((await refusal(store().ensure(['anna']))).code).toBe('KEYS_DESTROYED');
  });
};

const epochCases = (store: () => KeyStore): void => {
  it('follow each other, and keys live through them', async () => {
    const before = await store().ensure(['anna', 'bo', 'cy']);
    const { epoch } = await store().status();
    await store().destroy('cy');
    expect(await store().rotate(30 * DAY)).toBe(2);
    expect(await store().status()).toEqual({ epoch: epoch + 1, since: 30 * DAY, keys: 2 });
    const after = await store().load(['anna', 'bo', 'cy']);
    expect([...after].map(([id, key]) => [id, key.kid, secretOf(key)])).toEqual(
      ['anna', 'bo'].map((id) => [id, before.get(id)?.kid, secretOf(before.get(id))]),
    );
    expect((await refusal(store().ensure(['cy']))).code).toBe('KEYS_DESTROYED');
  });

  it('begin while others create keys, and again at once', async () => {
    const created = Promise.all(
      Array.from({ length: 30 }, (_, index) => store().ensure([`customer-${index}`])),
    );
    await Promise.all([store().rotate(DAY), store().rotate(2 * DAY)]);
    const keys = new Map((await created).flatMap((part) => [...part]));
    await store().rotate(3 * DAY);
    const loaded = await store().load([...keys.keys()]);
    expect([...loaded].map(([id, key]) => [id, secretOf(key)])).toEqual(
      [...keys].map(([id, key]) => [id, secretOf(key)]),
    );
    expect(await store().status()).toMatchObject({ since: 3 * DAY, keys: 30 });
  });
};

import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { settableClock } from '@tenure/core';
import { cachedKeyStore } from './cached.ts';
import type { KeyStore } from './key-store.ts';
import { memoryKeyStore } from './memory.ts';

const closing: KeyStore[] = [];
afterEach(async () => {
  for (const store of closing.splice(0)) await store.close();
});

/** A store that counts what it is asked for, and a cache of `max` keys in front of it. */
const counted = (max = 100) => {
  const clock = settableClock(1_000);
  const asked: string[] = [];
  const origin = memoryKeyStore(randomBytes, 0);
  const behind: KeyStore = {
    ...origin,
    load: (ids) => (asked.push(...ids), origin.load(ids)),
    ensure: (ids) => (asked.push(...ids), origin.ensure(ids)),
  };
  const open = (store = behind): KeyStore => {
    const cached = cachedKeyStore(store, { now: () => clock.now(), max, maxAge: 60_000 });
    closing.push(cached);
    return cached;
  };
  return { clock, asked, behind, open, store: open() };
};

describe('cachedKeyStore', () => {
  it('asks once for a key, and each time for one that is not there', async () => {
    const { asked, store } = counted();
    await store.ensure(['anna']);
    await store.load(['anna', 'bo']);
    await store.ensure(['anna']);
    await store.load(['bo', 'bo', 'anna']);
    expect(asked).toEqual(['anna', 'bo', 'bo']);
  });

  it('keeps no key longer than its age, also when the clock was set back', async () => {
    const { asked, clock, store } = counted();
    await store.ensure(['anna']);
    clock.set(60_999);
    await store.load(['anna']);
    expect(asked).toEqual(['anna']);
    clock.set(61_000);
    await store.load(['anna']);
    clock.set(0);
    await store.load(['anna']);
    expect(asked).toEqual(['anna', 'anna', 'anna']);
  });

  it('drops the key that was used least recently', async () => {
    const { asked, store } = counted(2);
    await store.ensure(['anna', 'bo']);
    await store.load(['anna']);
    await store.ensure(['cy']);
    asked.length = 0;
    await store.load(['anna', 'cy']);
    expect(asked).toEqual([]);
    await store.load(['bo']);
    expect(asked).toEqual(['bo']);
  });

  it('does not keep an answer that was under way while its key was destroyed', async () => {
    const { behind, open } = counted();
    await behind.ensure(['anna']);
    const gate = Promise.withResolvers<void>();
    const slow = open({
      ...behind,
      load: async (ids) => {
        const answer = await behind.load(ids);
        await gate.promise;
        return answer;
      },
    });
    const early = slow.load(['anna']);
    await slow.destroy('anna');
    gate.resolve();
    expect((await early).size).toBe(1);
    expect((await slow.load(['anna'])).size).toBe(0);
  });

  it('hears of a destruction through another cache', async () => {
    const { behind, open, store } = counted();
    const other = open();
    await other.ensure(['anna']);
    await store.destroy('anna');
    await expect.poll(async () => (await other.load(['anna'])).size).toBe(0);
    expect((await behind.load(['anna'])).size).toBe(0);
  });

  it('leaves no key in the cache when the destruction fails half-way', async () => {
    const { asked, behind, open } = counted();
    const failing = open({ ...behind, destroy: () => Promise.reject(new Error('the disk is full')) });
    await failing.ensure(['anna']);
    await expect(failing.destroy('anna')).rejects.toThrow('the disk is full');
    asked.length = 0;
    await failing.load(['anna']);
    expect(asked).toEqual(['anna']);
  });
});

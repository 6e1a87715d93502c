import { createSecretKey } from 'node:crypto';
import type { DataKey } from '@tenure/keys';
import { describe, expect, it } from 'vitest';
import { createDataKeys } from './data-keys.ts';

const keyOf = (id: string): DataKey => ({ kid: `k-${id}`, key: createSecretKey(Buffer.alloc(32, 1)) });

/** A key store that notes its calls; the ids in `gone` were destroyed. */
const noting = (gone: readonly string[] = []) => {
  const calls: (readonly string[])[] = [];
  return {
    calls,
    async ensure(ids: readonly string[]) {
      calls.push(ids);
      await new Promise(setImmediate);
      if (ids.some((id) => gone.includes(id)))
        throw Object.assign(new Error('destroyed'), { code: 'KEYS_DESTROYED', data: {} });
      return new Map(ids.map((id) => [id, keyOf(id)]));
    },
  };
};

describe('data keys', () => {
  it('are asked for together: those of a tick, then those that came meanwhile', async () => {
    const store = noting();
    const keys = createDataKeys(store);
    const first = [keys.of('a'), keys.of('b'), keys.of('a')];
    await Promise.resolve();
    await Promise.resolve();
    const second = [keys.of('c'), keys.of('a')];
    const found = await Promise.all([...first, ...second]);
    expect(found.map(({ kid }) => kid)).toEqual(['k-a', 'k-b', 'k-a', 'k-c', 'k-a']);
    expect(store.calls).toEqual([
      ['a', 'b'],
      ['c', 'a'],
    ]);
  });

  it('are refused for a destroyed customer alone', async () => {
    const keys = createDataKeys(noting(['b']));
    const answers = await Promise.allSettled([keys.of('a'), keys.of('b'), keys.of('c')]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await keys.of('d')).kid).toBe('k-d');
  });

  it('recover after the store failed', async () => {
    let away = true;
    const keys = createDataKeys({
      ensure: (ids) =>
        away ? Promise.reject(new Error('away')) : Promise.resolve(new Map(ids.map((id) => [id, keyOf(id)]))),
    });
    await expect(Promise.all([keys.of('a'), keys.of('b')])).rejects.toThrow('away');
    away = false;
    expect((await keys.of('a')).kid).toBe('k-a');
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Site } from '../contract.ts';
import type { ModelShape, ReadModels } from '../read-models.ts';
import { ABOUT, commit, document, row, SHAPE } from './material.ts';

const OTHER: ModelShape = { model: 'orders', columns: [] };

export const generationClauses = (makeSite: () => Promise<Site>): void => {
  describe('generations', () => {
    let site: Site;
    let models: ReadModels;
    beforeEach(async () => {
      site = await makeSite();
      models = await site.open();
    });
    afterEach(async () => {
      await models.close();
      await site.remove();
    });
    const create = async (shape = SHAPE, now = 1_000) => {
      const generation = await models.create(shape, { ...ABOUT, now });
      await generation.finishBuild();
      return generation;
    };

    it('are numbered by model, from 1, and listed oldest first', async () => {
      await create(SHAPE, 30);
      await create(OTHER, 20);
      await create(SHAPE, 10);
      expect(
        (await models.generations()).map(({ model, generation, state }) => [model, generation, state]),
      ).toEqual([
        ['customer-360', 1, 'building'],
        ['orders', 1, 'building'],
        ['customer-360', 2, 'building'],
      ]);
    });

    it('say what they were made from', async () => {
      const { info } = await create();
      expect(info).toEqual({
        model: 'customer-360',
        generation: 1,
        state: 'building',
        codeHash: 'hash-1',
        version: 1,
        partitions: 4,
        createdAt: 1_000,
        changedAt: 1_000,
        verified: null,
        error: null,
      });
      expect(await models.generations()).toEqual([info]);
    });

    it('hold their own documents', async () => {
      const [first, second] = [await create(), await create()];
      await first.commit(commit({ documents: [document('a')] }));
      expect(await second.scan('', 10)).toEqual([]);
      expect((await (await models.openReader(SHAPE, 1)).scan('', 10)).length).toBe(1);
    });

    it('change state with what is known, and keep what is not said', async () => {
      await create();
      await models.setState('customer-360', 1, 'verifying', {
        now: 2,
        verified: { keys: 7, differences: 0 },
      });
      await models.setState('customer-360', 1, 'failed', { now: 3, error: 'digests differ' });
      expect((await models.generations())[0]).toMatchObject({
        state: 'failed',
        changedAt: 3,
        createdAt: 1_000,
        verified: { keys: 7, differences: 0 },
        error: 'digests differ',
      });
      await models.setState('customer-360', 1, 'building', { now: 4, verified: null, error: null });
      expect((await models.generations())[0]).toMatchObject({ verified: null, error: null });
      await expect(models.setState('customer-360', 9, 'failed', { now: 1 })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('are not listed once retired', async () => {
      await create();
      await models.setState('customer-360', 1, 'retired', { now: 2 });
      expect(await models.generations()).toEqual([]);
    });

    it('become active by compare-and-swap, both states in the same step', async () => {
      await create();
      await create();
      expect(await models.active('customer-360')).toBe(null);
      expect(await models.activate('customer-360', null, 1, 5)).toBe(true);
      expect(await models.active('customer-360')).toBe(1);
      expect(await models.activate('customer-360', null, 2, 6)).toBe(false);
      expect(await models.activate('customer-360', 2, 2, 6)).toBe(false);
      expect(await models.activate('customer-360', 1, 2, 7)).toBe(true);
      expect((await models.generations()).map(({ state, changedAt }) => [state, changedAt])).toEqual([
        ['standby', 7],
        ['active', 7],
      ]);
      await expect(models.activate('customer-360', 2, 9, 8)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await models.active('customer-360')).toBe(2);
    });

    it('let one of several racing activations win', async () => {
      for (let i = 0; i < 5; i++) await create();
      await models.activate('customer-360', null, 1, 1);
      const other = await site.open();
      const racers = [models, other, models, other].map((side, i) =>
        side.activate('customer-360', 1, i + 2, 10 + i),
      );
      const won = await Promise.all(racers);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await models.active('customer-360')).toBe(won.indexOf(true) + 2);
      expect((await models.generations()).filter(({ state }) => state === 'active')).toHaveLength(1);
      await other.close();
    });

    it('stay readable for who holds them while the alias moves', async () => {
      const [old, next] = [await create(), await create()];
      await old.commit(commit({ documents: [row('a', 'old', 1, null)] }));
      await next.commit(commit({ documents: [row('a', 'new', 1, null)] }));
      await models.activate('customer-360', null, 1, 1);
      const elsewhere = await site.openReadOnly();
      const held = await elsewhere.openReader(SHAPE, (await elsewhere.active('customer-360')) ?? 0);
      await models.activate('customer-360', 1, 2, 2);
      expect((await held.load(['a'])).get('a')?.columns[0]).toBe('old');
      expect(await elsewhere.active('customer-360')).toBe(2);
      const moved = await elsewhere.openReader(SHAPE, 2);
      expect((await moved.load(['a'])).get('a')?.columns[0]).toBe('new');
      await elsewhere.close();
    });

    it('are dropped for good, never the active one, and their numbers are not used again', async () => {
      await create();
      const second = await create();
      await models.activate('customer-360', null, 1, 1);
      await expect(models.drop('customer-360', 1)).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
      await second.close();
      await models.drop('customer-360', 2);
      await models.drop('customer-360', 2);
      expect((await models.generations()).map(({ generation }) => generation)).toEqual([1]);
      await expect(models.openReader(SHAPE, 2)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(models.openWriter(SHAPE, 2)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(models.activate('customer-360', 1, 2, 3)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect((await create()).info.generation).toBe(3);
    });

    it('are there again after everything was left without closing', async () => {
      await create();
      await models.activate('customer-360', null, 1, 1);
      const again = await site.open();
      expect(await again.active('customer-360')).toBe(1);
      expect(await again.generations()).toEqual(await models.generations());
      await again.close();
    });

    it('are read with the columns that a newer shape asks for: null where the old one has none', async () => {
      const generation = await create();
      await generation.commit(commit({ documents: [row('a', 'New', 4, 0.5)] }));
      const newer: ModelShape = {
        model: 'customer-360',
        columns: [
          { name: 'tier', type: 'text', indexed: true },
          { name: 'net', type: 'integer', indexed: true },
        ],
      };
      const reader = await models.openReader(newer, 1);
      expect((await reader.load(['a'])).get('a')?.columns).toEqual([null, 4]);
      const page = (
        column: string,
        filters: readonly [] | readonly [{ column: string; op: 'eq'; value: string }],
      ) => reader.query({ filters, sort: { column, descending: true }, after: null, limit: 5 });
      expect(await page('tier', [])).toHaveLength(1);
      expect(await page('net', [{ column: 'tier', op: 'eq', value: 'GOLD' }])).toEqual([]);
      await expect(models.openWriter(newer, 1)).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
      await reader.close();
    });
  });
};

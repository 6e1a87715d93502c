import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Site } from '../contract.ts';
import type { Generation, ReadModels } from '../read-models.ts';
import { ABOUT, commit, document, row, SHAPE } from './material.ts';

export const buildClauses = (makeSite: () => Promise<Site>): void => {
  describe('a build', () => {
    let site: Site;
    let models: ReadModels;
    let build: Generation;
    beforeEach(async () => {
      site = await makeSite();
      models = await site.open();
      build = await models.create(SHAPE, ABOUT);
    });
    afterEach(async () => {
      await models.close();
      await site.remove();
    });
    const entry = { kind: 'EMAIL', hash: 'h' };

    it('answers every read before it is finished, and the same afterwards', async () => {
      await build.commit(
        commit({
          documents: [
            document('b', { search: [entry, entry], wakeAt: 2, columns: ['New', 2, null] }),
            document('a', { search: [entry], wakeAt: 1, columns: ['New', 1, null], key: 'k' }),
          ],
        }),
      );
      await build.commit(
        commit({ documents: [document('b', { search: [], wakeAt: 3, columns: ['Won', 2, null] })] }),
      );
      const answers = async () => ({
        documents: await build.scan('', 10),
        found: await build.search(entry, 10),
        entries: [await build.searchOf('a'), await build.searchOf('b')],
        due: await build.due(0, 9, 10),
        byKey: await build.byKey('k'),
        page: await build.query({
          filters: [{ column: 'status', op: 'eq', value: 'New' }],
          sort: { column: 'net', descending: true },
          after: null,
          limit: 10,
        }),
        changes: await build.changes(0, 0, 10),
        count: (await build.stats()).documents,
      });
      const during = await answers();
      expect(during.found).toEqual(['a']);
      expect(during.entries).toEqual([[entry], []]);
      expect(during.count).toBe(2);
      await build.finishBuild();
      expect(await answers()).toEqual(during);
    });

    it('keeps its search entries up to date once it is finished', async () => {
      await build.commit(
        commit({ documents: [document('a', { search: [entry] }), document('b', { search: [entry] })] }),
      );
      await build.finishBuild();
      await build.commit(commit({ documents: [document('a')], remove: ['b'] }));
      expect(await build.search(entry, 10)).toEqual([]);
    });

    it('goes on where it was after a crash, with what was flushed', async () => {
      await build.commit(
        commit({
          documents: [row('a', 'New', 1, null)],
          checkpoints: [{ source: 'order', partition: 0, seq: 9, position: 9 }],
        }),
      );
      await build.flush();
      const again = await site.open();
      const resumed = await again.openWriter(SHAPE, build.info.generation);
      expect(await resumed.checkpoints()).toHaveLength(1);
      await resumed.commit(commit({ documents: [row('b', 'New', 2, null), row('a', 'Won', 3, null)] }));
      await resumed.finishBuild();
      await resumed.finishBuild();
      expect((await resumed.scan('', 10)).map(({ id, columns }) => [id, columns[1]])).toEqual([
        ['a', 3],
        ['b', 2],
      ]);
      await again.close();
    });
  });
};

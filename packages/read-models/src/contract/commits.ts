import { describe, expect, it } from 'vitest';
import type { Site } from '../contract.ts';
import type { Commit, DocumentWrite } from '../read-models.ts';
import { commit, document, freshGeneration, parkedRow, SHAPE } from './material.ts';

const UNSTORABLE = Symbol('what no store can hold') as never;
const brokenDocument = (id: string): DocumentWrite => document(id, { body: UNSTORABLE });

/** Each part of a commit, broken: whichever is written last, nothing of the others may stay. */
const BROKEN_PARTS: readonly (readonly [string, Partial<Commit>])[] = [
  ['document', { documents: [document('b'), brokenDocument('c')] }],
  ['checkpoint', { checkpoints: [{ source: 'order', partition: 0, seq: 2, position: UNSTORABLE }] }],
  ['parked row', { park: [parkedRow('q', { message: UNSTORABLE })] }],
  ['merge', { absorptions: [{ key: UNSTORABLE, absorbed: { x: 1 }, own: null }] }],
  ['re-fold row', { refold: [{ key: 's', partition: 0, reason: UNSTORABLE }] }],
];

export const commitClauses = (makeSite: () => Promise<Site>): void => {
  describe('commit', () => {
    const bench = freshGeneration(makeSite);

    it('gives back what was written, in every field', async () => {
      const { generation } = bench();
      const written = document('a', {
        key: 'customer-1',
        body: '{"slices":{"name":"Zoë 張偉 🙂"},"summary":null}',
        vector: { order: 9_007_199_254_740_991, lead: 17 },
        sealed: Uint8Array.of(0, 1, 255),
        partition: 3,
        stale: true,
        redirect: 'b',
        wakeAt: 1_767_225_600_000,
        columns: ['Ärger', -12_345_678_901, 0.1],
      });
      await generation.commit(commit({ documents: [written] }));
      const { search, ...stored } = written;
      expect(search).toEqual([]);
      expect((await generation.load(['a'])).get('a')).toEqual({ ...stored, change: 1 });
    });

    it('replaces a document as a whole', async () => {
      const { generation } = bench();
      const rich = document('a', {
        sealed: Uint8Array.of(1),
        wakeAt: 5,
        columns: ['Won', 7, 0.5],
        stale: true,
      });
      await generation.commit(commit({ documents: [rich] }));
      await generation.commit(commit({ documents: [document('a', { partition: 2, key: 'other' })] }));
      expect((await generation.load(['a'])).get('a')).toMatchObject({
        sealed: null,
        wakeAt: null,
        stale: false,
        columns: ['New', 0, null],
        partition: 2,
        key: 'other',
      });
      expect(await generation.byKey('a')).toEqual([]);
      expect(await generation.due(0, 10, 10)).toEqual([]);
    });

    it('takes documents, removals, checkpoints, parked and re-fold rows together', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({
          documents: [document('old')],
          park: [parkedRow('p')],
          refold: [{ key: 'r', partition: 0, reason: 'heal' }],
        }),
      );
      const checkpoint = { source: 'order', partition: 1, seq: 12, position: 34 };
      await generation.commit({
        documents: [document('new')],
        remove: ['old'],
        checkpoints: [checkpoint],
        park: [parkedRow('q')],
        unpark: ['p'],
        refold: [{ key: 's', partition: 2, reason: 'retry' }],
        refolded: ['r'],
      });
      expect([...(await generation.load(['old', 'new'])).keys()]).toEqual(['new']);
      expect(await generation.checkpoints()).toEqual([checkpoint]);
      expect(await generation.parked()).toEqual([parkedRow('q')]);
      expect(await generation.refolds(10)).toEqual([{ key: 's', partition: 2, reason: 'retry' }]);
    });

    it.each(BROKEN_PARTS)('leaves nothing of a commit that fails at a %s', async (_, broken) => {
      const { generation } = bench();
      await generation.commit(
        commit({
          documents: [document('a')],
          checkpoints: [{ source: 'order', partition: 0, seq: 1, position: 1 }],
          park: [parkedRow('p')],
          refold: [{ key: 'r', partition: 0, reason: 'heal' }],
          absorptions: [{ key: 'a', absorbed: { b: 1 }, own: null }],
        }),
      );
      const failing = generation.commit({
        documents: [document('b', { search: [{ kind: 'EMAIL', hash: 'h' }] })],
        remove: ['a'],
        checkpoints: [{ source: 'order', partition: 0, seq: 2, position: 2 }],
        park: [parkedRow('q')],
        unpark: ['p'],
        refold: [{ key: 's', partition: 0, reason: 'heal' }],
        refolded: ['r'],
        absorptions: [{ key: 'a', absorbed: {}, own: null }],
        ...broken,
      });
      await expect(failing).rejects.toThrow(/./);
      expect((await generation.scan('', 10)).map(({ id, change }) => [id, change])).toEqual([['a', 1]]);
      expect(await generation.search({ kind: 'EMAIL', hash: 'h' }, 10)).toEqual([]);
      expect((await generation.checkpoints())[0]?.seq).toBe(1);
      expect((await generation.parked()).map(({ key }) => key)).toEqual(['p']);
      expect((await generation.refolds(10)).map(({ key }) => key)).toEqual(['r']);
      expect(await generation.absorptions()).toEqual([{ key: 'a', absorbed: { b: 1 }, own: null }]);
      await generation.commit(commit({ documents: [document('d')] }));
      expect((await generation.load(['d'])).get('d')?.change).toBe(2);
    });

    it('keeps what customers say of merges, each in a row that the next one replaces', async () => {
      const { site, generation } = bench();
      const a = { key: 'a', absorbed: { b: 3 }, own: null };
      const b = {
        key: 'b',
        absorbed: { c: 7, 'd é': 9_007_199_254_740_991 },
        own: { survivor: 'a', position: 4 },
      };
      await generation.commit(commit({ absorptions: [b, a] }));
      await generation.commit(commit({ documents: [document('x')] })); // says nothing of merges
      expect(await generation.absorptions()).toEqual([a, b]);
      const again = await site.open();
      const reopened = await again.openWriter(SHAPE, generation.info.generation);
      expect(await reopened.absorptions()).toEqual([a, b]);
      const restored = { key: 'b', absorbed: {}, own: { survivor: null, position: 9 } };
      await reopened.commit(commit({ absorptions: [restored] }));
      expect(await reopened.absorptions()).toEqual([a, restored]);
      await again.close();
    });

    it('keeps a document that the same commit removes and writes', async () => {
      const { generation } = bench();
      await generation.commit(commit({ documents: [document('a')] }));
      await generation.commit(commit({ remove: ['a'], documents: [document('a', { stale: true })] }));
      expect((await generation.load(['a'])).get('a')?.stale).toBe(true);
    });

    it('takes the removal of a document that is not there', async () => {
      const { generation } = bench();
      await generation.commit(commit({ remove: ['nobody'], unpark: ['nobody'], refolded: ['nobody'] }));
      expect(await generation.stats()).toMatchObject({ documents: 0, parked: 0 });
    });

    it('survives a writer that was left without closing', async () => {
      const { site, generation } = bench();
      await generation.commit(
        commit({
          documents: [document('a')],
          checkpoints: [{ source: 'order', partition: 0, seq: 1, position: 1 }],
        }),
      );
      const again = await site.open();
      const reopened = await again.openWriter(SHAPE, generation.info.generation);
      expect((await reopened.load(['a'])).get('a')?.change).toBe(1);
      expect(await reopened.checkpoints()).toHaveLength(1);
      await reopened.commit(commit({ documents: [document('b')] }));
      expect((await reopened.load(['b'])).get('b')?.change).toBe(2);
      await again.close();
    });
  });

  describe('change numbers', () => {
    const bench = freshGeneration(makeSite);

    it('grow by one per written document and partition', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({ documents: [document('a'), document('x', { partition: 1 }), document('b')] }),
      );
      await generation.commit(commit({ documents: [document('a'), document('y', { partition: 1 })] }));
      const feed = async (partition: number, after: number) =>
        (await generation.changes(partition, after, 10)).map(({ id, change }) => [id, change]);
      expect(await feed(0, 0)).toEqual([
        ['b', 2],
        ['a', 3],
      ]);
      expect(await feed(0, 2)).toEqual([['a', 3]]);
      expect(await feed(1, 0)).toEqual([
        ['x', 1],
        ['y', 2],
      ]);
      expect(await generation.changes(0, 0, 1)).toHaveLength(1);
      expect(await feed(2, 0)).toEqual([]);
    });

    it('are not used again after a removal, nor after reopening', async () => {
      const { site, generation } = bench();
      await generation.commit(commit({ documents: [document('a'), document('b')] }));
      await generation.commit(commit({ remove: ['b'] }));
      await generation.close();
      const again = await site.open();
      const reopened = await again.openWriter(SHAPE, generation.info.generation);
      await reopened.commit(commit({ documents: [document('c')] }));
      expect((await reopened.load(['c'])).get('c')?.change).toBe(3);
      await again.close();
    });
  });
};

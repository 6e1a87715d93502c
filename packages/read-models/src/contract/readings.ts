import { describe, expect, it } from 'vitest';
import type { Site } from '../contract.ts';
import { commit, document, freshGeneration, parkedRow, SHAPE } from './material.ts';

const ofCustomer = (id: string, key: string) => document(id, { key });
const email = (hash: string) => ({ kind: 'EMAIL', hash });
const waking = (id: string, wakeAt: number | null, partition = 0) => document(id, { wakeAt, partition });
const laneAt = (source: string, partition: number, seq: number) => ({
  source,
  partition,
  seq,
  position: seq * 10,
});
const asked = (key: string, reason = 'heal') => ({ key, partition: 1, reason });
const pair = (vector: number) =>
  ['a', 'b'].map((id) => document(id, { vector: { order: vector }, columns: ['New', vector, null] }));

export const readingClauses = (makeSite: () => Promise<Site>): void => {
  describe('reading', () => {
    const bench = freshGeneration(makeSite);

    it('loads many and leaves out what is not there', async () => {
      const { generation } = bench();
      const ids = Array.from({ length: 2_000 }, (_, i) => `id-${i}`);
      await generation.commit(commit({ documents: ids.map((id) => document(id)) }));
      const loaded = await generation.load([...ids, 'nobody', 'id-1']);
      expect(loaded.size).toBe(2_000);
      expect(await generation.load([])).toEqual(new Map());
    });

    it('finds the documents of a customer by key, its own among them', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({
          documents: [
            ofCustomer('o2', 'anna'),
            ofCustomer('o1', 'anna'),
            ofCustomer('anna', 'anna'),
            ofCustomer('o3', 'bert'),
          ],
        }),
      );
      expect((await generation.byKey('anna')).map(({ id }) => id)).toEqual(['anna', 'o1', 'o2']);
      expect(await generation.byKey('nobody')).toEqual([]);
    });

    it('names the documents that redirect to one, in id order', async () => {
      const { generation } = bench();
      const redirect = (id: string, to: string) => document(id, { redirect: to, body: '' });
      await generation.commit(
        commit({ documents: [document('s'), redirect('z', 's'), redirect('a', 's'), redirect('b', 't')] }),
      );
      expect(await generation.absorbedBy('s')).toEqual(['a', 'z']);
      expect(await generation.absorbedBy('a')).toEqual([]);
      await generation.commit(commit({ documents: [document('z'), redirect('a', 't')], remove: ['b'] }));
      expect(await generation.absorbedBy('s')).toEqual([]);
      expect(await generation.absorbedBy('t')).toEqual(['a']);
    });

    it('scans in id order, each document once', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({ documents: ['c', 'a', 'é', 'b', 'B'].map((id) => document(id)), remove: [] }),
      );
      const seen: string[] = [];
      for (let after = ''; ; after = seen.at(-1) ?? '') {
        const page = await generation.scan(after, 2);
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
      }
      expect(seen).toEqual(['B', 'a', 'b', 'c', 'é']);
    });

    it('finds blind-index entries, replaced with their document and removed with it', async () => {
      const { generation } = bench();
      const search = (hash: string, limit = 10) => generation.search(email(hash), limit);
      const phone = { kind: 'PHONE', hash: 'h1' };
      await generation.commit(
        commit({
          documents: [
            document('b', { search: [email('h1'), email('h1'), phone] }),
            document('a', { search: [email('h1'), email('h2')] }),
          ],
        }),
      );
      expect(await search('h1')).toEqual(['a', 'b']);
      expect(await search('h1', 1)).toEqual(['a']);
      expect(await generation.search(phone, 10)).toEqual(['b']);
      expect(await generation.searchOf('b')).toEqual([email('h1'), phone]);
      await generation.commit(commit({ documents: [document('a', { search: [email('h3')] })] }));
      expect(await search('h1')).toEqual(['b']);
      expect(await search('h2')).toEqual([]);
      expect(await search('h3')).toEqual(['a']);
      expect(await generation.searchOf('a')).toEqual([email('h3')]);
      await generation.commit(commit({ remove: ['b'] }));
      expect(await search('h1')).toEqual([]);
      expect(await generation.search(phone, 10)).toEqual([]);
      expect(await generation.searchOf('b')).toEqual([]);
    });

    it('answers the due ones of a partition in (wakeAt, id) order', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({
          documents: [
            waking('d', 20),
            waking('b', 10),
            waking('a', 10),
            waking('z', 5),
            waking('late', 21),
            waking('never', null),
            waking('other', 1, 1),
          ],
        }),
      );
      expect(await generation.due(0, 20, 10)).toEqual(['z', 'a', 'b', 'd']);
      expect(await generation.due(0, 20, 2)).toEqual(['z', 'a']);
      await generation.commit(commit({ documents: [waking('z', null), waking('a', 30)] }));
      expect(await generation.due(0, 20, 10)).toEqual(['b', 'd']);
      expect(await generation.due(1, 20, 10)).toEqual(['other']);
    });

    it('moves checkpoints forth and back as told, one per lane', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({ checkpoints: [laneAt('order', 1, 5), laneAt('clock', 0, 1), laneAt('order', 0, 2)] }),
      );
      await generation.commit(commit({ checkpoints: [laneAt('order', 1, 3)] }));
      expect(await generation.checkpoints()).toEqual([
        laneAt('clock', 0, 1),
        laneAt('order', 0, 2),
        laneAt('order', 1, 3),
      ]);
    });

    it('keeps one parked row per customer, and the skipped ones visible but not counted', async () => {
      const { generation } = bench();
      await generation.commit(commit({ park: [parkedRow('a'), parkedRow('b')] }));
      await generation.commit(
        commit({
          park: [parkedRow('a', { events: 3, lastPosition: 11 }), parkedRow('b', { skipped: 'test order' })],
        }),
      );
      expect(await generation.parked()).toEqual([
        parkedRow('a', { events: 3, lastPosition: 11 }),
        parkedRow('b', { skipped: 'test order' }),
      ]);
      expect((await generation.stats()).parked).toBe(1);
    });

    it('queues a key for re-folding once, in the order of asking', async () => {
      const { generation } = bench();
      await generation.commit(commit({ refold: [asked('b'), asked('a')] }));
      await generation.commit(commit({ refold: [asked('c'), asked('b', 'retry')] }));
      expect(await generation.refolds(10)).toEqual([asked('b', 'retry'), asked('a'), asked('c')]);
      expect(await generation.refolds(1)).toHaveLength(1);
      await generation.commit(commit({ refolded: ['b'], refold: [asked('b', 'again')] }));
      expect((await generation.refolds(10)).map(({ key }) => key)).toEqual(['a', 'c', 'b']);
    });

    it('counts documents without redirects', async () => {
      const { generation } = bench();
      await generation.commit(
        commit({ documents: [document('a'), document('b', { redirect: 'a', body: '' }), document('c')] }),
      );
      expect(await generation.stats()).toMatchObject({ documents: 2, parked: 0 });
      expect((await generation.stats()).bytes).toBeGreaterThan(0);
      expect((await generation.load(['b'])).get('b')?.redirect).toBe('a');
      await generation.commit(commit({ documents: [document('b')] }));
      expect((await generation.stats()).documents).toBe(3);
    });

    it('sees whole commits only, from another opening', async () => {
      const { site, generation } = bench();
      const elsewhere = await site.openReadOnly();
      const reader = await elsewhere.openReader(SHAPE, generation.info.generation);
      for (let round = 1; round <= 50; round++) {
        const writing = generation.commit(
          commit({
            documents: pair(round),
            checkpoints: [{ source: 'order', partition: 0, seq: round, position: round }],
          }),
        );
        const seen = [...(await reader.load(['a', 'b'])).values()].map(({ vector }) => vector['order']);
        expect(new Set(seen).size).toBeLessThanOrEqual(1);
        await writing;
        const page = await reader.query({
          filters: [],
          sort: { column: 'net', descending: false },
          after: null,
          limit: 10,
        });
        expect(page.map(({ vector }) => vector['order'])).toEqual([round, round]);
        expect((await reader.checkpoints())[0]?.seq).toBe(round);
      }
      await elsewhere.close();
    });
  });
};

import { describe, expect, it } from 'vitest';
import { murmur2 } from '../partition.ts';
import { LANE, OTHER, plain, recordsOf, seqsOf, type Subject } from './log-under-test.ts';

const HALF = 0x8000_0000;
const END = 0x1_0000_0000;

export const readContract = (subject: Subject): void => {
  describe('read', () => {
    it('begins at any seq and stops at the limit or the end', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 300));
      for (const from of [1, 2, 99, 100, 150, 299, 300]) {
        expect(seqsOf(await log.read(LANE, from, 2))).toEqual([from, from + 1].filter((seq) => seq <= 300));
        expect(plain(await log.read(LANE, from, 1000))).toEqual(plain(recordsOf(from, 300)));
      }
    });
    it('answers nothing beyond the head, on an empty lane, or for a limit of 0', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 3));
      expect(await log.read(LANE, 4, 10)).toEqual([]);
      expect(await log.read(OTHER, 1, 10)).toEqual([]);
      expect(await log.read(LANE, 1, 0)).toEqual([]);
    });
    it('leaves bodies out when only keys are wanted', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 50));
      const keys = await log.read(LANE, 11, 20, { keys: true });
      expect(plain(keys)).toEqual(
        plain(recordsOf(11, 30).map((record) => ({ ...record, body: new Uint8Array(0) }))),
      );
    });
    it('reads the same after the log was opened again', async () => {
      const { log, reopen } = subject();
      await log.publish(LANE, recordsOf(1, 500));
      await log.publish(OTHER, recordsOf(1, 5));
      const again = await reopen();
      expect(plain(await again.read(LANE, 1, 1000))).toEqual(plain(recordsOf(1, 500)));
      expect([await again.head(LANE), await again.headPosition(OTHER)]).toEqual([500, 15]);
      await again.publish(LANE, recordsOf(499, 510));
      expect(plain(await again.read(LANE, 495, 1000))).toEqual(plain(recordsOf(495, 510)));
    });
  });
};

export const keyHashContract = (subject: Subject): void => {
  describe('read of a range of key hashes', () => {
    it('answers its keys only; others do not count towards the limit', async () => {
      const { log } = subject();
      const all = recordsOf(1, 200);
      await log.publish(LANE, all);
      const lower = all.filter((record) => murmur2(record.key) < HALF);
      const upper = all.filter((record) => murmur2(record.key) >= HALF);
      expect(lower.length * upper.length).toBeGreaterThan(0);
      expect(plain(await log.read(LANE, 1, 1000, { keyHash: { from: 0, to: HALF } }))).toEqual(plain(lower));
      expect(plain(await log.read(LANE, 1, 1000, { keyHash: { from: HALF, to: END } }))).toEqual(
        plain(upper),
      );
      const few = await log.read(LANE, 1, 3, { keys: true, keyHash: { from: 0, to: HALF } });
      expect(seqsOf(few)).toEqual(seqsOf(lower.slice(0, 3)));
      expect(await log.read(LANE, 1, 1000, { keyHash: { from: 0, to: 0 } })).toEqual([]);
    });
  });
};

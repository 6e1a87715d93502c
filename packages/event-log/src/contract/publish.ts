import { describe, expect, it } from 'vitest';
import { LANE, OTHER, plain, recordOf, recordsOf, seqsOf, type Subject } from './log-under-test.ts';

export const publishContract = (subject: Subject): void => {
  describe('publish', () => {
    it('makes records readable, exactly as they were, in order', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 40));
      await log.publish(LANE, recordsOf(41, 100));
      expect(plain(await log.read(LANE, 1, 1000))).toEqual(plain(recordsOf(1, 100)));
    });
    it('keeps bodies of any size and bytes, and text of any script', async () => {
      const { log } = subject();
      const odd = [0, 1, 70_000, 300_000].map((bytes, i) => recordOf(i + 1, `客户-${i}-ключ`, bytes));
      await log.publish(LANE, odd);
      expect(plain(await log.read(LANE, 1, 10))).toEqual(plain(odd));
    });
    it('keeps lanes apart', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 3));
      await log.publish({ ...LANE, source: 'customer' }, recordsOf(1, 2));
      expect(await Promise.all([LANE, OTHER].map((lane) => log.head(lane)))).toEqual([3, 0]);
      expect(await log.head({ ...LANE, source: 'customer' })).toBe(2);
    });
    it('answers the head of a lane, 0 for an empty one', async () => {
      const { log } = subject();
      expect([await log.head(LANE), await log.headPosition(LANE)]).toEqual([0, 0]);
      await log.publish(LANE, recordsOf(1, 5));
      expect([await log.head(LANE), await log.headPosition(LANE)]).toEqual([5, 15]);
    });
    it('does nothing with nothing', async () => {
      const { log } = subject();
      await log.publish(LANE, []);
      expect(await log.head(LANE)).toBe(0);
    });
  });
};

export const refusalContract = (subject: Subject): void => {
  describe('publish of what does not follow', () => {
    it('drops records whose seq is there already, keeping the first', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 5));
      await log.publish(LANE, recordsOf(2, 4));
      await log.publish(LANE, recordsOf(4, 8));
      expect(plain(await log.read(LANE, 1, 100))).toEqual(plain(recordsOf(1, 8)));
    });
    it('refuses a hole and keeps nothing of the call', async () => {
      const { log } = subject();
      await expect(log.publish(LANE, [recordOf(2)])).rejects.toMatchObject({
        code: 'LOG_GAP',
        data: { ...LANE, expected: 1, actual: 2 },
      });
      await expect(log.publish(LANE, [recordOf(1), recordOf(3)])).rejects.toMatchObject({
        code: 'LOG_GAP',
      });
      expect(await log.head(LANE)).toBe(0);
      await log.publish(LANE, recordsOf(1, 2));
      expect(seqsOf(await log.read(LANE, 1, 10))).toEqual([1, 2]);
    });
    it('refuses a position that the lane has passed', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 5));
      const stale = { ...recordOf(6), position: 15 };
      await expect(log.publish(LANE, [stale])).rejects.toMatchObject({ code: 'LOG_DISORDER' });
      expect(await log.head(LANE)).toBe(5);
    });
    it('refuses lanes that the log does not have', async () => {
      const { log } = subject();
      for (const lane of [
        { source: 'order', partition: 4 },
        { source: 'order', partition: -1 },
        { source: '../x', partition: 0 },
      ])
        await expect(log.publish(lane, recordsOf(1, 1))).rejects.toMatchObject({ code: 'UNKNOWN_LANE' });
    });
    it('refuses everything once it is closed', async () => {
      const { log } = subject();
      await log.close();
      await expect(log.publish(LANE, recordsOf(1, 1))).rejects.toMatchObject({ code: 'LOG_CLOSED' });
      await expect(log.read(LANE, 1, 1)).rejects.toMatchObject({ code: 'LOG_CLOSED' });
      await log.close();
    });
  });
};

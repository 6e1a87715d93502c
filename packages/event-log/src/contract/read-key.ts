import { describe, expect, it } from 'vitest';
import { keyIn, LANE, plain, recordOf, type Subject } from './log-under-test.ts';

const keys = [keyIn(LANE, 0), keyIn(LANE, 1), keyIn(LANE, 2)];
const records = Array.from({ length: 300 }, (_, i) => recordOf(i + 1, keys[(i * 7) % 3]));
const of = (key: string | undefined) => records.filter((record) => record.key === key);

export const readKeyContract = (subject: Subject): void => {
  describe('readKey', () => {
    it('answers all events of one key and no other, in position order', async () => {
      const { log } = subject();
      await log.publish(LANE, records);
      for (const key of keys) expect(plain(await log.readKey('order', key))).toEqual(plain(of(key)));
    });
    it('stops at a position, which it includes', async () => {
      const { log } = subject();
      await log.publish(LANE, records);
      const [key = ''] = keys;
      const until = of(key)[20]?.position ?? 0;
      expect(plain(await log.readKey('order', key, until))).toEqual(plain(of(key).slice(0, 21)));
      expect(plain(await log.readKey('order', key, until - 1))).toEqual(plain(of(key).slice(0, 20)));
      expect(await log.readKey('order', key, 0)).toEqual([]);
    });
    it('answers nothing for a key or a source that has none', async () => {
      const { log } = subject();
      await log.publish(LANE, records);
      expect(await log.readKey('order', keyIn(LANE, 3))).toEqual([]);
      expect(await log.readKey('customer', keyIn(LANE, 0))).toEqual([]);
    });
    it('answers the same after the log was opened again, and finds what came later', async () => {
      const { log, reopen } = subject();
      await log.publish(LANE, records);
      const again = await reopen();
      const [key = ''] = keys;
      const later = recordOf(301, key);
      await again.publish(LANE, [later]);
      expect(plain(await again.readKey('order', key))).toEqual(plain([...of(key), later]));
    });
  });
};

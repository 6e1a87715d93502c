import { describe, expect, it } from 'vitest';
import { LANE, recordsOf, type Subject } from './log-under-test.ts';

export const durabilityContract = (subject: Subject): void => {
  describe('durable', () => {
    it('is 0 before the first flush', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 3));
      await log.announce('order', 9);
      expect(await log.durable('order')).toBe(0);
    });
    it('covers what was announced when the flush began, per source', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 3));
      await log.announce('order', 9);
      const flushing = log.flush();
      await log.announce('order', 12);
      await flushing;
      expect(await log.durable('order')).toBe(9);
      expect(await log.durable('customer')).toBe(0);
      await log.flush();
      expect(await log.durable('order')).toBe(12);
    });
    it('holds what was flushed after it was opened again', async () => {
      const { log, reopen } = subject();
      await log.publish(LANE, recordsOf(1, 3));
      await log.flush();
      const again = await reopen();
      expect(await again.head(LANE)).toBe(3);
    });
    it('may be asked for again and again, at once', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 3));
      await log.announce('order', 9);
      await Promise.all([log.flush(), log.flush(), log.flush()]);
      expect(await log.durable('order')).toBe(9);
    });
  });
};

import { describe, expect, it } from 'vitest';
import type { Watermark } from '../event-log.ts';
import { LANE, OTHER, recordsOf, type Subject } from './log-under-test.ts';

const first = async (marks: AsyncIterable<Watermark>): Promise<Watermark | undefined> => {
  for await (const mark of marks) return mark;
  return undefined;
};

export const watermarkContract = (subject: Subject): void => {
  describe('watermark', () => {
    it('tells the newest first, with the heads at that moment', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 3));
      await log.announce('order', 9);
      await log.publish(OTHER, recordsOf(1, 7));
      await log.announce('order', 21);
      await log.publish(LANE, recordsOf(4, 8));
      expect(await first(log.watermark('order'))).toEqual({
        source: 'order',
        position: 21,
        heads: [0, 3, 7, 0],
      });
    });
    it('moves for idle lanes too, and never back', async () => {
      const { log } = subject();
      await log.announce('order', 5);
      const marks = log.watermark('order')[Symbol.asyncIterator]();
      expect((await marks.next()).value).toMatchObject({ position: 5 });
      const next = marks.next();
      await log.announce('order', 4);
      await log.announce('customer', 50);
      await log.announce('order', 6);
      expect((await next).value).toEqual({ source: 'order', position: 6, heads: [0, 0, 0, 0] });
    });
    it('skips what a slow reader has missed', async () => {
      const { log } = subject();
      await log.announce('order', 1);
      const marks = log.watermark('order')[Symbol.asyncIterator]();
      await marks.next();
      for (const position of [2, 3, 4]) await log.announce('order', position);
      expect((await marks.next()).value).toMatchObject({ position: 4 });
    });
    it('waits for the first, and ends with the log', async () => {
      const { log } = subject();
      const marks = log.watermark('order')[Symbol.asyncIterator]();
      const next = marks.next();
      await log.close();
      expect(await next).toMatchObject({ done: true });
      expect(await first(log.watermark('order'))).toBeUndefined();
    });
  });
};

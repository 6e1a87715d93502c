import { describe, expect, it } from 'vitest';
import type { EventStore } from '../event-store.ts';
import { event, everything, expectInOrder, followed, namesOf, streamOf, type Subject } from './subject.ts';

const reopened = (subject: Subject): Promise<EventStore> => {
  const { reopen } = subject();
  if (reopen === undefined) throw new Error('a store that is not volatile must say how it is reopened');
  return reopen();
};

export const reopenCases = (subject: Subject): void => {
  describe('reopening', () => {
    it('keeps everything that was answered, and goes on behind it', async () => {
      const { store } = subject();
      const before = await store.append('order-1', 'none', [event('a'), event('b')]);
      const again = await reopened(subject);
      expect(namesOf(await everything(again))).toEqual(['a', 'b']);
      expect(await again.head()).toEqual({ position: before.position, events: 2 });
      const { revision, position } = await again.append('order-1', 1, [event('c')]);
      expect(revision).toBe(2);
      expect(position).toBeGreaterThan(before.position);
      expect(namesOf((await followed(again, 3)).flat())).toEqual(['a', 'b', 'c']);
    });

    it('still knows a repetition and a conflict', async () => {
      const { store } = subject();
      const strict = await store.append('order-1', 'none', [event('a'), event('b')]);
      const loose = await store.append('audit', 'any', [event('c'), event('d')]);
      const again = await reopened(subject);
      expect(await again.append('order-1', 'none', [event('a'), event('b')])).toEqual({
        ...strict,
        repeated: true,
      });
      expect(await again.append('audit', 'any', [event('c'), event('d')])).toEqual({
        ...loose,
        repeated: true,
      });
      await expect(again.append('order-1', 'none', [event('a'), event('x')])).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        data: { actual: 1 },
      });
      expect((await again.head()).events).toBe(4);
    });

    it('an append that was interrupted is there whole or not at all', async () => {
      const { store } = subject();
      const answered = new Set<number>();
      const appends = Array.from({ length: 100 }, async (_, i) => {
        await store.append(`order-${i}`, 'none', [event(`a${i}`), event(`b${i}`), event(`c${i}`)]);
        answered.add(i);
      });
      void Promise.allSettled(appends);
      await Promise.race(appends); // some are answered, the others are cut off
      const again = await reopened(subject);
      for (let i = 0; i < 100; i++) {
        const names = namesOf(await streamOf(again, `order-${i}`));
        const whole = answered.has(i) || names.length > 0;
        expect(names).toEqual(whole ? [`a${i}`, `b${i}`, `c${i}`] : []);
      }
      expectInOrder(await everything(again));
    });
  });
};

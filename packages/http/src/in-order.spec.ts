import { array, assert, asyncProperty, integer, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

describe('inOrder', () => {
  it('keeps the order of a key and the limit of keys, and does all of it', async () => {
    await assert(
      asyncProperty(array(nat(6), { maxLength: 60 }), integer({ min: 1, max: 4 }), async (keys, atOnce) => {
        const run = inOrder(atOnce);
        const done: number[][] = [];
        const busy = new Set<number>();
        let most = 0;
        let left = keys.length;
        await new Promise<void>((resolve) => {
          if (left === 0) resolve();
          keys.forEach((key, i) => {
            run(String(key), async () => {
              expect(busy.has(key)).toBe(false);
              busy.add(key);
              most = Math.max(most, busy.size);
              for (let turns = i % 3; turns > 0; turns--) await Promise.resolve();
              busy.delete(key);
              (done[key] ??= []).push(i);
              if (--left === 0) resolve();
            });
          });
        });
        expect(most).toBeLessThanOrEqual(atOnce);
        for (const order of done.filter(Boolean)) expect(order).toEqual(order.toSorted((a, b) => a - b));
      }),
    );
  });
});

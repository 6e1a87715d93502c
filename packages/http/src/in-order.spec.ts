import { array, assert, asyncProperty, integer, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, type Work } from './in-order.ts';

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
            const work = async () => {
              expect(busy.has(key)).toBe(false);
              busy.add(key);
              most = Math.max(most, busy.size);
              for (let turns = i % 3; turns > 0; turns--) await Promise.resolve();
              busy.delete(key);
              (done[key] ??= []).push(i);
              if (--left === 0) resolve();
            };
            run(String(key), { soon: () => {}, run: work });
          });
        });
        expect(most).toBeLessThanOrEqual(atOnce);
        for (const order of done.filter(Boolean)) expect(order).toEqual(order.toSorted((a, b) => a - b));
      }),
    );
  });

  it('says what comes next: the key’s next work, else that of the key that waits', async () => {
    const run = inOrder(1);
    const said: string[] = [];
    await new Promise<void>((resolve) => {
      const work = (name: string): Work => ({
        soon: () => void said.push(`soon ${name}`),
        async run() {
          said.push(name);
          if (name === 'b1') resolve();
        },
      });
      for (const name of ['a1', 'a2', 'b1']) run(name.charAt(0), work(name));
    });
    expect(said).toEqual(['a1', 'soon b1', 'a2', 'b1']);
  });
});

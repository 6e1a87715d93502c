import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUnsettled, type Item } from './unsettled.ts';

const item = (order: number): Item => ({ order, row: order, main: true, text: `${order}\n` });

describe('lines without a final answer', () => {
  it('come back in the order of the file, whatever was answered, put off or lost', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.record({ take: fc.nat(9), answer: fc.nat(40), final: fc.boolean() }), { maxLength: 30 }),
        (count, steps) => {
          const unsettled = createUnsettled();
          const open = new Set<number>();
          for (let order = 0; order < count; order++) {
            unsettled.add(item(order));
            open.add(order);
          }
          for (const { take, answer, final } of steps) {
            unsettled.take(take);
            const answered = unsettled.answered(answer);
            if (answered === undefined) continue;
            if (final) open.delete(answered.order);
            else unsettled.putOff(answered);
          }
          expect(unsettled.size()).toBe(open.size);
          unsettled.again();
          expect(unsettled.held()).toBe(false);
          expect(unsettled.take(count).map(({ order }) => order)).toEqual(
            [...open].toSorted((a, b) => a - b),
          );
        },
      ),
    );
  });
  it('are counted from 1 by connection', () => {
    const unsettled = createUnsettled();
    unsettled.add(item(0));
    unsettled.add(item(1));
    unsettled.take(2);
    expect(unsettled.answered(2)?.order).toBe(1);
    expect(unsettled.answered(2)).toBeUndefined();
    unsettled.again();
    unsettled.newConnection();
    unsettled.take(1);
    expect(unsettled.answered(1)?.order).toBe(0);
  });
});

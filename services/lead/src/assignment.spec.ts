import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextInQueue, type Member } from './assignment.ts';

const member = (agentId: string, newest: number | null, given = 1): Member => ({ agentId, newest, given });

describe('whose turn it is', () => {
  it('is nobody’s in an empty queue', () => {
    expect(nextInQueue([])).toBeNull();
  });

  it('is his who got his last one the longest ago', () => {
    expect(nextInQueue([member('a', 3), member('b', 1), member('c', 2)])).toBe('b');
  });

  it('is his first who never got one, then by the order of the list', () => {
    expect(nextInQueue([member('a', 1), member('b', null, 0), member('c', null, 0)])).toBe('b');
    expect(nextInQueue([member('a', 1), member('b', 1)])).toBe('a');
  });

  it('goes round while the clock stands', () => {
    expect(nextInQueue([member('a', 1, 2), member('b', 1, 1)])).toBe('b');
    expect(nextInQueue([member('a', 1, 1), member('b', null, 0)])).toBe('b');
  });

  it('gives everybody the same number, whether or not time passes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat({ max: 2 }), { maxLength: 40 }),
        (size, pauses) => {
          const turns: { readonly agentId: string; readonly at: number }[] = [];
          let now = 0;
          for (const pause of pauses) {
            now += pause;
            const members = Array.from({ length: size }, (_, i): Member => {
              const his = turns.filter(({ agentId }) => agentId === `agent ${i}`).map(({ at }) => at);
              return { agentId: `agent ${i}`, newest: his.at(-1) ?? null, given: his.length };
            });
            turns.push({ agentId: nextInQueue(members) ?? '', at: now });
          }
          const counts = Array.from(
            { length: size },
            (_, i) => turns.filter(({ agentId }) => agentId === `agent ${i}`).length,
          );
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

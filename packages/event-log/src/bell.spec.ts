import { describe, expect, it } from 'vitest';
import { bellsBySource } from './bell.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('bells by source', () => {
  it('wake whoever follows the source, and nobody else, until he leaves', async () => {
    const bells = bellsBySource();
    const woken: string[] = [];
    const wait = (name: string, sources: readonly string[]) => {
      const { bell, leave } = bells.of(sources);
      const again = (): void => void bell.next().then(() => woken.push(name));
      again();
      return { again, leave };
    };
    const both = wait('both', ['order', 'customer']);
    const one = wait('one', ['customer']);
    bells.ring('order');
    await nextTurn();
    expect(woken.splice(0)).toEqual(['both']);
    both.again();
    bells.ring('customer');
    bells.ring('lead');
    await nextTurn();
    expect(woken.splice(0)).toEqual(['both', 'one']);
    both.again();
    one.again();
    both.leave();
    bells.ring('customer');
    await nextTurn();
    expect(woken).toEqual(['one']);
  });
});

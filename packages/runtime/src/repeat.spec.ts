import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { repeat } from './repeat.ts';

describe('repeat', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('works at once, then every so often, sooner after a failure', async () => {
    let runs = 0;
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      if (++runs === 2) throw new Error('away');
    };
    const repeating = repeat(work, { every: 1000, again: 100 }, (error) => failures.push(error));
    await repeating.first;
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect([runs, failures.length]).toEqual([2, 1]);
    await vi.advanceTimersByTimeAsync(100);
    expect(runs).toBe(3);
    await repeating.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(3);
  });

  it('ends what is under way before it has stopped', async () => {
    let over = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    const repeating = repeat(
      () => promise.then(() => (over = true)),
      { every: 1, again: 1 },
      () => {},
    );
    const stopped = repeating.stop();
    resolve();
    await stopped;
    expect(over).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { keepRotatingKeys } from './key-keeper.ts';

const DAY = 86_400_000;

const keysSince = (since: number) => {
  const rotated: number[] = [];
  return {
    rotated,
    status: async () => ({ epoch: 1, since, keys: 0 }),
    rotate: async (now: number) => {
      rotated.push(now);
      return 0;
    },
  };
};

describe('key epochs', () => {
  it.each([
    [28, 0],
    [29, 1],
    [400, 1],
  ])('after %i days are rotated %i times', async (days, times) => {
    const keys = keysSince(0);
    const keeper = keepRotatingKeys(
      keys,
      () => days * DAY,
      () => expect.unreachable(),
    );
    await keeper.stop();
    expect(keys.rotated).toHaveLength(times);
  });

  it('are tried again after a failure, which is told', async () => {
    const failures: unknown[] = [];
    const keys = { ...keysSince(0), rotate: () => Promise.reject(new Error('the disk is full')) };
    const keeper = keepRotatingKeys(
      keys,
      () => 40 * DAY,
      (error) => failures.push(error),
    );
    await keeper.stop();
    expect(failures).toHaveLength(1);
  });
});

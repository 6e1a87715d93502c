import { describe, expect, it } from 'vitest';
import { seeded } from './random.ts';
import { scheduler, Stalled } from './scheduler.ts';

const run = async (seed: number): Promise<readonly string[]> => {
  const plan = scheduler(seeded(seed));
  const order: string[] = [];
  let left = 4;
  const worker = async (name: string): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await plan.step(name, 10);
      order.push(name);
    }
    left--;
  };
  for (const name of ['a', 'b', 'c', 'd']) void worker(name);
  await plan.run(() => left === 0);
  return order;
};

describe('the scheduler', () => {
  it('resumes everybody, in an order that the seed decides', async () => {
    expect(await run(1)).toEqual(await run(1));
    const orders = new Set((await Promise.all([1, 2, 3, 4, 5].map(run))).map((order) => order.join()));
    expect(orders.size).toBeGreaterThan(3);
    expect((await run(6)).toSorted()).toEqual(['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd']);
  });

  it('keeps virtual time: sleepers wake in the order of their instants, an hour takes no time', async () => {
    const plan = scheduler(seeded(1));
    const woken: [string, number][] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await plan.sleep(ms);
      woken.push([name, plan.clock.now()]);
    };
    void sleep('late', 3_000_000);
    void sleep('soon', 5);
    await plan.run(() => woken.length === 2);
    expect(woken).toEqual([
      ['soon', 5],
      ['late', 3_000_000],
    ]);
  });

  it('ends a sleep that is aborted, and one that was aborted before', async () => {
    const plan = scheduler(seeded(1));
    const stop = new AbortController();
    let awake = 0;
    void plan.sleep(1_000_000, stop.signal).then(() => awake++);
    void plan.sleep(1).then(() => stop.abort());
    await plan.run(() => awake === 1);
    expect(plan.clock.now()).toBe(1);
    await plan.sleep(1_000, stop.signal);
  });

  it('says so when nobody waits any more, or nobody ever gets done', async () => {
    await expect(scheduler(seeded(1)).run(() => false)).rejects.toThrow(Stalled);
    const circles = scheduler(seeded(1));
    const turn = async (): Promise<void> => {
      for (;;) await circles.step('round', 1);
    };
    void turn();
    await expect(circles.run(() => false)).rejects.toThrow(/not done/);
    expect(circles.trace()).toHaveLength(200);
  });
});

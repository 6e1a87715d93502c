import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runSchedule } from '../../packages/testing/src/simulation/index.ts';

const SCHEDULES = 1_800; // with those of the lifecycle 2,000
const TIMEOUT_MS = 300_000; // several times what one core needs: other tests run beside it

const failingSeeds = JSON.parse(
  readFileSync(new URL('seeds.json', import.meta.url), 'utf8'),
) as readonly number[];

describe('the simulated deployment', () => {
  it.each(failingSeeds)('holds with seed %d, which once failed', async (seed) => {
    expect((await runSchedule(seed)).violation).toBe(null);
  });

  it(
    `holds in ${SCHEDULES} schedules`,
    async () => {
      let crashes = 0;
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const { violation, trace, crashes: more } = await runSchedule(seed);
        crashes += more;
        if (violation !== null) console.error(trace.join('\n'));
        expect(violation, `seed ${seed}: npm run simulate -- --seed ${seed}`).toBe(null);
      }
      expect(crashes).toBeGreaterThan(SCHEDULES / 4); // a run without faults would prove nothing
    },
    TIMEOUT_MS,
  );

  it('is the same schedule for the same seed', async () => {
    for (const seed of [3, 17, 99]) expect(await runSchedule(seed)).toEqual(await runSchedule(seed));
  });
});

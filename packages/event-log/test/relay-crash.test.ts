import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutPower, memoryCheckpoints, memoryEventLog, memoryLogData } from '../src/memory.ts';
import { arrayStore } from './array-store.ts';
import type { Death } from './mortal.ts';
import { IMMORTAL, live, type World } from './relay-world.ts';
import { segmentWorld } from './segment-world.ts';

const PARTITIONS = 4;
const COUNT = 40;

const memoryWorld = (power: boolean): World => {
  const data = memoryLogData(PARTITIONS);
  const checkpoints = memoryCheckpoints();
  return {
    checkpoints: () => checkpoints,
    open: async () => memoryEventLog(data),
    async crash(log) {
      await log.close();
      if (power) cutPower(data);
    },
  };
};

/** Dies as told, life after life, and then finishes. */
const survives = async (world: World, batch: number, deaths: readonly Death[]): Promise<string> => {
  const store = arrayStore(COUNT, { batch });
  for (const death of deaths) await live(world, store, death);
  return live(world, store, IMMORTAL);
};

const anyBatch = fc.integer({ min: 1, max: 20 });
const anyDeaths = fc.array(fc.record({ step: fc.nat(60), effect: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});
const seeded = (numRuns: number) => ({ seed: 20240611, numRuns });

// Thousands of lives: a busy machine takes its time.
describe('a relay that dies', { timeout: 60_000 }, () => {
  it('at any step, before or after it took effect, leaves nothing missing and nothing twice', async () => {
    const fatal = new Set<string>();
    for (let step = 0, alive = true; alive; step++) {
      for (const effect of [false, true]) {
        const world = memoryWorld(false);
        const store = arrayStore(COUNT, { batch: 5 });
        const end = await live(world, store, { step, effect });
        alive = end !== 'finished';
        fatal.add(end);
        expect(await live(world, store, IMMORTAL)).toBe('finished');
      }
    }
    const lanes = ['publish 0', 'publish 1', 'publish 2', 'publish 3'];
    expect([...fatal].toSorted()).toEqual(['acquire', 'announce', 'finished', 'flush', ...lanes, 'save']);
  });
  it.each([
    ['again and again', false],
    ['with the power, which takes what was not flushed', true],
  ])('%s, leaves nothing missing and nothing twice', async (_name, power) => {
    await fc.assert(
      fc.asyncProperty(anyBatch, anyDeaths, async (batch, deaths) => {
        expect(await survives(memoryWorld(power), batch, deaths)).toBe('finished');
      }),
      seeded(300),
    );
  });
  it.each([
    ['killed', false],
    ['cut off from power', true],
  ])(
    '%s over segment files, leaves nothing missing and nothing twice',
    async (_name, power) => {
      const anyKeep = fc.infiniteStream(power ? fc.double({ min: 0, max: 1, noNaN: true }) : fc.constant(1));
      await fc.assert(
        fc.asyncProperty(anyBatch, anyDeaths, anyKeep, async (batch, deaths, keep) => {
          const world = segmentWorld(PARTITIONS, () => keep.next().value);
          try {
            expect(await survives(world, batch, deaths)).toBe('finished');
          } finally {
            world.remove();
          }
        }),
        seeded(40),
      );
    },
    60_000,
  );
});

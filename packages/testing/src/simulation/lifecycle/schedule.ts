// One schedule of the lifecycle: all services with their processes, people who use them, and faults, from one seed.
import { memoryKeyStore } from '@tenure/keys';
import { seeded, type Random } from '../../random.ts';
import { scheduler as schedulerOf } from '../../scheduler.ts';
import { deploy } from '../deployment.ts';
import { emptyDeployment } from '../durable.ts';
import { drawFaults, outcomeOf, settle, type ScheduleResult } from '../play.ts';
import { bootOver } from './boot.ts';
import { businessClock, DAY_MS, MINUTE_MS } from './business-clock.ts';
import { factsOf } from './invariants/facts.ts';
import { checkLifecycle } from './invariants/index.ts';
import { rebuild } from './rebuild.ts';
import { standingAt } from './invariants/standing.ts';
import { setUp, work } from './people.ts';
import type { World } from './world.ts';
import { SOURCES } from './platform.ts';

const PARTITIONS = 2;
const PEOPLE = 2;
const LEAST_ACTS = 15;
const MORE_ACTS = 30;
const LATER_MS = 5 * MINUTE_MS;
const LONG_AFTER = 0.3;
const MOST_DAYS = 40;
/** Thirty projections take more steps than one. */
const MAX_STEPS = 400_000;

/** `happened`: the types of events that were written. */
export type LifecycleResult = ScheduleResult & { readonly happened: ReadonlySet<string> };

/** Runs the schedule of a seed: the same seed, the same schedule. */
export const runLifecycle = async (seed: number): Promise<LifecycleResult> => {
  const random = seeded(seed);
  const scheduler = schedulerOf(random.fork(), MAX_STEPS);
  const faults = drawFaults(random.fork(), random.next(), scheduler);
  const clock = businessClock(scheduler.clock);
  const ground = { clock, keys: memoryKeyStore((size) => new Uint8Array(size).fill(9), 0) };
  const deployment = deploy(scheduler, faults.rates, faults.crashed, {
    durable: emptyDeployment(SOURCES, PARTITIONS),
    boot: bootOver(ground),
  });
  const world: World = { scheduler, deployment, ...ground, customers: [], begun: {}, answered: [] };
  const violation = await outcomeOf(scheduler, play(world, random.fork(), faults.stop));
  const { bySource } = await factsOf(deployment.durable);
  const events = [...bySource.values()].flat();
  return {
    ...{ seed, violation, trace: scheduler.trace(), events: events.length, rates: faults.drawn },
    crashes: faults.crashes(),
    happened: new Set(events.map(({ type }) => type)),
  };
};

const play = async (world: World, random: Random, stopFaults: () => void): Promise<void> => {
  const { scheduler, deployment, clock } = world;
  await setUp(world);
  await Promise.all([
    ...Array.from({ length: PEOPLE }, (_, i) =>
      work(world, `p${i}`, LEAST_ACTS + random.below(MORE_ACTS), random.fork()),
    ),
    rebuild(world, random.fork()),
  ]);
  stopFaults();
  const atRest = (): Promise<void> => settle(scheduler, () => standingAt(deployment.durable, clock));
  await atRest();
  // Whatever was promised within minutes is kept or broken by now; in some schedules also what was promised for weeks.
  clock.pass(LATER_MS + (random.chance(LONG_AFTER) ? DAY_MS * (1 + random.below(MOST_DAYS)) : 0));
  await atRest();
  await checkLifecycle(world);
};

// One schedule: a deployment, its clients and its faults, all from one seed.
import { isTenureError } from '@tenure/core';
import { drawRates, NO_FAULTS, type FaultRates } from '../faults.ts';
import { seeded, type Random } from '../random.ts';
import { scheduler as schedulerOf, type Scheduler } from '../scheduler.ts';
import { plans as drawPlans, runClient, type Acknowledged, type Plan } from './clients.ts';
import { PROJECTION } from './counters.ts';
import { deploy, type Deployment } from './deployment.ts';
import type { Durable } from './durable.ts';
import { checkInvariants, isSettled, standing, Violation } from './invariants/index.ts';
import { operate, verified } from './operator.ts';

// Faults stop for good after this (virtual) time or this many crashes; then everything must come to an end.
const MAX_FAULTY_MS = 20_000;
const MAX_CRASHES = 8;
/** Everything retries within 30 s and restarts within half a second: whatever takes longer will never end. */
const SETTLE_MS = 300_000;
const LOOK_MS = 250;
const REBUILT = 0.2; // of the schedules build the projection anew at their end

export type ScheduleResult = {
  readonly seed: number;
  /** What was broken; null: everything held. */
  readonly violation: string | null;
  readonly trace: readonly string[];
  readonly events: number;
  readonly crashes: number;
  readonly rates: FaultRates;
};

/** Runs the schedule of a seed: the same seed, the same schedule. */
export const runSchedule = async (seed: number): Promise<ScheduleResult> => {
  const random = seeded(seed);
  const drawn = drawRates(random.fork());
  const faultyUntil = random.next() * MAX_FAULTY_MS;
  const scheduler = schedulerOf(random.fork());
  const faults = { over: false, crashes: 0 };
  const rates = (): FaultRates =>
    faults.over || scheduler.clock.now() > faultyUntil || faults.crashes >= MAX_CRASHES ? NO_FAULTS : drawn;
  const plans = drawPlans(random.fork());
  const deployment = deploy(scheduler, rates, () => faults.crashes++);
  const stopFaults = (): void => {
    faults.over = true;
  };
  const violation = await outcomeOf(scheduler, play(scheduler, random.fork(), deployment, plans, stopFaults));
  const events = plans.reduce((sum, { xs }) => sum + xs.length, 0);
  return { seed, violation, trace: scheduler.trace(), events, crashes: faults.crashes, rates: drawn };
};

/** Runs the schedule to the end of the play; answers what was broken. */
const outcomeOf = async (scheduler: Scheduler, playing: Promise<void>): Promise<string | null> => {
  let ended = false;
  const watch = async (): Promise<string | null> => {
    try {
      await playing;
      return null;
    } catch (error) {
      return messageOf(error);
    } finally {
      ended = true;
    }
  };
  const watching = watch();
  try {
    await scheduler.run(() => ended);
  } catch (error) {
    return `all work ends: ${messageOf(error)}`;
  }
  return watching;
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

const play = async (
  scheduler: Scheduler,
  random: Random,
  deployment: Deployment,
  plans: readonly Plan[],
  stopFaults: () => void,
): Promise<void> => {
  const customers = [...new Set(plans.map(({ customer }) => customer))];
  const [answers] = await Promise.all([
    Promise.all(plans.map((plan) => runClient(scheduler, deployment, plan))),
    operate(scheduler, random.fork(), deployment, customers),
  ]);
  stopFaults();
  const acknowledged: readonly Acknowledged[] = answers.flat();
  const { durable } = deployment;
  await settle(scheduler, durable);
  await checkInvariants(durable, plans, acknowledged);
  if (!random.chance(REBUILT)) return;
  await rebuild(scheduler, deployment);
  await settle(scheduler, durable);
  await checkInvariants(durable, plans, acknowledged);
};

const settle = async (scheduler: Scheduler, durable: Durable): Promise<void> => {
  const deadline = scheduler.clock.now() + SETTLE_MS;
  while (!(await isSettled(durable))) {
    if (scheduler.clock.now() > deadline)
      throw new Violation(`all work ends: ${await standing(durable)} long after the faults stopped`);
    await scheduler.sleep(LOOK_MS, undefined, '');
  }
};

/** Without faults a verification finds nothing, and a new generation says the same as the one that has been through them. */
const rebuild = async (scheduler: Scheduler, deployment: Deployment): Promise<void> => {
  const { control } = (await deployment.running()).projections;
  const before = await models(deployment.durable);
  await verified(control, scheduler);
  for (;;)
    try {
      await control.startReplay({ projection: PROJECTION, activate: true });
      break;
    } catch (error) {
      if (!isTenureError(error, 'REPLAY_RUNNING')) throw error;
      await scheduler.sleep(LOOK_MS, undefined, ''); // one that was started under faults comes to its end first
    }
  const deadline = scheduler.clock.now() + SETTLE_MS;
  while ((await models(deployment.durable)) === before) {
    if (scheduler.clock.now() > deadline) throw new Violation('a replay without faults ends');
    await scheduler.sleep(LOOK_MS, undefined, '');
  }
};

const models = ({ readModels }: Durable): Promise<number | null> => readModels.open().active(PROJECTION);

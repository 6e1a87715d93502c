// One schedule: a deployment, its clients and its faults, all from one seed.
import { isTenureError } from '@tenure/core';
import { seeded, type Random } from '../random.ts';
import { scheduler as schedulerOf, type Scheduler } from '../scheduler.ts';
import { boot, type Parts } from './boot.ts';
import { plans as drawPlans, runClient, type Acknowledged, type Plan } from './clients.ts';
import { PROJECTION } from './counters.ts';
import { SOURCE } from './counter.ts';
import { deploy, type Deployment } from './deployment.ts';
import { CLOCK, emptyDeployment, type Durable } from './durable.ts';
import { checkInvariants, Violation } from './invariants/index.ts';
import { standingOf, type Readers } from './invariants/settled.ts';
import { operate, verified } from './operator.ts';
import { drawFaults, LOOK_MS, outcomeOf, settle, SETTLE_MS, type ScheduleResult } from './play.ts';
import { deadlines, definitions } from './service.ts';

export type { ScheduleResult } from './play.ts';

const PARTITIONS = 3;
const REBUILT = 0.2; // of the schedules build the projection anew at their end

const readers: Readers = {
  definitions: definitions.map(({ definition }) => definition),
  listeners: [{ model: `${SOURCE}-reactions`, topics: [SOURCE] }],
  deadlines: [deadlines],
  isDue: ({ columns }) => columns.some((column) => column !== null),
};

/** Runs the schedule of a seed: the same seed, the same schedule. */
export const runSchedule = async (seed: number): Promise<ScheduleResult> => {
  const random = seeded(seed);
  const rates = random.fork();
  const until = random.next();
  const scheduler = schedulerOf(random.fork());
  const faults = drawFaults(rates, until, scheduler);
  const plans = drawPlans(random.fork());
  const deployment = deploy(scheduler, faults.rates, faults.crashed, {
    durable: emptyDeployment([SOURCE, CLOCK], PARTITIONS),
    boot,
  });
  const violation = await outcomeOf(
    scheduler,
    play(scheduler, random.fork(), deployment, plans, faults.stop),
  );
  const events = plans.reduce((sum, { xs }) => sum + xs.length, 0);
  return {
    seed,
    violation,
    trace: scheduler.trace(),
    events,
    crashes: faults.crashes(),
    rates: faults.drawn,
  };
};

const play = async (
  scheduler: Scheduler,
  random: Random,
  deployment: Deployment<Parts>,
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
  await settle(scheduler, () => standingOf(durable, readers));
  await checkInvariants(durable, plans, acknowledged);
  if (!random.chance(REBUILT)) return;
  await rebuild(scheduler, deployment);
  await settle(scheduler, () => standingOf(durable, readers));
  await checkInvariants(durable, plans, acknowledged);
};

/** Without faults a verification finds nothing, and a new generation says the same as the one that has been through them. */
const rebuild = async (scheduler: Scheduler, deployment: Deployment<Parts>): Promise<void> => {
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

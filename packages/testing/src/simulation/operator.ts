// An operator who does things to the read model at odd times: rebuilds, goes back, verifies, heals, skips.
import { isTenureError } from '@tenure/core';
import type { ProjectionControl } from '@tenure/projections';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { PROJECTION } from './counters.ts';
import type { Parts } from './boot.ts';
import type { Deployment } from './deployment.ts';
import { Violation } from './invariants/index.ts';

/** Acts within this (virtual) time. */
const WITHIN_MS = 3_000;
const LOOK_MS = 50;

type Act = {
  readonly name: string;
  readonly run: (
    control: ProjectionControl,
    scheduler: Scheduler,
    customers: readonly string[],
  ) => Promise<string>;
};

const ACTS: readonly Act[] = [
  {
    name: 'replay',
    run: async (control) => (await control.startReplay({ projection: PROJECTION, activate: true })).id,
  },
  { name: 'replay in two steps', run: (...given) => inTwoSteps(...given) },
  { name: 'rollback', run: (...given) => back(...given) },
  { name: 'verify', run: (control, scheduler) => verified(control, scheduler) },
  { name: 'heal', run: (...given) => healed(...given) },
  { name: 'retry', run: async (control) => String(await control.retry(PROJECTION, {})) },
  { name: 'skip', run: (...given) => skipped(...given) },
];

/** Up to three acts. What is refused or dies with the process is noted; what is wrong is a violation. */
export const operate = async (
  scheduler: Scheduler,
  random: Random,
  deployment: Deployment<Parts>,
  customers: readonly string[],
): Promise<void> => {
  for (let left = random.below(4); left > 0; left--) {
    await scheduler.step('operator thinks', WITHIN_MS);
    const { name, run } = random.pick(ACTS);
    const { projections, died } = await deployment.running();
    const act = async (): Promise<string> => {
      try {
        return await run(projections.control, scheduler, customers);
      } catch (error) {
        if (!isTenureError(error)) throw error;
        return `refused: ${error.code}`;
      }
    };
    scheduler.note(`operator: ${name} …`);
    scheduler.note(`operator: ${name}: ${await Promise.race([act(), died.then(() => 'the process died')])}`);
  }
};

const inTwoSteps: Act['run'] = async (control, scheduler) => {
  const { id, generation } = await control.startReplay({ projection: PROJECTION, activate: false });
  for (;;) {
    const { state, verified: done, error } = await control.replay(id);
    if (state === 'failed') return `${id} failed: ${error}`;
    if (state === 'verifying' && done !== null) break;
    await scheduler.sleep(LOOK_MS, undefined, '');
  }
  await control.activate(PROJECTION, generation);
  return `${id} activated`;
};

const back: Act['run'] = async (control) => {
  const standby = (await control.generations(PROJECTION)).findLast(({ state }) => state === 'standby');
  if (standby === undefined) return 'nothing to go back to';
  await control.rollback(PROJECTION, standby.generation);
  return `back to ${standby.generation}`;
};

/** Whatever is going on meanwhile, a verification must not call a sound document wrong. @throws Violation */
export const verified = async (control: ProjectionControl, scheduler: Scheduler): Promise<string> => {
  const { id } = await control.verify({ projection: PROJECTION, full: true });
  for (;;) {
    const { state, differences, error, checked } = await control.verification(id);
    if (state === 'failed') return `${id} failed: ${error}`;
    if (differences.length > 0)
      throw new Violation(`verify finds only what is wrong: ${JSON.stringify(differences)}`);
    if (state === 'done') return `${checked} sound`;
    await scheduler.sleep(LOOK_MS, undefined, '');
  }
};

const healed: Act['run'] = async (control, _, customers) => {
  const results = await control.heal(PROJECTION, customers);
  const changed = results.filter((one) => one.changed);
  if (changed.length > 0) throw new Violation(`heal changes only what is wrong: ${JSON.stringify(changed)}`);
  return `${results.length} healed`;
};

const skipped: Act['run'] = async (control) => {
  const row = (await control.parked(PROJECTION)).find((one) => one.skipped === null);
  if (row === undefined) return 'nobody is parked';
  await control.skip(PROJECTION, row.key, 'simulated');
  return row.key;
};

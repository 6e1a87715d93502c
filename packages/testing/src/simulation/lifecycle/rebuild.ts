// An operator who rebuilds a projection while people work with it, and activates what he has built, or lets it stand by.
import { isTenureError } from '@tenure/core';
import type { Random } from '../../random.ts';
import type { World } from './world.ts';
import { definitions } from './platform.ts';

const WITHIN_MS = 8_000;
const REBUILT = 0.3; // of the schedules

/** What is refused or dies with the process is noted. */
export const rebuild = async ({ scheduler, deployment }: World, random: Random): Promise<void> => {
  if (!random.chance(REBUILT)) return;
  await scheduler.step('operator thinks', WITHIN_MS);
  const { projections, died } = await deployment.running();
  const whole = definitions.slice(-2); // those of whole customers more often than all others
  const { definition } = random.pick([...whole, ...whole, ...whole, ...whole, ...definitions]);
  const start = async (): Promise<string> => {
    try {
      const asked = { projection: definition.name, activate: random.chance(0.6) };
      return (await projections.control.startReplay(asked)).state;
    } catch (error) {
      if (!isTenureError(error)) throw error;
      return `refused: ${error.code}`;
    }
  };
  const outcome = await Promise.race([start(), died.then(() => 'the process died')]);
  scheduler.note(`operator rebuilds ${definition.name}: ${outcome}`);
};

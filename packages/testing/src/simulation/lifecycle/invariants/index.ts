// What must be true of the lifecycle when all work has ended, whatever has happened to it (RELIABILITY §3).
import { CLOCK } from '../../durable.ts';
import { holds } from '../../invariants/facts.ts';
import { checkLog } from '../../invariants/log.ts';
import { checkDays } from '../../invariants/processes.ts';
import type { World } from '../world.ts';
import { checkCommands, checkStates, checkStreams } from './commands.ts';
import { checkCases, checkRetention } from './desk.ts';
import { factsOf } from './facts.ts';
import { checkMatches, checkMerges } from './parties.ts';
import { checkBalances, checkEarned, checkRedemptions, checkTakenBack } from './points.ts';
import { checkReadModels } from './read-models.ts';
import { checkConversions, checkReturns, checkWins } from './sales.ts';

const CHECKS = [
  ...[checkStreams, checkStates, checkConversions, checkWins, checkReturns, checkMerges, checkMatches],
  ...[checkEarned, checkTakenBack, checkBalances, checkRedemptions, checkCases, checkRetention],
];

/** @throws Violation */
export const checkLifecycle = async (world: World): Promise<void> => {
  const { durable } = world.deployment;
  const facts = await factsOf(durable);
  checkLog(durable, facts.bySource);
  checkDays(facts.bySource.get(CLOCK) ?? []);
  checkCommands(facts, world.answered);
  for (const check of CHECKS) check(facts);
  const parked = (await world.deployment.running()).parked();
  holds(parked.length === 0, 'no reaction is parked', parked.map(({ message }) => message).join('; '));
  await checkReadModels(world, facts);
};

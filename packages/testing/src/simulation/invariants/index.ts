// What must be true of a deployment when all work has ended, whatever has happened to it (RELIABILITY §3).
import type { Acknowledged, Plan } from '../clients.ts';
import { SOURCE } from '../counter.ts';
import { CLOCK, type Durable } from '../durable.ts';
import { jsonCodec } from '../json-codec.ts';
import { checkCommands, checkStreams } from './commands.ts';
import { storedIn } from './facts.ts';
import { checkLog } from './log.ts';
import { checkDays, checkDeadlines, checkReactions } from './processes.ts';
import { checkReadModel } from './read-model.ts';

export { holds, Violation } from './facts.ts';

/** @throws Violation */
export const checkInvariants = async (
  durable: Durable,
  plans: readonly Plan[],
  acknowledged: readonly Acknowledged[],
): Promise<void> => {
  const events = await storedIn(durable, SOURCE, jsonCodec);
  const days = await storedIn(durable, CLOCK, jsonCodec);
  checkStreams(events);
  checkCommands(events, plans, acknowledged);
  checkLog(
    durable,
    new Map([
      [SOURCE, events],
      [CLOCK, days],
    ]),
  );
  checkReactions(events);
  checkDeadlines(events, days, durable.order);
  const today = checkDays(days).at(-1) ?? '';
  await checkReadModel(events, today, durable.readModels.open());
};

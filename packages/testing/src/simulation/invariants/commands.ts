// Commands of clients: each has one effect, decided on what was there.
import type { Acknowledged, Plan } from '../clients.ts';
import { mixed, START } from '../counter.ts';
import { holds, isFed, isNoted, type Stored } from './facts.ts';

export const checkStreams = (events: readonly Stored[]): void => {
  const streams = new Map<string, { revision: number; trace: number }>();
  let position = 0;
  for (const event of events) {
    const { stream, revision } = event;
    holds(event.position > position, 'positions grow', `${event.position} after ${position}`);
    ({ position } = event);
    const before = streams.get(stream) ?? { revision: -1, trace: START };
    const next = before.revision + 1;
    holds(revision === next, 'revisions without gaps', `${stream}: ${revision}, not ${next}`);
    if (!isFed(event) && !isNoted(event)) {
      streams.set(stream, { ...before, revision });
      continue;
    }
    const trace = mixed(before.trace, event.data.x);
    holds(
      event.data.trace === trace,
      'decided on the state that was there',
      `${stream}@${revision}: ${event.data.trace}, not ${trace}`,
    );
    streams.set(stream, { revision, trace });
  }
};

export const checkCommands = (
  events: readonly Stored[],
  plans: readonly Plan[],
  acknowledged: readonly Acknowledged[],
): void => {
  const commands = new Set(events.map(({ meta }) => meta.commandId));
  holds(
    commands.size === events.length,
    'no event applied twice',
    `${events.length} events of ${commands.size} command ids`,
  );
  const fed = events.filter(isFed);
  const planned = plans.reduce((sum, { xs }) => sum + xs.length, 0);
  holds(fed.length === planned, 'one effect per command', `${fed.length} events of ${planned} commands`);
  const byPlace = new Map(fed.map((event) => [`${event.stream}@${event.revision}`, event]));
  for (const { counter, revision, position, x, key } of acknowledged) {
    const event = byPlace.get(`counter-${counter}@${revision}`);
    holds(
      event !== undefined && event.data.x === x && event.position === position,
      'every acknowledged command is in the log',
      `${key}: acknowledged as revision ${revision}, position ${position}`,
    );
  }
};
